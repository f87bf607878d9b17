"""Commands about people: users, their roles, sign-in links and API tokens."""

import json

import click

from app import clock
from app.cli.installation import opened
from app.errors import BadInput
from app.queries.charters import charter_row
from app.queries.people import people as everybody
from app.queries.people import person_by_email
from app.rules.permissions import Role
from app.services import people, sessions

_ROLE = click.Choice([str(role) for role in Role])


@click.group("user")
def user() -> None:
    """People: add them, list them, change their role, remove them, make a sign-in link."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="Their name, as others will read it.")
@click.option("--charter", "charter_key", help="The charter they get a role in.")
@click.option("--role", type=_ROLE, help="What they are in that charter (member if not said).")
@click.option("--admin", is_flag=True, help="Make them an administrator of this installation.")
def add_user(email: str, name: str, charter_key: str | None, role: str | None, admin: bool) -> None:
    """Add somebody."""
    if role is not None and charter_key is None:
        raise BadInput("A role is held in a charter: name it with --charter.")
    with opened() as (_, database), database.writing() as session:
        now = clock.now()
        charter = charter_row(session, charter_key, lock=True) if charter_key is not None else None
        person = people.add_person(session, email, name, admin=admin, by=None, now=now)
        if charter is not None:
            people.set_role(session, person, charter, role or Role.MEMBER, by=None, now=now)
    click.echo(f"Added {email.strip().lower()}.")


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_users(as_json: bool) -> None:
    """List everybody with their roles."""
    with opened() as (_, database), database.reading() as session:
        views = everybody(session)
    if as_json:
        rows = [
            {
                "email": v.email,
                "name": v.name,
                "admin": v.admin,
                "removed": v.removed,
                "roles": [{"charter": r.charter, "role": r.role} for r in v.roles],
            }
            for v in views
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for view in views:
        said = [f"{r.role} of {r.charter}" for r in view.roles]
        said += ["administrator"] if view.admin else []
        said += ["removed"] if view.removed else []
        click.echo(f"{view.email}\t{view.name}\t{', '.join(said) or 'no role'}")


@user.command("role")
@click.argument("email")
@click.argument("charter_key", metavar="CHARTER")
@click.argument("role", type=click.Choice([*(str(r) for r in Role), "none"]))
def change_role(email: str, charter_key: str, role: str) -> None:
    """Make somebody member or governor of a charter, or neither."""
    with opened() as (_, database), database.writing() as session:
        charter = charter_row(session, charter_key, lock=True)
        person = person_by_email(session, email)
        people.set_role(session, person, charter, None if role == "none" else role, by=None, now=clock.now())
    click.echo(f"{email} is now {role} of {charter_key}.")


@user.command("remove")
@click.argument("email")
def remove_user(email: str) -> None:
    """Take away every access of somebody, at once. Their words and decisions stay."""
    with opened() as (_, database), database.writing() as session:
        people.remove_person(session, person_by_email(session, email), by=None, now=clock.now())
    click.echo(f"Removed {email}.")


@user.command("link")
@click.argument("email")
def make_link(email: str) -> None:
    """Print a one-time address that signs somebody in, good for 15 minutes, and nothing else."""
    with opened() as (settings, database), database.writing() as session:
        secret = sessions.make_link(session, person_by_email(session, email), by=None, now=clock.now())
        click.echo(f"{settings.address}/sign-in/{secret}")


@click.group("token")
def token() -> None:
    """API tokens."""


@token.command("create")
@click.argument("email")
@click.option("--days", type=int, help="For how many days it is good; without it, until it is revoked.")
@click.option("--read-only", is_flag=True, help="It can read and nothing else.")
@click.option("--name", default="", help="What it is for, so that its owner knows it again.")
@click.option("--charter", "charter_key", help="The one charter it is good in; without it, all of them.")
def create_token(email: str, days: int | None, read_only: bool, name: str, charter_key: str | None) -> None:
    """Print one API token, and nothing else. It is shown this once."""
    with opened() as (_, database), database.writing() as session:
        person = person_by_email(session, email)
        charter = None if charter_key is None else charter_row(session, charter_key)
        secret = sessions.create_token(
            session, person, days=days, read_only=read_only, by=None, now=clock.now(), name=name, charter=charter
        )
    click.echo(secret)


COMMANDS = (user, token)
