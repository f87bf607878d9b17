"""Deciding together: threads, notices and mail, recommendations, provenance, and what proposals are to each other."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_choices",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("mail", sa.String(), nullable=False),
        sa.Column("listing", sa.String(), nullable=False),
        sa.Column("unsubscribe_secret", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notice_choices_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_choices")),
        sa.UniqueConstraint("unsubscribe_secret", name=op.f("uq_notice_choices_unsubscribe_secret")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("to_address", sa.String(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("unsubscribe", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_outbox_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_due", ["sent_at", "given_up_at", "due_at"], unique=False)

    op.create_table(
        "follows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("charter_id", sa.Integer(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["charter_id"], ["charters.id"], name=op.f("fk_follows_charter_id_charters")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_follows_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follows")),
        sa.UniqueConstraint("person_id", "charter_id", "object", name=op.f("uq_follows_person_id_charter_id_object")),
    )
    with op.batch_alter_table("follows", schema=None) as batch_op:
        batch_op.create_index("ix_follows_object", ["charter_id", "object"], unique=False)

    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("charter_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("digest_on", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_notices_actor_id_people")),
        sa.ForeignKeyConstraint(["charter_id"], ["charters.id"], name=op.f("fk_notices_charter_id_charters")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notices_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_notices_person_id_key")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_digest_on"), ["digest_on"], unique=False)
        batch_op.create_index("ix_notices_unread", ["person_id", "read_at", "id"], unique=False)

    op.create_table(
        "origins",
        sa.Column("charter_id", sa.Integer(), nullable=False),
        sa.Column("block_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("spans", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["charter_id"], ["charters.id"], name=op.f("fk_origins_charter_id_charters")),
        sa.PrimaryKeyConstraint("charter_id", "block_id", "revision", name=op.f("pk_origins")),
    )
    op.create_table(
        "proposal_partners",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_proposal_partners_person_id_people")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_proposal_partners_proposal_id_proposals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_partners")),
        sa.UniqueConstraint("proposal_id", "person_id", name=op.f("uq_proposal_partners_proposal_id_person_id")),
    )
    with op.batch_alter_table("proposal_partners", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_partners_person_id"), ["person_id"], unique=False)

    op.create_table(
        "threads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("charter_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reach", sa.String(), nullable=False),
        sa.Column("section_id", sa.String(), nullable=True),
        sa.Column("block_id", sa.String(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("change_number", sa.Integer(), nullable=True),
        sa.Column("first_anchor", sa.Text(), nullable=True),
        sa.Column("anchor", sa.Text(), nullable=True),
        sa.Column("anchor_state", sa.String(), nullable=True),
        sa.Column("comments_made", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_by", sa.Integer(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lock", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_threads_author_id_people")),
        sa.ForeignKeyConstraint(["charter_id"], ["charters.id"], name=op.f("fk_threads_charter_id_charters")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_threads_proposal_id_proposals")),
        sa.ForeignKeyConstraint(["resolved_by"], ["people.id"], name=op.f("fk_threads_resolved_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
        sa.UniqueConstraint("charter_id", "number", name=op.f("uq_threads_charter_id_number")),
    )
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_threads_author_id"), ["author_id"], unique=False)
        batch_op.create_index("ix_threads_anchor", ["charter_id", "anchor_state", "number"], unique=False)
        beside = ["charter_id", "block_id", "state", "number", "anchor_state", "audience"]
        batch_op.create_index("ix_threads_block", beside, unique=False)
        batch_op.create_index("ix_threads_lost", ["charter_id", "author_id", "anchor_state"], unique=False)
        batch_op.create_index("ix_threads_list", ["charter_id", "state", "number"], unique=False)
        batch_op.create_index(batch_op.f("ix_threads_proposal_id"), ["proposal_id"], unique=False)
        batch_op.create_index("ix_threads_section", ["charter_id", "section_id", "number"], unique=False)

    op.create_table(
        "recommendations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["changes.id"], name=op.f("fk_recommendations_change_id_changes")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_recommendations_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendations")),
    )
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recommendations_change_id"), ["change_id"], unique=False)

    op.create_table(
        "thread_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_thread_comments_author_id_people")),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name=op.f("fk_thread_comments_thread_id_threads")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_comments")),
        sa.UniqueConstraint("thread_id", "number", name=op.f("uq_thread_comments_thread_id_number")),
    )
    op.create_index(op.f("ix_thread_comments_author_id"), "thread_comments", ["author_id"])
    # Tables that others point at are altered in place: SQLite's way of making them anew would take what points there.
    op.add_column("changes", sa.Column("fit", sa.String(), nullable=False, server_default="applies"))
    op.add_column("changes", sa.Column("fit_revision", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_changes_fit", "changes", ["fit", "outcome"])
    op.create_index("ix_changes_ready", "changes", ["outcome", "merged_revision"])
    op.create_index(
        "ix_changes_listed",
        "changes",
        ["proposal_id", "last_version", "outcome", "section_id", "block_id", "merged_revision", "kind"],
    )
    op.create_index("ix_changes_section", "changes", ["section_id", "outcome"])
    op.add_column("charters", sa.Column("threads_made", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("charters", sa.Column("origins_up_to", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("proposals", sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("proposals", sa.Column("relation", sa.String(), nullable=False, server_default=""))
    op.add_column("proposals", sa.Column("related", sa.Integer(), nullable=True))
    op.add_column("proposals", sa.Column("taken_into", sa.Integer(), nullable=True))
    op.add_column("proposals", sa.Column("wording_hash", sa.String(), nullable=False, server_default=""))
    op.add_column("proposals", sa.Column("review_by", sa.Date(), nullable=True))
    op.create_index("ix_proposals_related", "proposals", ["charter_id", "related"])
    op.create_index("ix_proposals_state", "proposals", ["charter_id", "state", "number"])
    op.create_index("ix_proposals_wording", "proposals", ["charter_id", "wording_hash"])
    op.add_column("roles", sa.Column("advises", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_records_object", "records", ["chain", "object"])
    op.create_index("ix_reviews_person_id", "reviews", ["person_id"])
    with op.batch_alter_table("merged_changes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reverted_in", sa.Integer(), nullable=True))
        batch_op.drop_constraint("uq_merged_changes_charter_id_change_id", type_="unique")
        batch_op.create_unique_constraint(
            "uq_merged_changes_charter_id_change_id_revision", ["charter_id", "change_id", "revision"]
        )
        batch_op.create_index("ix_merged_changes_revision", ["charter_id", "revision"])
    _note_when_shown()


def _note_when_shown() -> None:
    """Write down when each proposal was first put before others, which so far only the records said."""
    connection = op.get_bind()
    told = connection.execute(
        sa.text(
            "SELECT chain, object, at, act, detail FROM records "
            "WHERE act IN ('propose', 'submit proposal') ORDER BY number"
        )
    )
    first: dict[tuple[str, int], object] = {}
    for chain, name, at, act, detail in told:
        if act == "submit proposal" or json.loads(detail or "{}").get("state") == "open":
            first.setdefault((chain, int(name.removeprefix("proposal "))), at)
    ids = {key: id for id, key in connection.execute(sa.text("SELECT id, key FROM charters"))}
    for (chain, number), at in first.items():
        connection.execute(
            sa.text("UPDATE proposals SET shown_at = :at WHERE charter_id = :charter AND number = :number"),
            {"at": at, "charter": ids[chain], "number": number},
        )


def downgrade() -> None:
    again = sa.text("SELECT 1 FROM merged_changes GROUP BY charter_id, change_id HAVING count(*) > 1")
    if op.get_bind().execute(again).first() is not None:
        raise RuntimeError(
            "A change was merged, reverted and merged again, which step 0003 cannot hold. Restore the backup that was "
            "made before step 0004 instead."
        )
    with op.batch_alter_table("merged_changes", schema=None) as batch_op:
        batch_op.drop_index("ix_merged_changes_revision")
        batch_op.drop_constraint("uq_merged_changes_charter_id_change_id_revision", type_="unique")
        batch_op.create_unique_constraint("uq_merged_changes_charter_id_change_id", ["charter_id", "change_id"])
        batch_op.drop_column("reverted_in")
    op.drop_index("ix_reviews_person_id", "reviews")
    op.drop_index("ix_records_object", "records")
    op.drop_column("roles", "advises")
    for index in ("ix_proposals_wording", "ix_proposals_state", "ix_proposals_related"):
        op.drop_index(index, "proposals")
    for column in ("review_by", "wording_hash", "taken_into", "related", "relation", "shown_at"):
        op.drop_column("proposals", column)
    op.drop_column("charters", "origins_up_to")
    op.drop_column("charters", "threads_made")
    op.drop_index("ix_changes_section", "changes")
    op.drop_index("ix_changes_fit", "changes")
    op.drop_index("ix_changes_ready", "changes")
    op.drop_index("ix_changes_listed", "changes")
    op.drop_column("changes", "fit_revision")
    op.drop_column("changes", "fit")

    op.drop_table("thread_comments")
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendations_change_id"))

    op.drop_table("recommendations")
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.drop_index("ix_threads_section")
        batch_op.drop_index("ix_threads_lost")
        batch_op.drop_index(batch_op.f("ix_threads_proposal_id"))
        batch_op.drop_index("ix_threads_list")
        batch_op.drop_index("ix_threads_block")
        batch_op.drop_index(batch_op.f("ix_threads_author_id"))

    op.drop_table("threads")
    with op.batch_alter_table("proposal_partners", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_partners_person_id"))

    op.drop_table("proposal_partners")
    op.drop_table("origins")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index("ix_notices_unread")
        batch_op.drop_index(batch_op.f("ix_notices_digest_on"))

    op.drop_table("notices")
    with op.batch_alter_table("follows", schema=None) as batch_op:
        batch_op.drop_index("ix_follows_object")

    op.drop_table("follows")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_due")

    op.drop_table("outbox")
    op.drop_table("notice_choices")
