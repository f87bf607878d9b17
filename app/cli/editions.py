"""Commands on editions: draft, freeze, thaw, sign off, approve, publish, withdraw."""

from datetime import date, datetime

import click

from app import clock
from app.cli.acting import acting, acting_as, approving
from app.cli.numbers import NUMBER
from app.queries.editions import edition_row
from app.rules.permissions import Action
from app.services import editions

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("edition")
def edition() -> None:
    """Dated editions of a charter."""


@edition.command("draft")
@click.argument("key", metavar="CHARTER")
@click.argument("when", metavar="DATE")
@acting_as
@click.option("--revision", type=NUMBER, help="Of which revision; without it, the newest.")
@click.option("--label", help="In other words than the date's.")
@click.option("--effective", type=_DAY, help="From another day than the date's first.")
def draft(key: str, when: str, email: str, revision: int | None, label: str | None, effective: datetime | None) -> None:
    """Begin an edition, dated like 2026-11 or 2026-11-21."""
    day: date | None = None if effective is None else effective.date()
    with acting(key, email, Action.RUN_EDITIONS) as at:
        made = editions.draft(
            at.session,
            at.charter,
            by=at.by.id,
            now=clock.now(),
            revision=at.charter.head if revision is None else revision,
            date_text=when,
            label=label,
            effective=day,
        )
        click.echo(f"{made.key}: draft of revision {made.revision}, “{made.label}”.")


@edition.command("freeze")
@click.argument("key", metavar="CHARTER")
@click.argument("when", metavar="DATE")
@acting_as
def freeze(key: str, when: str, email: str) -> None:
    """Make a draft a candidate."""
    with acting(key, email, Action.RUN_EDITIONS) as at:
        row = edition_row(at.session, at.charter, when, unpublished=True)
        for finding in editions.freeze(at.session, at.charter, row, by=at.by.id, now=clock.now()):
            click.echo(f"warning: {finding['words']}", err=True)
        click.echo(f"{when}: {row.state}.")


@edition.command("thaw")
@click.argument("key", metavar="CHARTER")
@click.argument("when", metavar="DATE")
@acting_as
def thaw(key: str, when: str, email: str) -> None:
    """Make a candidate a draft again; its sign-offs lapse."""
    with acting(key, email, Action.RUN_EDITIONS) as at:
        row = edition_row(at.session, at.charter, when, unpublished=True)
        editions.thaw(at.session, at.charter, row, by=at.by, now=clock.now())
        click.echo(f"{when}: {row.state}.")


@edition.command("signoff")
@click.argument("key", metavar="CHARTER")
@click.argument("when", metavar="DATE")
@acting_as
def sign_off(key: str, when: str, email: str) -> None:
    """Put a governor's name under a candidate."""
    with acting(key, email, Action.RUN_EDITIONS) as at:
        row = edition_row(at.session, at.charter, when, unpublished=True)
        editions.sign_off(at.session, at.charter, row, by=at.by, now=clock.now())
        click.echo(f"{when}: signed off by {at.by.name}.")


@edition.command("approve")
@click.argument("key", metavar="CHARTER")
@click.argument("when", metavar="DATE")
@acting_as
def approve(key: str, when: str, email: str) -> None:
    """Approve a candidate: its PDF is made, and nothing of it changes any more."""
    with approving(key, email) as (database, by):
        editions.approve(database, key, when, by=by.id, now=clock.now())
    click.echo(f"{when}: approved.")


@edition.command("publish")
@click.argument("key", metavar="CHARTER")
@click.argument("when", metavar="DATE")
@acting_as
def publish(key: str, when: str, email: str) -> None:
    """Show an approved edition to everybody."""
    with acting(key, email, Action.RUN_EDITIONS) as at:
        row = edition_row(at.session, at.charter, when, unpublished=True)
        editions.publish(at.session, at.charter, row, by=at.by.id, now=clock.now())
        click.echo(f"{when}: {row.state}.")


@edition.command("withdraw")
@click.argument("key", metavar="CHARTER")
@click.argument("when", metavar="DATE")
@acting_as
@click.option("--reason", required=True, help="People who cited it read it.")
def withdraw(key: str, when: str, email: str, reason: str) -> None:
    """Say of a published edition that it no longer holds."""
    with acting(key, email, Action.RUN_EDITIONS) as at:
        row = edition_row(at.session, at.charter, when, unpublished=True)
        editions.withdraw(at.session, at.charter, row, by=at.by, now=clock.now(), reason=reason)
        click.echo(f"{when}: {row.state}.")


COMMANDS = (edition,)
