"""The tables of the ledger. Whoever changes them adds a migration and raises ``HEAD``."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

# The latest file of migrations/versions: known without loading Alembic.
HEAD = "0002"

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

# The chain: each row holds the hash of the one before it. What is hashed is kept as the very text
# that was hashed (moments, roles), so that no database writes it another way. Rows are added,
# never changed nor removed: triggers hold it (migration 0002).
entries = Table(
    "entries",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("id", String(20), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("at", String(32), nullable=False),
    Column("portfolio", String(64), nullable=False),
    Column("about", String(20), index=True),
    Column("account", String(128), nullable=False),
    Column("roles", String(128), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("points", Double),
    Column("proposed", String(16)),
    Column("decided", String(16)),
    Column("model_version", String(64)),
    Column("language", String(8)),
    Column("content_hash", String(64), nullable=False),
    # Unique: two rows can't follow the same one.
    Column("previous_hash", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),
    Index("ix_entries_portfolio", "portfolio", "kind", "number"),
)

# All that could lead to a person, apart, so that it can be erased while the chain still holds.
entry_contents = Table(
    "entry_contents",
    metadata,
    Column("number", Integer, ForeignKey("entries.number"), primary_key=True, autoincrement=False),
    Column("salt", String(32), nullable=False),
    Column("client_id", String(64), nullable=False, index=True),
    Column("content", Text, nullable=False),
)

# Which contents may be removed, and the entry that says so.
erasures = Table(
    "erasures",
    metadata,
    Column("number", Integer, ForeignKey("entries.number"), primary_key=True, autoincrement=False),
    Column("by", Integer, ForeignKey("entries.number"), nullable=False),
)

# What was asked under an idempotency key, and the entries that answered it.
entry_keys = Table(
    "entry_keys",
    metadata,
    Column("account", String(128), primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("salt", String(32), nullable=False),
    Column("request_hash", String(64), nullable=False),
    Column("first", Integer, ForeignKey("entries.number"), nullable=False),
    Column("count", Integer, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("password_hash", Text),
    Column("roles", JSON, nullable=False),
    Column("created", Moment, nullable=False),
    Column("disabled", Moment),
    # Raised to end every session of the account.
    Column("epoch", Integer, nullable=False),
    # Who they are at the identity provider, when they come from there.
    Column("subject", String(255), unique=True),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(128), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("created", Moment, nullable=False),
    Column("created_by", String(128), nullable=False),
    Column("revoked", Moment),
    Column("last_used", Moment),
)

# Added, never changed; removed once they are six months old (migration 0002).
events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("account", String(128), nullable=False, index=True),
    Column("target", String(256), nullable=False, index=True),
    Column("address_hash", String(64), nullable=False),
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("until", Moment),
)
