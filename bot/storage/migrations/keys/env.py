"""Where Alembic enters for the keys."""

from alembic import context

from bot.storage.migrations.steps import run_steps
from bot.storage.tables import KEY_SCHEMA, key_metadata

run_steps(context.config, key_metadata, schema=KEY_SCHEMA)
