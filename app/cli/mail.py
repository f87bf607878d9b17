"""The command that sends what is in the outbox, for installations that let a clock do it."""

import json
from dataclasses import asdict

import click

from app.cli.installation import opened
from app.services.sending import send_due


@click.command("mail")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def mail(as_json: bool) -> None:
    """Send the mails that are due now, daily ones too, and say what became of them."""
    with opened() as (settings, database):
        counts = send_due(database, settings)
    if as_json:
        click.echo(json.dumps(asdict(counts), indent=1))
        return
    click.echo(
        f"Sent {counts.sent}, to be tried again {counts.failed}, given up {counts.given_up}; "
        f"{counts.waiting} in the outbox."
    )


COMMANDS = (mail,)
