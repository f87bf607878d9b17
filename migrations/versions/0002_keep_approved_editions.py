"""Triggers that keep what is approved: no edition, its file or its revision changes once governors approved it."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What says which text an edition is and when: kept by a trigger from the moment of approval.
KEPT_OF_AN_EDITION = (
    "charter_id",
    "key",
    "revision",
    "label",
    "effective",
    "created_by",
    "created_at",
    "approved_by",
    "approved_at",
    "pdf_hash",
)
FIXED_STATES = "('approved', 'published', 'withdrawn')"
REFUSAL = "an approved edition cannot change"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in sqlite_triggers():
            op.execute(trigger)
    else:
        for statement in postgresql_triggers():
            op.execute(statement)


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in ("editions", "files", "revisions"):
        if on_sqlite:
            op.execute(f"DROP TRIGGER keep_{table}_update")
            op.execute(f"DROP TRIGGER keep_{table}_delete")
        else:
            op.execute(f"DROP TRIGGER keep_{table} ON {table}")
            op.execute(f"DROP FUNCTION engross_keep_{table}()")


def changed(columns: tuple[str, ...], differs: str) -> str:
    """A condition in SQL: one of the columns has another value than before."""
    return " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in columns)


def conditions(differs: str) -> dict[str, str]:
    """For each table, when an UPDATE or DELETE of a row touches an approved edition."""
    return {
        "editions": f"OLD.state IN {FIXED_STATES} AND "
        f"(NEW.state IN ('draft', 'candidate') OR {changed(KEPT_OF_AN_EDITION, differs)})",
        "files": "EXISTS (SELECT 1 FROM editions WHERE pdf_hash = OLD.hash)",
        "revisions": f"EXISTS (SELECT 1 FROM editions WHERE charter_id = OLD.charter_id AND revision = OLD.number "
        f"AND state IN {FIXED_STATES}) "
        f"AND ({changed(('charter_id', 'number', 'front_hash', 'outline_hash'), differs)})",
    }


DELETED = {
    "editions": f"OLD.state IN {FIXED_STATES}",
    "files": "EXISTS (SELECT 1 FROM editions WHERE pdf_hash = OLD.hash)",
    "revisions": "EXISTS (SELECT 1 FROM editions WHERE charter_id = OLD.charter_id AND revision = OLD.number "
    f"AND state IN {FIXED_STATES})",
}


def sqlite_triggers() -> list[str]:
    """The triggers as SQLite writes them."""
    triggers = []
    for table, updated in conditions("IS NOT").items():
        for act, when in (("UPDATE", updated), ("DELETE", DELETED[table])):
            triggers.append(
                f"CREATE TRIGGER keep_{table}_{act.lower()} BEFORE {act} ON {table} WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
    return triggers


def postgresql_triggers() -> list[str]:
    """The triggers as PostgreSQL writes them: one function and one trigger a table."""
    statements = []
    for table, updated in conditions("IS DISTINCT FROM").items():
        statements.append(
            f"CREATE FUNCTION engross_keep_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'DELETE' THEN IF {DELETED[table]} THEN RAISE EXCEPTION '{REFUSAL}'; END IF; "
            "RETURN OLD; END IF; "
            f"IF {updated} THEN RAISE EXCEPTION '{REFUSAL}'; END IF; RETURN NEW; END $$"
        )
        statements.append(
            f"CREATE TRIGGER keep_{table} BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION engross_keep_{table}()"
        )
    return statements
