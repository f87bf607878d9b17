"""An index for the search, where the database can have one (app/db/finding.py)."""

from alembic import op

from app.db.finding import create_index, drop_index

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_index(op.get_bind())


def downgrade() -> None:
    drop_index(op.get_bind())
