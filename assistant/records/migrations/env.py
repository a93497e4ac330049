"""Alembic's entry point: runs the migrations on the connection that `assistant.records.schema` hands over."""

from alembic import context

from assistant.records.models import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
