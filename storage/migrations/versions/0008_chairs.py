"""Chairs of sessions, floors that are chaired, and places that topics were moved to in the queue."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "session_chairs",
        sa.Column("workspace_id", row_id, nullable=False),
        sa.Column("session_id", row_id, nullable=False),
        sa.Column("person_id", row_id, nullable=False),
        sa.Column("named_by", row_id, nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unnamed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "named_by"],
            ["people.workspace_id", "people.id"],
            name=op.f("fk_session_chairs_workspace_id_named_by"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["people.workspace_id", "people.id"],
            name=op.f("fk_session_chairs_workspace_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "session_id"],
            ["sessions.workspace_id", "sessions.id"],
            name=op.f("fk_session_chairs_workspace_id_session_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "session_id", "person_id", name=op.f("pk_session_chairs")),
    )
    # Not in a batch: SQLite would make the tables anew, and drop what others refer to.
    op.add_column("sessions", sa.Column("chaired", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("topics", sa.Column("place", row_id, nullable=True))
    # Until now whoever had started a session was its chair.
    op.execute(
        "INSERT INTO session_chairs (workspace_id, session_id, person_id, named_by, named_at)"
        " SELECT workspace_id, id, started_by, started_by, started_at FROM sessions"
    )
