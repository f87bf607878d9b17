"""Commands that run and check an installation: start, serve, migrate, doctor, verify."""

import hashlib
import json
import sys
from pathlib import Path

import click

from app import clock
from app.cli.installation import opened
from app.cli.sources import read_folder
from app.db.engine import Database
from app.db.schema import current_step, migrate, newest_step
from app.errors import EngrossError, Unavailable
from app.queries.charters import charter_rows
from app.queries.editions import has_file
from app.queries.people import has_administrator, person_by_email
from app.queries.verification import verify
from app.render.machine import printing_checks
from app.resources import charter_sources
from app.services import people, sessions
from app.services.imports import import_source, publish_source_edition
from app.settings import Settings

ADMINISTRATOR = "administrator@localhost"


@click.command("start")
def start() -> None:
    """Do everything for a first or a next start: database, charters that are missing, administrator, and serve."""
    with opened() as (settings, database):
        _import_missing(database)
        _administrator_link(settings, database)
    _serve(settings)


@click.command("serve")
def serve() -> None:
    """Serve the charters of this installation."""
    with opened() as (settings, _):
        pass
    _serve(settings)


def _serve(settings: Settings) -> None:
    import uvicorn

    from app.main import create_app

    click.echo(f"Serving on {settings.address} (stop with Ctrl-C).", err=True)
    uvicorn.run(create_app(settings), host=settings.host, port=settings.port, log_level="warning", server_header=False)


def _import_missing(database: Database) -> None:
    """Bring in those shipped charters that the database does not have; one that is there is never touched."""
    with database.reading() as session:
        present = {charter.key for charter in charter_rows(session)}
    for folder in sorted(p for p in charter_sources().iterdir() if (p / "charter.toml").is_file()):
        source = read_folder(folder)
        if source.key not in present:
            with database.writing() as session:
                import_source(session, source, key=source.key, now=clock.now())
            click.echo(f"Imported the charter {source.key}.", err=True)
        if source.edition is None:
            continue
        try:
            publish_source_edition(database, source.key, source.edition, 1, clock.now())
        except Unavailable as error:
            click.echo(f"The edition {source.edition.date} of {source.key} is not published yet: {error}", err=True)


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
        migrate(database)
        after = current_step(database)
    click.echo("The database is up to date." if before == after else f"The database is now at step {after}.")


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(as_json: bool) -> None:
    """Look at this machine and say what is missing."""
    with opened(up_to_date=False) as (settings, database):
        at, needed = current_step(database), newest_step(database)
        findings = [check.words for check in printing_checks() if not check.ok]
        if at != needed:
            findings.append(f"The database is at step {at or 'none'}, but {needed} is needed: run `engross migrate`.")
        where = database.engine.url.render_as_string(hide_password=True)
    if as_json:
        click.echo(json.dumps({"database": where, "step": at, "findings": findings}, indent=1))
    else:
        click.echo(f"Data folder: {settings.data_dir.resolve()}\nDatabase: {where} (step {at or 'none'})")
        click.echo("\n".join(f"- {finding}" for finding in findings) or "Nothing is missing.")
    sys.exit(1 if findings else 0)


@click.command("verify")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def verify_installation(file: Path | None, as_json: bool) -> None:
    """Check the audit chains and stored hashes; or whether a PDF is one this installation published."""
    with opened() as (_, database), database.reading() as session:
        if file is not None:
            hash = hashlib.sha256(file.read_bytes()).hexdigest()
            known = has_file(session, hash)
            if not known:
                click.echo(f"{file}: no edition of this installation has the SHA-256 {hash}.", err=True)
                sys.exit(1)
            click.echo(f"{file}: is a file this installation published, SHA-256 {hash}.")
            return
        found = verify(session)
    if as_json:
        value = {
            "records": found.records,
            "revisions": found.revisions,
            "bodies": found.bodies,
            "files": found.files,
            "faults": list(found.faults),
        }
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))
    else:
        for fault in found.faults:
            click.echo(fault, err=True)
        looked = f"{found.records} records, {found.revisions} revisions, {found.bodies} texts, {found.files} files"
        click.echo(f"Looked at {looked}: " + (f"{len(found.faults)} faults." if found.faults else "everything fits."))
    sys.exit(1 if found.faults else 0)


COMMANDS = (start, serve, migrate_database, doctor, verify_installation)
