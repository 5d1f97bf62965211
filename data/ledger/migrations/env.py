"""How Alembic runs here: on the connection and in the transaction that it is given."""

from alembic import context

from data.ledger.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
