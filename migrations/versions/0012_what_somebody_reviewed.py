"""An index of what somebody reviewed in which version: each page asks it how much they have still before them."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_reviews_whose", "reviews", ["person_id", "proposal_id", "version"])
    op.drop_index("ix_reviews_person_id", "reviews")


def downgrade() -> None:
    op.create_index("ix_reviews_person_id", "reviews", ["person_id"])
    op.drop_index("ix_reviews_whose", "reviews")
