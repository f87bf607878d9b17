"""Commands that keep an installation from being lost: backup and restore."""

import json
import os
import sys
from pathlib import Path

import click

from app import clock
from app.cli.installation import bring_up_to_date, newer_database, opened
from app.db.engine import Database
from app.db.schema import current_step, knows_step
from app.errors import BadInput, Unavailable
from app.queries.mailing import waiting_count
from app.queries.verification import verify
from app.services.backup_file import Manifest, checked_manifest, is_backup
from app.services.backups import note_backup, restore_backup, write_backup

_ENDING = ".engross"


@click.command("backup")
@click.argument("named", metavar="FILE")
@click.option("--keep", type=click.IntRange(1), help="In a folder: take the oldest away, so that this many are left.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def backup(named: str, keep: int | None, as_json: bool) -> None:
    """Write everything into one new file, while the service goes on. In a folder it gets its name from the time."""
    now, file = clock.now(), Path(named)
    into = file if file.is_dir() else None
    if into is None and named.endswith(("/", os.sep)):
        raise BadInput(f"There is no folder {named}. Make it first: mkdir -m 700 {named}")
    if into is not None:
        file = into / f"engross-{now:%Y-%m-%dT%H%M%SZ}{_ENDING}"
    elif keep is not None:
        raise click.UsageError("--keep is for a folder of backups; name a folder that is there.")
    with opened(up_to_date=False) as (settings, database):
        _refuse_newer(database)
        made = write_backup(database, settings.data_dir, file, now=now)
        note_backup(settings.data_dir, made)
    gone = [] if into is None or keep is None else _take_oldest(into, keep)
    if as_json:
        told = {
            "file": str(made.file),
            "size": made.size,
            "removed": [str(one) for one in gone],
            **_told(made.manifest),
        }
        click.echo(json.dumps(told, indent=1))
        return
    click.echo(f"{made.file}: {_size(made.size)}, {_counted(made.manifest)}. It was read back and is whole.")
    for one in gone:
        click.echo(f"Took away {one}.")
    click.echo("The signing key is in it: keep it as safe as the installation. The ENGROSS_… settings are not in it.")


def _take_oldest(folder: Path, keep: int) -> list[Path]:
    """Take away the oldest of the backups that got their names from the time. Other files are never touched."""
    ours = sorted(one for one in folder.glob(f"engross-????-??-??T??????Z{_ENDING}") if is_backup(one))
    gone = ours[:-keep]
    for one in gone:
        one.unlink()
    return gone


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only say whether the file is whole. Nothing is changed.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def restore(file: Path, check: bool, as_json: bool) -> None:
    """Put a backup into a new, empty home, SQLite or PostgreSQL, and look whether everything fits."""
    if check:
        _say(checked_manifest(file), as_json, f"{file} is whole")
        return
    with opened(up_to_date=False) as (settings, database):
        manifest = restore_backup(database, settings.data_dir, file)
        bring_up_to_date(database)
        with database.reading() as session:
            found, waiting = verify(session), waiting_count(session)
    for fault in found.faults:
        click.echo(fault, err=True)
    _say(manifest, as_json, f"Restored {file}", waiting=waiting, faults=len(found.faults))
    sys.exit(1 if found.faults else 0)


def _say(manifest: Manifest, as_json: bool, done: str, *, waiting: int = 0, faults: int = 0) -> None:
    if as_json:
        click.echo(json.dumps({**_told(manifest), "mails_waiting": waiting, "faults": faults}, indent=1))
        return
    when = f"{manifest.made_at:%d %B %Y %H:%M} UTC, Engross {manifest.version}, step {manifest.step}"
    click.echo(f"{done}: of {when}, from {manifest.database}; {_counted(manifest)}.")
    if waiting:
        click.echo(
            f"{waiting} mails wait in the outbox. They leave when the service starts, under their old Message-IDs."
        )
    if faults:
        click.echo(f"{faults} faults: what was backed up did not fit its records.", err=True)


def _told(manifest: Manifest) -> dict[str, object]:
    return {
        "made_at": manifest.made_at.isoformat(),
        "version": manifest.version,
        "step": manifest.step,
        "database": manifest.database,
        "rows": manifest.rows,
        "files": manifest.files,
    }


def _counted(manifest: Manifest) -> str:
    rows = manifest.rows
    named = [("charters", "charters"), ("proposals", "proposals"), ("editions", "editions"), ("people", "people")]
    first = ", ".join(f"{rows[table]} {word}" for table, word in named if table in rows)
    return f"{first}; {sum(rows.values())} rows in {len(rows)} tables, {len(manifest.files)} other files"


def _size(octets: int) -> str:
    return f"{octets / 1_000_000:.1f} MB" if octets >= 100_000 else f"{octets / 1000:.0f} kB"


def _refuse_newer(database: Database) -> None:
    step = current_step(database)
    if step is None:
        raise BadInput("There is nothing here to back up. ENGROSS_DATA_DIR and ENGROSS_DATABASE_URL say where to look.")
    if not knows_step(step):
        raise Unavailable(newer_database(step))


COMMANDS = (backup, restore)
