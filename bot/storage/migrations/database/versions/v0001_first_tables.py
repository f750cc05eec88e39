"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    _make_care_links()
    _make_code_attempts()
    _make_consents()
    _make_designated_contacts()
    _make_erasures()
    _make_escalations()
    _make_invitations()
    _make_outbox()
    _make_people()
    _make_check_in_plans()
    _make_escalation_steps()
    _make_check_ins()


def downgrade() -> None:
    """Drop every table, with its indexes."""
    for table in (
        "check_ins",
        "escalation_steps",
        "check_in_plans",
        "people",
        "outbox",
        "invitations",
        "escalations",
        "erasures",
        "designated_contacts",
        "consents",
        "code_attempts",
        "care_links",
    ):
        op.drop_table(table)


def _make_care_links() -> None:
    op.create_table(
        "care_links",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("therapist_person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("client_person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=False),
        sa.Column("therapist_name", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("reachable_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_because", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_care_links"),
    )
    op.create_index("ix_care_links_client_person", "care_links", ["client_person"])
    op.create_index("ix_care_links_therapist_person", "care_links", ["therapist_person"])


def _make_code_attempts() -> None:
    op.create_table(
        "code_attempts",
        sa.Column("trying_person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("trying_person", name="pk_code_attempts"),
    )


def _make_consents() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("consenting_person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_consenting_person", "consents", ["consenting_person"])


def _make_designated_contacts() -> None:
    op.create_table(
        "designated_contacts",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("client_person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contact_person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("client_name", sa.LargeBinary(), nullable=False),
        sa.Column("contact_name", sa.LargeBinary(), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("silence", sa.String(length=40), nullable=True),
        sa.Column("may_be_danger", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("reachable_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_designated_contacts"),
    )
    op.create_index(
        "ix_designated_contacts_client_person", "designated_contacts", ["client_person"]
    )
    op.create_index(
        "ix_designated_contacts_contact_person", "designated_contacts", ["contact_person"]
    )


def _make_erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("person_hash", sa.String(length=64), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person_hash", name="pk_erasures"),
    )


def _make_escalations() -> None:
    op.create_table(
        "escalations",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("client_person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("category", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_because", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_escalations"),
    )
    op.create_index(
        "ix_escalations_client_person_opened_at", "escalations", ["client_person", "opened_at"]
    )
    op.create_index("ix_escalations_closed_at", "escalations", ["closed_at"])


def _make_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("inviting_person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_by_person", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("code_hash", name="uq_invitations_code_hash"),
    )
    op.create_index("ix_invitations_inviting_person", "invitations", ["inviting_person"])
    op.create_index("ix_invitations_used_by_person", "invitations", ["used_by_person"])


def _make_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("key", sa.String(length=25), nullable=False),
        sa.Column("receiving_person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("lane", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unsure_since_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_outbox"),
    )
    op.create_index("ix_outbox_done_at_due_at", "outbox", ["done_at", "due_at"])
    op.create_index("ix_outbox_receiving_person", "outbox", ["receiving_person"])
    op.create_index("ix_outbox_reference", "outbox", ["reference"])


def _make_people() -> None:
    op.create_table(
        "people",
        sa.Column("known_person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("dm_channel", sa.BigInteger(), nullable=True),
        sa.Column("dm_channel_at", sa.BigInteger(), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("reachable_at", sa.BigInteger(), nullable=True),
        sa.Column("unreachable_at", sa.BigInteger(), nullable=True),
        sa.Column("adult_confirmed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("known_person", name="pk_people"),
    )


def _make_check_in_plans() -> None:
    op.create_table(
        "check_in_plans",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("link_id", sa.String(length=22), nullable=False),
        sa.Column("client_person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("therapist_person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("time_local", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("anchor_local", sa.String(length=40), nullable=False),
        sa.Column("until_local", sa.String(length=40), nullable=True),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("paused_until", sa.BigInteger(), nullable=True),
        sa.Column("is_paused_open_ended", sa.Boolean(), nullable=False),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("stopped_by_person", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("next_due_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["link_id"], ["care_links.id"], name="fk_check_in_plans_link_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_check_in_plans"),
    )
    op.create_index("ix_check_in_plans_client_person", "check_in_plans", ["client_person"])
    op.create_index("ix_check_in_plans_link_id", "check_in_plans", ["link_id"])
    op.create_index("ix_check_in_plans_next_due_at", "check_in_plans", ["next_due_at"])
    op.create_index("ix_check_in_plans_therapist_person", "check_in_plans", ["therapist_person"])


def _make_escalation_steps() -> None:
    op.create_table(
        "escalation_steps",
        sa.Column("escalation_id", sa.String(length=22), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.String(length=22), nullable=False),
        sa.Column("key", sa.String(length=25), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("declined_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["designated_contacts.id"],
            name="fk_escalation_steps_contact_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["escalation_id"],
            ["escalations.id"],
            name="fk_escalation_steps_escalation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("escalation_id", "number", name="pk_escalation_steps"),
        sa.UniqueConstraint("key", name="uq_escalation_steps_key"),
    )
    op.create_index("ix_escalation_steps_contact_id", "escalation_steps", ["contact_id"])


def _make_check_ins() -> None:
    op.create_table(
        "check_ins",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("plan_id", sa.String(length=22), nullable=False),
        sa.Column("client_person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=25), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["check_in_plans.id"], name="fk_check_ins_plan_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_check_ins"),
        sa.UniqueConstraint("key", name="uq_check_ins_key"),
        sa.UniqueConstraint("plan_id", "due_at", name="uq_check_ins_plan_id_due_at"),
    )
    op.create_index("ix_check_ins_client_person_due_at", "check_ins", ["client_person", "due_at"])
    op.create_index("ix_check_ins_state_sent_at", "check_ins", ["state", "sent_at"])
