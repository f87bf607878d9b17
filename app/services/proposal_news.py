"""Telling people of what happens to one proposal besides its way to a decision: how it is named, and the link."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal
from app.queries.people import Account
from app.queries.proposals import version_row
from app.rules.notices import Happening
from app.services import notices


def called(session: Session, proposal: Proposal) -> str:
    """A proposal as a sentence names it: proposal 12 “Other words”."""
    return f"proposal {proposal.number} “{version_row(session, proposal).title}”"


def tell_of(
    session: Session,
    charter: Charter,
    proposal: Proposal,
    people: Iterable[int],
    kind: Happening,
    words: str,
    *,
    key: str,
    by: Account,
    now: datetime,
    anchor: str = "",
    hidden: bool = False,
) -> None:
    """Tell people (by id) of it; the link leads to the page of the proposal, to the ``anchor`` on it if given.

    ``hidden``: it does not exist for them any more, so the link leads to the list of proposals.
    """
    notices.tell(
        session,
        charter,
        people,
        kind=kind,
        key=key,
        object=f"proposal {proposal.number}",
        address=f"/{charter.key}/proposals" if hidden else f"/{charter.key}/proposals/{proposal.number}{anchor}",
        words=words,
        by=by.id,
        now=now,
    )
