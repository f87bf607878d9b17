"""Files of annexes and a logo, kept as they are by triggers once an edition goes with them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

FIXED = "('approved', 'published', 'withdrawn')"
REFUSAL = "a file of a charter cannot change"


# For each trigger its table, and when. A row may always be added: a restored backup adds all of them.
KEPT = {
    "attachments": ("attachments", "1 = 1"),
    "edition_attachments": (
        "edition_attachments",
        f"EXISTS (SELECT 1 FROM editions WHERE id = OLD.edition_id AND state IN {FIXED})",
    ),
    "files_of_annexes": ("files", "EXISTS (SELECT 1 FROM attachments WHERE hash = OLD.hash)"),
}


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("charter_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["people.id"], name=op.f("fk_attachments_added_by_people")),
        sa.ForeignKeyConstraint(["charter_id"], ["charters.id"], name=op.f("fk_attachments_charter_id_charters")),
        sa.ForeignKeyConstraint(["hash"], ["files.hash"], name=op.f("fk_attachments_hash_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_table(
        "edition_attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachments.id"], name=op.f("fk_edition_attachments_attachment_id_attachments")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_edition_attachments_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_attachments")),
        sa.UniqueConstraint("edition_id", "attachment_id", name=op.f("uq_edition_attachments_edition_id")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index("ix_attachments_charter_id", ["charter_id", "place"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_hash"), ["hash"], unique=False)
    with op.batch_alter_table("edition_attachments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_attachments_attachment_id"), ["attachment_id"], unique=False)
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, (table, when) in KEPT.items():
        for statement in sqlite(table, name, when) if on_sqlite else postgresql(table, name, when):
            op.execute(statement)


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, (table, _) in KEPT.items():
        if on_sqlite:
            op.execute(f"DROP TRIGGER keep_{name}_update")
            op.execute(f"DROP TRIGGER keep_{name}_delete")
        else:
            op.execute(f"DROP TRIGGER keep_{name} ON {table}")
            op.execute(f"DROP FUNCTION engross_keep_{name}()")
    op.drop_table("edition_attachments")
    op.drop_table("attachments")
    # The bytes that only this step has a use for.
    op.execute(
        "DELETE FROM files WHERE hash NOT IN (SELECT pdf_hash FROM editions WHERE pdf_hash IS NOT NULL) "
        "AND hash NOT IN (SELECT hash FROM edition_files)"
    )


def sqlite(table: str, name: str, when: str) -> list[str]:
    """The triggers as SQLite writes them."""
    return [
        f"CREATE TRIGGER keep_{name}_{act.lower()} BEFORE {act} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for act in ("UPDATE", "DELETE")
    ]


def postgresql(table: str, name: str, when: str) -> list[str]:
    """The triggers as PostgreSQL writes them."""
    return [
        f"CREATE FUNCTION engross_keep_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {when} THEN RAISE EXCEPTION '{REFUSAL}'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER keep_{name} BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION engross_keep_{name}()",
    ]
