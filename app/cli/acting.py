"""Acting for somebody on the command line: whoever runs it has the machine, and names the person who acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click
from sqlalchemy.orm import Session

from app.cli.installation import opened
from app.db.engine import Database
from app.db.models.charters import Charter
from app.db.models.proposals import Proposal
from app.errors import NotAllowed
from app.queries.charters import charter_row
from app.queries.people import Account, account, person_by_email, standing
from app.queries.proposals import proposal_row
from app.rules.permissions import Action, permitted

acting_as = click.option("--as", "email", required=True, metavar="EMAIL", help="Who acts; their role decides.")


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody at work on a charter, in one transaction."""

    session: Session
    charter: Charter
    by: Account

    def proposal(self, number: int) -> Proposal:
        """A proposal they can see."""
        return proposal_row(self.session, self.charter, number, self.by)


@contextmanager
def acting(key: str, email: str, action: Action) -> Iterator[Acting]:
    """The charter and the person, held for one act; NotAllowed unless their role permits it."""
    with opened() as (_, database), database.writing() as session:
        charter = charter_row(session, key, lock=True)
        yield Acting(session, charter, _permitted(session, charter, email, action))


@contextmanager
def approving(key: str, email: str) -> Iterator[tuple[Database, Account]]:
    """The database and the person for an act that makes its own transactions."""
    with opened() as (_, database):
        with database.reading() as session:
            by = _permitted(session, charter_row(session, key), email, Action.RUN_EDITIONS)
        yield database, by


def _permitted(session: Session, charter: Charter, email: str, action: Action) -> Account:
    by = account(person_by_email(session, email))
    if action not in permitted(standing(session, by, charter), open_charter=charter.open):
        raise NotAllowed(f"With their role in {charter.key}, {by.email} cannot {action}.")
    return by
