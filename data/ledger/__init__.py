"""What was decided and asked for, row upon row: in SQLite by default, in PostgreSQL by ``DATABASE_URL``.

SQLAlchemy is imported by the modules in here and by nothing above: a process that never opens
the ledger does not load it.
"""
