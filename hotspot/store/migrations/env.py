"""Run migrations on the connection that `hotspot.store.database` hands over."""

from alembic import context

from hotspot.store.tables.core import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
