"""What people had told of themselves when they took part stays with that."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("participations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("organisation", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("country", sa.String(length=2), nullable=True))

    participations = sa.table(
        "participations", *map(sa.column, ("workspace_id", "person_id", "organisation", "country"))
    )
    people = sa.table("people", *map(sa.column, ("workspace_id", "id", "organisation", "country")))
    who = (people.c.workspace_id == participations.c.workspace_id, people.c.id == participations.c.person_id)
    told = {name: sa.select(people.c[name]).where(*who).scalar_subquery() for name in ("organisation", "country")}
    op.execute(participations.update().values(**told))
