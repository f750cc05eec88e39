"""Where Alembic enters for the database itself."""

from alembic import context

from bot.storage.migrations.steps import run_steps
from bot.storage.tables import metadata

run_steps(context.config, metadata, schema=None)
