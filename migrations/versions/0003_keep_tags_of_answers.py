"""Answers kept under an Idempotency-Key keep their ETag too, so that a repeated answer can be built upon."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("kept_answers", sa.Column("etag", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("kept_answers", schema=None) as batch_op:
        batch_op.drop_column("etag")
