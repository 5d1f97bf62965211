"""The chain of decisions, which nobody may change, and who may use the application."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# REPLACE would remove a row without asking the triggers of DELETE: a row that is there stays.
_SQLITE = """
CREATE TRIGGER entries_follow BEFORE INSERT ON entries
WHEN NEW.number IS NOT (SELECT COALESCE(MAX(number), 0) + 1 FROM entries)
  OR EXISTS (SELECT 1 FROM entries
             WHERE id = NEW.id OR hash = NEW.hash OR previous_hash = NEW.previous_hash)
BEGIN SELECT RAISE(ABORT, 'entries: rows are added, never changed'); END;
CREATE TRIGGER entry_contents_follow BEFORE INSERT ON entry_contents
WHEN EXISTS (SELECT 1 FROM entry_contents WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'entry_contents: rows are added, never changed'); END;
CREATE TRIGGER erasures_follow BEFORE INSERT ON erasures
WHEN EXISTS (SELECT 1 FROM erasures WHERE number = NEW.number)
  OR NOT EXISTS (SELECT 1 FROM entries WHERE number = NEW."by" AND kind = 'erasure')
BEGIN SELECT RAISE(ABORT, 'erasures: rows are added, never changed'); END;
CREATE TRIGGER entry_contents_no_delete BEFORE DELETE ON entry_contents
WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE number = OLD.number)
BEGIN SELECT RAISE(ABORT, 'entry_contents: no erasure names this row'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
WHEN OLD.at > datetime('now', '-6 months')
BEGIN SELECT RAISE(ABORT, 'events: kept for six months'); END;
"""
_SQLITE_NEVER = """
CREATE TRIGGER {table}_no_{name} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, '{table}: rows are added, never changed'); END
"""
_NEVER = {
    "entries": ("UPDATE", "DELETE"),
    "erasures": ("UPDATE", "DELETE"),
    "entry_contents": ("UPDATE",),
    "events": ("UPDATE",),
}
_POSTGRESQL_NEVER = """
CREATE TRIGGER {table}_append_only BEFORE {acts} OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION limpide_append_only()
"""
_POSTGRESQL = (
    """
CREATE FUNCTION limpide_erasure_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM erasures WHERE number = OLD.number) THEN
    RAISE EXCEPTION 'entry_contents: no erasure names this row';
  END IF;
  RETURN OLD;
END $$
""",
    """
CREATE TRIGGER entry_contents_no_delete BEFORE DELETE ON entry_contents
FOR EACH ROW EXECUTE FUNCTION limpide_erasure_named()
""",
    """
CREATE FUNCTION limpide_erasure_entered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM entries WHERE number = NEW."by" AND kind = 'erasure') THEN
    RAISE EXCEPTION 'erasures: no such erasure was entered';
  END IF;
  RETURN NEW;
END $$
""",
    """
CREATE TRIGGER erasures_follow BEFORE INSERT ON erasures
FOR EACH ROW EXECUTE FUNCTION limpide_erasure_entered()
""",
    """
CREATE FUNCTION limpide_event_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.at > now() - interval '6 months' THEN
    RAISE EXCEPTION 'events: kept for six months';
  END IF;
  RETURN OLD;
END $$
""",
    """
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
FOR EACH ROW EXECUTE FUNCTION limpide_event_kept()
""",
)


def upgrade() -> None:
    """Create the tables and hold the chain to additions."""
    _chain()
    _access()
    if op.get_bind().dialect.name == "postgresql":
        for table, acts in _NEVER.items():
            op.execute(_POSTGRESQL_NEVER.format(table=table, acts=" OR ".join(acts)))
        for said in _POSTGRESQL:
            op.execute(said)
        return
    for table, acts in _NEVER.items():
        for act in acts:
            op.execute(_SQLITE_NEVER.format(table=table, act=act, name=act.lower()))
    for said in _SQLITE.split("END;")[:-1]:
        op.execute(said + "END")


def downgrade() -> None:
    """Drop everything that this version added."""
    for table in ("login_failures", "events", "api_tokens", "accounts", "entry_keys", "erasures"):
        op.drop_table(table)
    op.drop_table("entry_contents")
    op.drop_table("entries")
    if op.get_bind().dialect.name == "postgresql":
        for name in ("limpide_erasure_named", "limpide_erasure_entered", "limpide_event_kept"):
            op.execute(f"DROP FUNCTION {name}()")


def _chain() -> None:
    op.create_table(
        "entries",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("portfolio", sa.String(64), nullable=False),
        sa.Column("about", sa.String(20)),
        sa.Column("account", sa.String(128), nullable=False),
        sa.Column("roles", sa.String(128), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("points", sa.Double),
        sa.Column("proposed", sa.String(16)),
        sa.Column("decided", sa.String(16)),
        sa.Column("model_version", sa.String(64)),
        sa.Column("language", sa.String(8)),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_entries"),
        sa.UniqueConstraint("id", name="uq_entries_id"),
        sa.UniqueConstraint("previous_hash", name="uq_entries_previous_hash"),
        sa.UniqueConstraint("hash", name="uq_entries_hash"),
    )
    op.create_index("ix_entries_about", "entries", ["about"])
    op.create_index("ix_entries_portfolio", "entries", ["portfolio", "kind", "number"])
    op.create_table(
        "entry_contents",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_entry_contents"),
        sa.ForeignKeyConstraint(["number"], ["entries.number"], name="fk_entry_contents_number_entries"),
    )
    op.create_index("ix_entry_contents_client_id", "entry_contents", ["client_id"])
    op.create_table(
        "erasures",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("by", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_erasures"),
        sa.ForeignKeyConstraint(["number"], ["entries.number"], name="fk_erasures_number_entries"),
        sa.ForeignKeyConstraint(["by"], ["entries.number"], name="fk_erasures_by_entries"),
    )
    op.create_table(
        "entry_keys",
        sa.Column("account", sa.String(128), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("first", sa.Integer, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("account", "key", name="pk_entry_keys"),
        sa.ForeignKeyConstraint(["first"], ["entries.number"], name="fk_entry_keys_first_entries"),
    )


def _access() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "accounts",
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("disabled", moment),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("subject", sa.String(255)),
        sa.PrimaryKeyConstraint("name", name="pk_accounts"),
        sa.UniqueConstraint("subject", name="uq_accounts_subject"),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("created_by", sa.String(128), nullable=False),
        sa.Column("revoked", moment),
        sa.Column("last_used", moment),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("hash", name="uq_api_tokens_hash"),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("account", sa.String(128), nullable=False),
        sa.Column("target", sa.String(256), nullable=False),
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    for name in ("at", "account", "target"):
        op.create_index(f"ix_events_{name}", "events", [name])
    op.create_table(
        "login_failures",
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("until", moment),
        sa.PrimaryKeyConstraint("key", name="pk_login_failures"),
    )
