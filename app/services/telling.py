"""What people are told of proposals, reviews and editions: whom, and in which sentence."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.editions import Edition
from app.db.models.proposals import Proposal
from app.db.models.reviews import Review
from app.queries.follows import followers, people_with_role
from app.queries.notices import writers
from app.queries.partners import signed_earlier
from app.queries.people import Account
from app.queries.proposals import proposal_row
from app.rules.majorities import Position
from app.rules.notices import Happening
from app.rules.permissions import Role
from app.rules.relations import RelationKind
from app.services.following import follow_if_new
from app.services.notices import tell
from app.services.proposal_news import called

_TAKEN = {Position.SUPPORT: "supports", Position.OBJECT: "objects to", Position.ABSTAIN: "abstains on"}


def proposal_written(session: Session, charter: Charter, proposal: Proposal, *, by: Account, now: datetime) -> None:
    """Whoever writes a proposal hears what becomes of it."""
    follow_if_new(session, charter, by.id, f"proposal {proposal.number}", now=now)


def proposal_submitted(
    session: Session, charter: Charter, proposal: Proposal, *, record: int, by: Account, now: datetime
) -> None:
    """Everybody with a role hears of a new proposal. ``record`` is the number of the record of this act.

    Whose proposal it offers to amend hears of it as that, and not twice.
    """
    words = f"{by.name} put {called(session, proposal)} before everybody."
    people = people_with_role(session, charter)
    if proposal.relation == RelationKind.AMENDMENT and proposal.related is not None:
        people -= {proposal_row(session, charter, proposal.related, by).author_id}
    _tell(session, charter, proposal, people, Happening.PROPOSED, record, words, by, now)


def proposal_returned(
    session: Session, charter: Charter, proposal: Proposal, *, record: int, by: Account, now: datetime
) -> None:
    """Those who wrote a proposal hear that it is theirs again, and why."""
    words = f"{by.name} returned {called(session, proposal)} to its author."
    people = writers(session, proposal)
    reason = proposal.state_reason
    _tell(session, charter, proposal, people, Happening.RETURNED, record, words, by, now, reason)


def proposal_withdrawn(
    session: Session, charter: Charter, proposal: Proposal, *, record: int, by: Account, now: datetime
) -> None:
    """Those who follow a proposal hear that its author took it back, and why."""
    words = f"{by.name} withdrew {called(session, proposal)}."
    people = _followers(session, charter, proposal)
    reason = proposal.state_reason
    _tell(session, charter, proposal, people, Happening.WITHDRAWN, record, words, by, now, reason)


def proposal_edited(
    session: Session, charter: Charter, proposal: Proposal, *, record: int, by: Account, now: datetime
) -> None:
    """Those who follow a proposal hear that its words changed: what they said was about the earlier ones.

    Whose name stood under an earlier version hears that it does not stand under these words.
    """
    words = f"{by.name} made version {proposal.version} of {called(session, proposal)}."
    people = _followers(session, charter, proposal)
    signed = people & signed_earlier(session, proposal)
    _tell(session, charter, proposal, people - signed, Happening.EDITED, record, words, by, now)
    lapsed = f"{words} Your name stands under the earlier words only: read the new ones, and sign them if you agree."
    _tell(session, charter, proposal, signed, Happening.EDITED, record, lapsed, by, now)


def proposal_reviewed(
    session: Session, charter: Charter, proposal: Proposal, review: Review, *, by: Account, now: datetime
) -> None:
    """Its author and those who follow it hear of a review; whoever reviewed hears from now on what becomes of it."""
    object = f"proposal {proposal.number}"
    what = "" if review.change_number is None else f"change {proposal.number}.{review.change_number} of "
    tell(
        session,
        charter,
        _followers(session, charter, proposal) | {proposal.author_id},
        kind=Happening.REVIEWED,
        key=f"review {review.id}",
        object=object,
        address=f"/{charter.key}/proposals/{proposal.number}#page.reviews",
        words=f"{by.name} {_TAKEN[Position(review.position)]} {what}{called(session, proposal)}.",
        by=by.id,
        now=now,
        quote=review.text,
    )
    follow_if_new(session, charter, by.id, object, now=now)


def edition_frozen(session: Session, charter: Charter, edition: Edition, *, by: int, now: datetime) -> None:
    """The other governors hear that a candidate waits for their sign-off, again after each time it was thawed."""
    tell(
        session,
        charter,
        people_with_role(session, charter, Role.GOVERNOR),
        kind=Happening.TO_SIGN,
        key=f"freeze edition {edition.key} {now.isoformat()}",
        object=f"edition {edition.key}",
        address=f"/{charter.key}/editions/{edition.key}/steps",
        words=f"The edition “{edition.label}” is frozen and waits for sign-offs: read it as it will be printed.",
        by=by,
        now=now,
    )


def edition_withdrawn(session: Session, charter: Charter, edition: Edition, *, by: int, now: datetime) -> None:
    """Everybody with a role hears that an edition no longer holds, and why."""
    tell(
        session,
        charter,
        people_with_role(session, charter),
        kind=Happening.EDITION_WITHDRAWN,
        key=f"withdraw edition {edition.key}",
        object=f"edition {edition.key}",
        address=f"/{charter.key}/editions/{edition.key}",
        words=f"The edition “{edition.label}” of the charter was withdrawn.",
        by=by,
        now=now,
        quote=edition.state_reason,
    )


def edition_published(session: Session, charter: Charter, edition: Edition, *, by: int | None, now: datetime) -> None:
    """Everybody with a role hears of a new edition."""
    tell(
        session,
        charter,
        people_with_role(session, charter),
        kind=Happening.PUBLISHED,
        key=f"edition {edition.key}",
        object=f"edition {edition.key}",
        address=f"/{charter.key}/editions/{edition.key}",
        words=f"The edition “{edition.label}” of the charter is published.",
        by=by,
        now=now,
    )


def _tell(
    session: Session,
    charter: Charter,
    proposal: Proposal,
    people: set[int],
    kind: Happening,
    record: int,
    words: str,
    by: Account,
    now: datetime,
    quote: str = "",
) -> None:
    tell(
        session,
        charter,
        people,
        kind=kind,
        key=f"record {record}",
        object=f"proposal {proposal.number}",
        address=f"/{charter.key}/proposals/{proposal.number}",
        words=words,
        by=by.id,
        now=now,
        quote=quote,
    )


def _followers(session: Session, charter: Charter, proposal: Proposal) -> set[int]:
    """Those who follow a proposal; of one that nobody else ever saw, only those who write it."""
    found = followers(session, charter, f"proposal {proposal.number}")
    return found if proposal.shown_at is not None else found & writers(session, proposal)
