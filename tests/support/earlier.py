"""Databases that earlier versions of the program wrote, one for each step of the schema, and how they are put up.

Each file in `tests/db/earlier` is a backup of what the program of that step made by its own interface: the PEPs
charter, people, three proposals, a review, decisions and a merge; from 0004 on comments, a revert and a merge of the
same change again; from 0006 on an invitation; in 0003 and 0006 a published edition with its PDF. (No program was ever
at 0001 alone: that one is of 0002, taken back.)
"""

import zipfile
from pathlib import Path

from app.db.engine import Database
from app.db.schema import migrate_within
from app.queries.whole_tables import tables_within
from app.services.backup_file import checked_manifest, table_part, table_rows
from app.services.filling import fill, prepare, set_counters

EARLIER = {
    file.stem.removeprefix("step-"): file for file in sorted((Path(__file__).parents[1] / "db/earlier").iterdir())
}
WITH_EDITION = ("0003", "0006")


def put_up(database: Database, step: str) -> None:
    """Fill an empty database as the program of that step left it, at that step."""
    manifest = checked_manifest(EARLIER[step])
    with zipfile.ZipFile(EARLIER[step]) as archive, database.founding() as connection:
        prepare(connection)
        migrate_within(connection, step)
        tables = tables_within(connection)
        for table in tables:
            fill(connection, table, manifest.parts[table_part(table.name)].columns, table_rows(archive, table.name))
        set_counters(connection, tables, manifest.numbers)
