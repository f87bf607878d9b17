"""More files of an edition than its PDF, kept by triggers as it is; and the keys they are signed with."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

REFUSAL = "a file of an approved edition cannot change"
# A row may only be added. The bytes are kept from the moment a row names them.
KEPT = {
    "edition_files": ("edition_files", "1 = 1"),
    "files": ("files_of_editions", "EXISTS (SELECT 1 FROM edition_files WHERE hash = OLD.hash)"),
}


def upgrade() -> None:
    op.create_table(
        "edition_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_edition_files_edition_id_editions")),
        sa.ForeignKeyConstraint(["hash"], ["files.hash"], name=op.f("fk_edition_files_hash_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_files")),
        sa.UniqueConstraint("edition_id", "kind", name=op.f("uq_edition_files_edition_id")),
    )
    with op.batch_alter_table("edition_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_files_hash"), ["hash"], unique=False)
    op.create_table(
        "signing_keys",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public", sa.String(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_signing_keys")),
        sa.UniqueConstraint("public", name=op.f("uq_signing_keys_public")),
    )
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, (name, when) in KEPT.items():
        for statement in sqlite(table, name, when) if on_sqlite else postgresql(table, name, when):
            op.execute(statement)


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, (name, _) in KEPT.items():
        if on_sqlite:
            op.execute(f"DROP TRIGGER keep_{name}_update")
            op.execute(f"DROP TRIGGER keep_{name}_delete")
        else:
            op.execute(f"DROP TRIGGER keep_{name} ON {table}")
            op.execute(f"DROP FUNCTION engross_keep_{name}()")
    op.drop_table("signing_keys")
    op.drop_table("edition_files")
    # The bytes that only this step has a use for.
    op.execute("DELETE FROM files WHERE hash NOT IN (SELECT pdf_hash FROM editions WHERE pdf_hash IS NOT NULL)")


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
