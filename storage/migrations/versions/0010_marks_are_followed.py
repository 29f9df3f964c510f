"""What follows from marks is due by itself: when, and up to which mark it has been done."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("follow_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("followed_up_to", number, nullable=True))
        batch_op.create_index(batch_op.f("ix_proposals_follow_at"), ["follow_at"], unique=False)
    # Until now it was done with each mark.
    op.execute(sa.text("UPDATE proposals SET followed_up_to = (SELECT max(id) FROM marks)"))
