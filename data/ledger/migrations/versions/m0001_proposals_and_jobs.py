"""Proposals of a threshold, which nobody may change, and background jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Written out rather than taken from tables.py, which will have moved on by the next migration.
_SQLITE = """
CREATE TRIGGER threshold_proposals_no_{act} BEFORE {act} ON threshold_proposals
BEGIN SELECT RAISE(ABORT, 'threshold_proposals: rows are added, never changed'); END
"""
_FUNCTION = """
CREATE FUNCTION limpide_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%: rows are added, never changed', TG_TABLE_NAME; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER threshold_proposals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
ON threshold_proposals FOR EACH STATEMENT EXECUTE FUNCTION limpide_append_only()
"""


def upgrade() -> None:
    """Create both tables and hold the first to additions."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "threshold_proposals",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("portfolio", sa.String(64), nullable=False),
        sa.Column("model_version", sa.String(64), nullable=False),
        sa.Column("threshold", sa.Double, nullable=False),
        sa.Column("in_force", sa.Double, nullable=False),
        sa.Column("costs", sa.JSON, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("author", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_threshold_proposals"),
    )
    op.create_index("ix_threshold_proposals_portfolio", "threshold_proposals", ["portfolio"])
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("slot", sa.Integer),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("portfolio", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("machine", sa.String(128), nullable=False),
        sa.Column("pid", sa.Integer),
        sa.Column("birth", sa.String(32), nullable=False),
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("faults", sa.JSON, nullable=False),
        sa.Column("result", sa.String(128), nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("told", moment, nullable=False),
        sa.Column("ended", moment),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("slot", name="uq_jobs_slot"),
    )
    op.create_index("ix_jobs_portfolio", "jobs", ["portfolio"])
    _append_only()


def downgrade() -> None:
    """Drop both tables: there is nothing before them."""
    op.drop_table("jobs")
    op.drop_table("threshold_proposals")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION limpide_append_only()")


def _append_only() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_FUNCTION)
        op.execute(_POSTGRESQL)
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(_SQLITE.format(act=act))
