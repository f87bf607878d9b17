"""The command that takes away what has had its time."""

import json
from dataclasses import asdict

import click

from app import clock
from app.cli.installation import opened
from app.services.tidying import tidy

_SORTS = {
    "answers": "kept answers to requests that could have come again",
    "sessions": "sign-ins of browsers that have ended",
    "links": "one-time links that were used or are over",
    "requests": "requests for a link, tries of a password, and questions to passkeys",
    "devices": "browsers that were known",
    "invitation_links": "links of invitations that are settled",
    "mails": "mails that went out or were given up",
    "mail_files": "mails that became files",
    "notices": "notices of long ago",
}


@click.command("tidy")
@click.option("--dry-run", is_flag=True, help="Only count what would go.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def tidy_up(dry_run: bool, as_json: bool) -> None:
    """Take away what is no record and has had its time, as the running server does by itself."""
    with opened() as (settings, database):
        tidied = asdict(tidy(database, settings.mail_folder, now=clock.now(), pretend=dry_run))
    if as_json:
        click.echo(json.dumps(tidied, indent=1))
        return
    for name, count in tidied.items():
        if count:
            click.echo(f"{count} {_SORTS[name]}")
    done = "would go" if dry_run else "went"
    click.echo(f"{sum(tidied.values())} things {done}. Texts, records and what people are writing have no period.")


COMMANDS = (tidy_up,)
