"""Commands that run an installation: start, serve, migrate."""

import gc
import socket
from collections.abc import Collection
from contextlib import suppress

import click

from app import clock
from app.cli.installation import bring_to_newest_step, bring_up_to_date, opened
from app.cli.listening import listening
from app.cli.sources import read_folder
from app.db.engine import Database
from app.db.schema import current_step
from app.errors import EngrossError
from app.queries.charters import charter_rows
from app.queries.people import has_administrator, has_signed_in, person_by_email
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
    with listening(settings.host, settings.port) as door, opened() as (_, database):
        _import_missing(database)
        _administrator_link(settings, database)
        _serve(settings, door, database)


@click.command("serve")
def serve() -> None:
    """Serve the charters of this installation."""
    settings = load_settings()
    with listening(settings.host, settings.port) as door, opened() as (_, database):
        _serve(settings, door, database)


def _serve(settings: Settings, door: socket.socket, database: Database) -> None:
    from app.cli.door import server_of
    from app.main import create_app

    service = create_app(settings, database)
    if settings.metrics_door is not None:
        service.state.metrics.open(*settings.metrics_door)
    click.echo(f"Serving on {settings.address} (stop with Ctrl-C).", err=True)
    server = server_of(
        service,
        # What is logged goes through our own way out; the lines of requests are ours too.
        log_config=None,
        access_log=False,
        forwarded_allow_ips=list(settings.trusted_proxies),
    )
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
        if has_signed_in(session, person):
            # What a server says at every start ends up in logs: whoever reads those must not get in by it.
            return
        secret = sessions.make_link(session, person, by=None, now=now)
    click.echo("Sign in once as administrator within 15 minutes:", err=True)
    click.echo(f"{settings.address}/sign-in/{secret}", err=True)


@click.command("migrate")
@click.option("--no-backup", is_flag=True, help="Make no backup first; only if you have one that is newer than this.")
def migrate_database(no_backup: bool) -> None:
    """Bring the database up to date, after a backup of it as it is."""
    with opened(up_to_date=False) as (settings, database):
        before = current_step(database)
        bring_to_newest_step(settings, database, backup=not no_backup)
        bring_up_to_date(database)
        after = current_step(database)
    click.echo("The database is up to date." if before == after else f"The database is now at step {after}.")


COMMANDS = (start, serve, migrate_database)
