"""Commands that run and check an installation: start, serve, migrate, doctor."""

import errno
import gc
import json
import os
import socket
import sys
from collections.abc import Collection
from contextlib import ExitStack, suppress
from pathlib import Path

import click

from app import clock
from app.cli.installation import bring_up_to_date, newer_database, opened
from app.cli.sources import read_folder
from app.db.engine import Database
from app.db.schema import current_step, knows_step, migrate, newest_step
from app.errors import EngrossError, Unavailable
from app.queries.charters import charter_rows
from app.queries.people import has_administrator, person_by_email
from app.render.machine import printing_checks
from app.render.post import mail_trouble, mail_way
from app.resources import charter_sources
from app.services import people, sessions
from app.services.imports import import_source, publish_source_edition
from app.settings import Settings, load_settings
from app.text.source_values import Source

ADMINISTRATOR = "administrator@localhost"


@click.command("start")
def start() -> None:
    """Do everything for a first or a next start: database, charters that are missing, administrator, and serve."""
    settings = load_settings()
    with _listening(settings) as door, opened() as (_, database):
        _import_missing(database)
        _administrator_link(settings, database)
        _serve(settings, door, database)


@click.command("serve")
def serve() -> None:
    """Serve the charters of this installation."""
    settings = load_settings()
    with _listening(settings) as door, opened() as (_, database):
        _serve(settings, door, database)


def _listening(settings: Settings) -> socket.socket:
    """The door people come in by, taken first: who finds it taken has done nothing yet."""
    where = f"{settings.host}:{settings.port}"
    try:
        kind, _, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with ExitStack() as unless_bound:
            door = unless_bound.enter_context(socket.socket(kind, socket.SOCK_STREAM))
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind(address)
            unless_bound.pop_all()
    except (OSError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise Unavailable(
                f"{where} is taken: another program serves there, perhaps Engross itself. "
                "End that one, or choose another port with ENGROSS_PORT."
            ) from error
        reason = error.strerror if isinstance(error, OSError) else "this is not the name of a machine"
        raise Unavailable(
            f"Nobody can be served on {where}: {reason}. ENGROSS_HOST and ENGROSS_PORT say where."
        ) from error
    return door


def _serve(settings: Settings, door: socket.socket, database: Database) -> None:
    import uvicorn

    from app.main import create_app

    click.echo(f"Serving on {settings.address} (stop with Ctrl-C).", err=True)
    server = uvicorn.Server(uvicorn.Config(create_app(settings, database), log_level="warning", server_header=False))
    # What is loaded by now stays until the end. Looked through for garbage again and again, it would hold a page up for
    # a tenth of a second every now and then.
    gc.collect()
    gc.freeze()
    with suppress(KeyboardInterrupt):
        server.run(sockets=[door])


def _import_missing(database: Database) -> None:
    """Bring in those shipped charters that the database does not have; one that is there is never touched.

    What is wrong with one folder is said, and keeps nobody from the other charters.
    """
    with database.reading() as session:
        present = {charter.key for charter in charter_rows(session)}
    for folder in sorted(p for p in charter_sources().iterdir() if (p / "charter.toml").is_file()):
        try:
            _bring_in(database, read_folder(folder), present)
        except EngrossError as error:
            click.echo(f"{folder.name}: {error.message}", err=True)


def _bring_in(database: Database, source: Source, present: Collection[str]) -> None:
    new = source.key not in present
    if new:
        with database.writing() as session:
            import_source(session, source, key=source.key, now=clock.now())
        click.echo(f"Imported the charter {source.key}.", err=True)
    if source.edition is not None:
        # Of a charter that was here before, only an edition is taken up whose PDF could not be made then.
        publish_source_edition(database, source.key, source.edition, 1 if new else None, clock.now())


def _administrator_link(settings: Settings, database: Database) -> None:
    with database.writing() as session:
        now = clock.now()
        if not has_administrator(session):
            people.add_person(session, ADMINISTRATOR, "Administrator", admin=True, by=None, now=now)
        try:
            person = person_by_email(session, ADMINISTRATOR)
        except EngrossError:
            return
        secret = sessions.make_link(session, person, by=None, now=now)
    click.echo("Sign in once as administrator within 15 minutes:", err=True)
    click.echo(f"{settings.address}/sign-in/{secret}", err=True)


@click.command("migrate")
def migrate_database() -> None:
    """Bring the database up to date."""
    with opened(up_to_date=False) as (_, database):
        before = current_step(database)
        if before is not None and not knows_step(database, before):
            raise Unavailable(newer_database(before))
        migrate(database)
        bring_up_to_date(database)
        after = current_step(database)
    click.echo("The database is up to date." if before == after else f"The database is now at step {after}.")


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(as_json: bool) -> None:
    """Look at this machine and say what is missing."""
    with opened(up_to_date=False) as (settings, database):
        at, needed = current_step(database), newest_step(database)
        findings = [check.words for check in printing_checks() if not check.ok]
        findings += [words for words in [mail_trouble(settings), _open_database(database)] if words]
        if at is not None and not knows_step(database, at):
            findings.append(newer_database(at))
        elif at != needed:
            findings.append(f"The database is at step {at or 'none'}, but {needed} is needed: run `engross migrate`.")
        where = database.engine.url.render_as_string(hide_password=True)
    if as_json:
        told = {"database": where, "step": at, "mail": mail_way(settings), "findings": findings}
        click.echo(json.dumps(told, indent=1))
    else:
        click.echo(f"Data folder: {settings.data_dir.resolve()}\nDatabase: {where} (step {at or 'none'})")
        click.echo(f"Mail: {mail_way(settings)}")
        click.echo("\n".join(f"- {finding}" for finding in findings) or "Nothing is missing.")
    sys.exit(1 if findings else 0)


def _open_database(database: Database) -> str:
    """What to say of a SQLite file that others on the machine can read; "" if none can."""
    file = Path(database.engine.url.database or "") if database.is_sqlite else None
    if file is None or os.name != "posix" or not file.is_file() or not file.stat().st_mode & 0o077:
        return ""
    return f"Others on this machine can read {file}, which holds the signing key: chmod 600 {file}"


COMMANDS = (start, serve, migrate_database, doctor)
