"""Commands on the key by which this installation signs what it publishes."""

import json

import click

from app import clock
from app.cli.installation import opened
from app.queries.keys import signing_keys
from app.services import keys
from app.services.edition_record import moment


@click.group("key")
def key() -> None:
    """The key that editions are signed with."""


@key.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_keys(as_json: bool) -> None:
    """Every key that ever signed here, and from when to when."""
    with opened() as (_, database), database.reading() as session:
        known = signing_keys(session)
    if as_json:
        told = [
            {"id": k.public.id, "pem": k.public.pem, "from": moment(k.since), "until": k.until and moment(k.until)}
            for k in known
        ]
        click.echo(json.dumps(told, indent=1))
        return
    for k in known:
        until = "signs now" if k.until is None else f"until {moment(k.until)}"
        click.echo(f"{k.public.id}  from {moment(k.since)}, {until}")


@key.command("export")
def export_key() -> None:
    """Print the public key that signs now, as openssl reads it."""
    with opened() as (_, database), database.reading() as session:
        current = next(k for k in signing_keys(session) if k.until is None)
    click.echo(current.public.pem, nl=False)


@key.command("rotate")
def rotate_key() -> None:
    """Let a fresh key sign from now on. What was signed before stays good; the old secret half is destroyed."""
    with opened() as (_, database), database.writing() as session:
        made = keys.rotate(session, by=None, now=clock.now())
    click.echo(f"{made.id} signs now. Tell those who check your editions: its public half is")
    click.echo(made.pem, nl=False)


COMMANDS = (key,)
