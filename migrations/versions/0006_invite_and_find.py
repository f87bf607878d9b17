"""Invitations by mail, where a sign-in link leads, what a session was begun with; and words folded for search."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from app.db.folded import folded_words
from app.text.folding import folded

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_TEXTS = ("thread_comments", "proposal_versions", "changes")
_LINES = (("sign_in_links", "leads_to"), ("sessions", "device"), ("outbox", "leads_to"))


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("charter_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["charter_id"], ["charters.id"], name=op.f("fk_invitations_charter_id_charters")),
        sa.ForeignKeyConstraint(["invited_by"], ["people.id"], name=op.f("fk_invitations_invited_by_people")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_invitations_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_email"), ["email"], unique=False)
        batch_op.create_index("ix_invitations_open", ["charter_id", "accepted_at", "taken_back_at"], unique=False)
    op.create_table(
        "invitation_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_invitation_links_invitation_id_invitations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_links")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_invitation_links_secret_hash")),
    )
    with op.batch_alter_table("invitation_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_links_invitation_id"), ["invitation_id"], unique=False)
    op.create_table(
        "sign_in_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox_hash", sa.String(), nullable=False),
        sa.Column("place_hash", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_requests")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("sign_in_requests", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_requests_mailbox", ["mailbox_hash", "asked_at"], unique=False)
        batch_op.create_index("ix_sign_in_requests_place", ["place_hash", "asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_requests_asked_at"), ["asked_at"], unique=False)
    for table, column in _LINES:
        op.add_column(table, sa.Column(column, sa.String(), nullable=False, server_default=""))
    for table in _TEXTS:
        op.add_column(table, sa.Column("folded", sa.Text(), nullable=False, server_default=""))
    _fold("thread_comments", ("text",), lambda text: folded(text))
    _fold("proposal_versions", ("title", "rationale"), lambda *said: folded("\n".join(said)))
    _fold("changes", ("operation",), folded_words)


def downgrade() -> None:
    # Not by making the tables anew: others point at these.
    for table in _TEXTS:
        op.drop_column(table, "folded")
    for table, column in _LINES:
        op.drop_column(table, column)
    op.drop_table("sign_in_requests")
    op.drop_table("invitation_links")
    op.drop_table("invitations")


def _fold(table: str, columns: tuple[str, ...], fold: Callable[..., str]) -> None:
    """What is there already is folded as what comes will be, a part at a time."""
    connection = op.get_bind()
    rows = sa.table(table, sa.column("id", sa.Integer), *(sa.column(name) for name in (*columns, "folded")))
    last = 0
    while True:
        query = sa.select(rows.c.id, *(rows.c[name] for name in columns)).where(rows.c.id > last)
        part = connection.execute(query.order_by(rows.c.id).limit(_AT_ONCE)).all()
        if not part:
            return
        change = sa.update(rows).where(rows.c.id == sa.bindparam("row")).values(folded=sa.bindparam("words"))
        connection.execute(change, [{"row": row[0], "words": fold(*row[1:])} for row in part])
        last = part[-1][0]
