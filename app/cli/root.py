"""The command as a whole: its parts, and how every error ends: 1 refused or failed, 2 wrong usage."""

import sys

import click
from sqlalchemy.exc import DatabaseError

from app import __version__
from app.cli import backups, charters, doctor, editions, keys, mail, people, proposals, running, texts, tidying, verify
from app.errors import EngrossError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="engross")
def engross() -> None:
    """A group writes its charter together and keeps an exact record of it."""


for part in (running, doctor, backups, tidying, mail, charters, people, proposals, editions, keys, texts, verify):
    for command in part.COMMANDS:
        engross.add_command(command)


def main() -> None:
    """Run the command; a refusal is one line on stderr that says what to do."""
    try:
        engross(standalone_mode=False, prog_name="engross")
    except click.exceptions.Abort:
        sys.exit(1)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(1)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except EngrossError as error:
        click.echo(f"engross: {error.message}", err=True)
        sys.exit(1)
    except DatabaseError as error:
        reason = str(error.orig).strip().splitlines()[0] if error.orig else "no reason given"
        click.echo(
            f"engross: the database refused: {reason}. ENGROSS_DATABASE_URL, or else ENGROSS_DATA_DIR, says where it "
            "is; it has to be there, to let us in and to let us write.",
            err=True,
        )
        sys.exit(1)
    except OSError as error:
        click.echo(f"engross: {error.strerror or error}: {error.filename or ''}".rstrip(": "), err=True)
        sys.exit(1)
