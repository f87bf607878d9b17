"""The command that looks at this machine and this installation, and says in words what is missing and what to do."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import click
from sqlalchemy import text

from app import clock
from app.cli.installation import newer_database, opened
from app.db.engine import Database
from app.db.finding import has_index
from app.db.schema import current_step, knows_step, newest_step
from app.queries.health import newest_record, outbox_health
from app.queries.keys import current_key_row
from app.render.machine import printing_checks
from app.render.post import mail_trouble, mail_way
from app.services.backups import last_backup
from app.settings import Settings
from app.signing import pair_of

_LEAST_SPACE, _LITTLE_SPACE = 200_000_000, 1_000_000_000
_OLDEST_BACKUP = timedelta(days=7)
_CLOCK_MAY_DIFFER = timedelta(minutes=5)
_MOST_NAMED = 3
_NOT_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


class State(StrEnum):
    """How a part is: as it should be, worth a look, or something to be done before people rely on it."""

    OK = "ok"
    LOOK = "look"
    DO = "do"


@dataclass(frozen=True, slots=True)
class Finding:
    """One part that was looked at, how it is, and in words what is there or what to do."""

    name: str
    state: State
    words: str


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(as_json: bool) -> None:
    """Look at this machine and this installation, and say what is missing and what to do. Exit 1 if anything is."""
    with opened(up_to_date=False) as (settings, database):
        findings = list(examine(settings, database))
        where, at = database.engine.url.render_as_string(hide_password=True), current_step(database)
    to_do = [finding.words for finding in findings if finding.state is State.DO]
    if as_json:
        checks = [{"name": one.name, "state": one.state, "words": one.words} for one in findings]
        told = {"database": where, "step": at, "mail": mail_way(settings), "findings": to_do, "checks": checks}
        click.echo(json.dumps(told, indent=1))
    else:
        click.echo(f"Data folder: {settings.data_dir.resolve()}\nDatabase: {where} (step {at or 'none'})")
        click.echo(f"Mail: {mail_way(settings)}\n")
        for one in findings:
            click.echo(f"{one.state:<5} {one.name}: {one.words}")
        click.echo("\nNothing is missing." if not to_do else f"\nTo do: {len(to_do)}, marked “do” above.")
    sys.exit(1 if to_do else 0)


def examine(settings: Settings, database: Database) -> Iterator[Finding]:
    """Look at everything."""
    for check in printing_checks():
        yield Finding(check.name, State.OK if check.ok else State.DO, check.words)
    step = current_step(database)
    yield _step(step)
    yield from _folder(settings.data_dir)
    yield from _database_file(database)
    yield _space(settings.data_dir)
    yield _address(settings)
    yield _mail(settings)
    if step is None or step != newest_step():
        yield Finding(
            "clock, search, key, outbox", State.LOOK, "looked at only when the database is at the newest step"
        )
    else:
        yield _clock(database)
        yield _search(database)
        yield _key(database)
        yield _outbox(database)
    yield _backup(settings)


def _step(at: str | None) -> Finding:
    needed = newest_step()
    if at == needed:
        return Finding("database", State.OK, f"it answers, and is at the newest step {at}")
    if at is not None and not knows_step(at):
        return Finding("database", State.DO, newer_database(at))
    words = f"The database is at step {at or 'none'}, but {needed} is needed: run `engross migrate`."
    return Finding("database", State.DO, words)


def _folder(folder: Path) -> Iterator[Finding]:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x" * 4096)
            file.flush()
    except OSError as error:
        words = f"{folder} cannot be written ({error.strerror}): let the user who runs the service own it."
        yield Finding("data folder", State.DO, words)
        return
    mode = folder.stat().st_mode if os.name == "posix" else 0
    if mode & 0o022:
        yield Finding("data folder", State.DO, f"Others on this machine can write into {folder}: chmod 700 {folder}")
    elif mode & 0o055:
        words = f"it can be written; others on this machine can see the names of what is in it: chmod 700 {folder}"
        yield Finding("data folder", State.LOOK, words)
    else:
        yield Finding("data folder", State.OK, "it can be written, and only by its owner be read")


def _database_file(database: Database) -> Iterator[Finding]:
    """What to say of a SQLite file, which holds the signing key."""
    file = Path(database.engine.url.database or "") if database.is_sqlite else None
    if file is None or os.name != "posix" or not file.is_file():
        return
    if file.stat().st_mode & 0o077:
        words = f"Others on this machine can read {file}, which holds the signing key: chmod 600 {file}"
        yield Finding("database file", State.DO, words)
    else:
        yield Finding("database file", State.OK, "only its owner can read it")


def _space(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    told = f"{free / 1e9:.1f} GB free at {folder}"
    if free < _LEAST_SPACE:
        return Finding("disk", State.DO, f"Only {told}: make room, or nothing can be written any more.")
    return Finding("disk", State.OK if free >= _LITTLE_SPACE else State.LOOK, told)


def _address(settings: Settings) -> Finding:
    if is_trial(settings):
        words = f"{settings.address}: only this machine can be reached there. For others, set ENGROSS_PUBLIC_URL."
        return Finding("public address", State.LOOK, words)
    if not settings.secure:
        words = (
            f"{settings.address} is not https: sign-in links and drafts travel in the clear. Put a proxy with TLS in "
            "front and set ENGROSS_PUBLIC_URL to https://… (docs/deployment.md)."
        )
        return Finding("public address", State.DO, words)
    return Finding("public address", State.OK, settings.address)


def is_trial(settings: Settings) -> bool:
    """Whether only people at this machine can reach the service: somebody tries it out."""
    host = urlsplit(settings.address).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def _mail(settings: Settings) -> Finding:
    if settings.mail_server is None:
        words = f"no mail server: mails become {mail_way(settings)}. For others, set ENGROSS_SMTP_URL."
        return Finding("mail", State.LOOK if is_trial(settings) else State.DO, words)
    trouble = mail_trouble(settings)
    return (
        Finding("mail", State.DO, trouble)
        if trouble
        else Finding("mail", State.OK, "the server answers, and lets us in")
    )


def _clock(database: Database) -> Finding:
    now = clock.now()
    with database.reading() as session:
        last = newest_record(session)
        theirs = None if database.is_sqlite else session.scalar(text("SELECT clock_timestamp()"))
    if now < _NOT_BEFORE or (last is not None and last > now + _CLOCK_MAY_DIFFER):
        seen = "" if last is None else f", and something was recorded on {last:%d %B %Y at %H:%M}"
        words = f"It is {now:%d %B %Y, %H:%M} UTC here{seen}: the clock is wrong. Let it be set over the network (NTP)."
        return Finding("clock", State.DO, words)
    if theirs is not None and abs(theirs - now) > _CLOCK_MAY_DIFFER:
        words = (
            f"That of the database server says {theirs:%H:%M}, ours {now:%H:%M} UTC. Let both be set over the network."
        )
        return Finding("clock", State.LOOK, words)
    return Finding("clock", State.OK, f"{now:%d %B %Y, %H:%M} UTC")


def _search(database: Database) -> Finding:
    with database.engine.connect() as connection:
        if has_index(connection):
            return Finding("search", State.OK, "it has its index")
    missing = "SQLite here has no FTS5" if database.is_sqlite else "pg_trgm (Debian: in postgresql-15) is not there"
    words = (
        f"it finds everything, but slowly in large charters: {missing}. With that, `engross migrate` makes its index."
    )
    return Finding("search", State.LOOK, words)


def _key(database: Database) -> Finding:
    with database.reading() as session:
        row = current_key_row(session)
        if row is None or row.secret is None:
            return Finding("signing key", State.DO, "There is none: `engross migrate` and each start make one.")
        public, stored, since = pair_of(row.secret).public, row.public, row.created_at
    if public.base64 != stored:
        words = "Its two halves do not belong together: restore a backup, or run `engross key rotate`."
        return Finding("signing key", State.DO, words)
    return Finding("signing key", State.OK, f"{public.id}, since {since:%d %B %Y}")


def _outbox(database: Database) -> Finding:
    with database.reading() as session:
        found = outbox_health(session, clock.now())
    if found.stuck:
        why = f" The last reason: {found.reason}" if found.reason else " Nobody has tried: does the service run?"
        words = f"{found.stuck} mails have waited for over an hour, the first since {found.since:%d %B %H:%M} UTC.{why}"
        return Finding("outbox", State.DO, words)
    words = f"{found.waiting} mails wait"
    if found.given_up:
        words += f"; {found.given_up} were given up within the last week"
        if found.unreached:
            named = [f"{address} ({reason})" for address, reason in sorted(found.unreached.items())]
            more = f", and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
            words += f". Mails do not reach {', '.join(named[:_MOST_NAMED])}{more}: ask them for another address"
        return Finding("outbox", State.LOOK, words)
    return Finding("outbox", State.OK, words)


def _backup(settings: Settings) -> Finding:
    last = last_backup(settings.data_dir)
    how = "Let a timer run `engross backup FOLDER` every day (docs/deployment.md)."
    if last is None:
        words = f"none was made yet with `engross backup`. {how}"
    elif clock.now() - last > _OLDEST_BACKUP:
        words = f"the last one is of {last:%d %B %Y}. {how}"
    else:
        return Finding("backup", State.OK, f"the last one is of {last:%d %B %Y, %H:%M} UTC")
    return Finding("backup", State.LOOK if is_trial(settings) else State.DO, words)


COMMANDS = (doctor,)
