"""What somebody is writing is kept while they type."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unsent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("charter_id", sa.Integer(), nullable=False),
        sa.Column("proposal", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["charter_id"], ["charters.id"], name=op.f("fk_unsent_charter_id_charters")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_unsent_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsent")),
        sa.UniqueConstraint(
            "person_id", "charter_id", "proposal", "part", name=op.f("uq_unsent_person_id_charter_id_proposal_part")
        ),
    )


def downgrade() -> None:
    op.drop_table("unsent")
