"""The tables of the ledger. Whoever changes them adds a migration and raises ``HEAD``."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    Double,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

# The latest file of migrations/versions: known without loading Alembic.
HEAD = "0001"

# Names that SQLite and PostgreSQL give alike, so that a later migration can drop what it means to.
metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, aware of it on both databases: SQLite would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment as it is stored."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return a moment that was stored."""
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


# Rows are added, never changed nor removed: triggers hold it (migration 0001). An answer to a
# proposal is a row of another table that points here.
proposals = Table(
    "threshold_proposals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("created", Moment, nullable=False),
    Column("portfolio", String(64), nullable=False, index=True),
    Column("model_version", String(64), nullable=False),
    Column("threshold", Double, nullable=False),
    Column("in_force", Double, nullable=False),
    Column("costs", JSON, nullable=False),
    Column("note", Text, nullable=False),
    Column("author", String(128), nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(16), primary_key=True),
    # 1 until the job has ended, then empty. That it is unique is what allows one job at a time,
    # whatever the number of processes that would start one.
    Column("slot", Integer, unique=True),
    Column("kind", String(32), nullable=False),
    Column("portfolio", String(64), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("step", String(32), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    # Where it runs: a process id alone may have been given to another process since.
    Column("machine", String(128), nullable=False),
    Column("pid", Integer),
    Column("birth", String(32), nullable=False),
    Column("folder", Text, nullable=False),
    Column("reason", String(32), nullable=False),
    Column("faults", JSON, nullable=False),
    Column("result", String(128), nullable=False),
    Column("created", Moment, nullable=False),
    Column("told", Moment, nullable=False),
    Column("ended", Moment),
)
