"""The index behind the search: from any three letters to the rows they stand in, kept by the database itself.

It hurries a search and changes nothing of what is found: whatever it points at is compared once more. On SQLite it is
FTS5 with trigrams, brought up to date by triggers; on PostgreSQL an index of pg_trgm, which comes with the server but
need not be installed. Where the one or the other is missing, a search reads everything through, and finds the same.
"""

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

PREFIX = "find_"
"""What the tables of the index begin with. They are no part of a backup: restoring the rows fills them again."""

INDEXED = {"thread_comments": "find_comments", "proposal_versions": "find_versions", "changes": "find_changes"}
"""The tables with words that are compared (in ``folded``), and what their index is called."""

_ACTS = ("insert", "update", "delete")


def has_index(connection: Connection) -> bool:
    """Whether this database has the index, whole."""
    if connection.dialect.name == "sqlite":
        wanted = [name for index in INDEXED.values() for name in (index, *(f"{index}_{act}" for act in _ACTS))]
        query = f"SELECT count(*) FROM sqlite_master WHERE name IN {tuple(wanted)}"
    else:
        wanted = list(INDEXED.values())
        query = f"SELECT count(*) FROM pg_indexes WHERE schemaname = current_schema() AND indexname IN {tuple(wanted)}"
    return bool(connection.scalar(text(query)) == len(wanted))


def create_index(connection: Connection) -> bool:
    """Make the index over what is there, if the database can have one; whether it has one now."""
    if has_index(connection):
        return True
    if connection.dialect.name != "sqlite" and not _can_have_trigrams(connection):
        return False
    try:
        with connection.begin_nested():
            drop_index(connection)
            for table, index in INDEXED.items():
                for statement in (
                    _sqlite(table, index) if connection.dialect.name == "sqlite" else _postgresql(table, index)
                ):
                    connection.execute(text(statement))
    except DBAPIError:
        # A SQLite that was built without FTS5, or a role that may not create what is there to be created.
        return False
    return True


def drop_index(connection: Connection) -> None:
    """Take the index away."""
    on_sqlite = connection.dialect.name == "sqlite"
    for index in INDEXED.values():
        if not on_sqlite:
            connection.execute(text(f"DROP INDEX IF EXISTS {index}"))
            continue
        for act in _ACTS:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {index}_{act}"))
        connection.execute(text(f"DROP TABLE IF EXISTS {index}"))


def _can_have_trigrams(connection: Connection) -> bool:
    """Whether the server has pg_trgm lying ready, or this database has it already."""
    return bool(connection.scalar(text("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'")))


def _sqlite(table: str, index: str) -> list[str]:
    # The words stay where they are; the index is told what they were before it forgets them.
    forget = f"INSERT INTO {index} ({index}, rowid, folded) VALUES ('delete', OLD.id, OLD.folded)"
    learn = f"INSERT INTO {index} (rowid, folded) VALUES (NEW.id, NEW.folded)"
    return [
        f"CREATE VIRTUAL TABLE {index} USING fts5 "
        f"(folded, content='{table}', content_rowid='id', columnsize=0, tokenize='trigram case_sensitive 1')",
        f"CREATE TRIGGER {index}_insert AFTER INSERT ON {table} BEGIN {learn}; END",
        f"CREATE TRIGGER {index}_delete AFTER DELETE ON {table} BEGIN {forget}; END",
        f"CREATE TRIGGER {index}_update AFTER UPDATE OF folded ON {table} BEGIN {forget}; {learn}; END",
        f"INSERT INTO {index} ({index}) VALUES ('rebuild')",
    ]


def _postgresql(table: str, index: str) -> list[str]:
    return [
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        f"CREATE INDEX {index} ON {table} USING gin (folded gin_trgm_ops)",
    ]
