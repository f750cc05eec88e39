"""The first tables of keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite keeps the keys in a file of their own, PostgreSQL in a schema.
KEY_SCHEMA = "handrail_keys"


def upgrade() -> None:
    """Make every table."""
    _make_lookup_keys()
    _make_person_keys()


def downgrade() -> None:
    """Drop every table, with its indexes."""
    for table in (
        "person_keys",
        "lookup_keys",
    ):
        op.drop_table(table, schema=_schema())


def _schema() -> str | None:
    return KEY_SCHEMA if op.get_bind().dialect.name == "postgresql" else None


def _make_lookup_keys() -> None:
    op.create_table(
        "lookup_keys",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("master", sa.String(length=16), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lookup_keys"),
        schema=_schema(),
    )


def _make_person_keys() -> None:
    op.create_table(
        "person_keys",
        sa.Column("owning_person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("master", sa.String(length=16), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("owning_person", name="pk_person_keys"),
        schema=_schema(),
    )
