"""Partners of a proposal: whom its author shows it to, and who put their name under it too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposalPartner
from app.queries.naming import shown_name
from app.queries.people import Account
from app.text.digest import canonical, digest


@dataclass(frozen=True, slots=True)
class PartnerView:
    """Somebody a proposal is shared with; ``signed_version`` is the version they put their name under, None if none.

    ``on_earlier_version`` says that the proposal has moved on since.
    """

    id: int
    name: str
    shared_at: datetime
    signed_at: datetime | None
    signed_version: int | None
    on_earlier_version: bool

    @property
    def signed(self) -> bool:
        """Whether they put their name under it."""
        return self.signed_at is not None


def partner_row(session: Session, proposal: Proposal, person: int) -> ProposalPartner | None:
    """The partnership of that person (by id) in the proposal, None if there is none."""
    return session.scalar(
        select(ProposalPartner).where(ProposalPartner.proposal_id == proposal.id, ProposalPartner.person_id == person)
    )


def signed_earlier(session: Session, proposal: Proposal) -> set[int]:
    """Those (by id) whose name stands under an earlier version of the proposal than the present one."""
    return set(
        session.scalars(
            select(ProposalPartner.person_id).where(
                ProposalPartner.proposal_id == proposal.id, ProposalPartner.signed_version < proposal.version
            )
        )
    )


def partners(session: Session, proposal: Proposal, person: Account | None) -> Sequence[PartnerView]:
    """The partners that somebody may know of, in the order they came: all of them for its author and for each other.

    Everybody else sees those who put their name under it.
    """
    rows = session.execute(
        select(ProposalPartner, shown_name(proposal.charter_id))
        .join(Person, Person.id == ProposalPartner.person_id)
        .where(ProposalPartner.proposal_id == proposal.id)
        .order_by(ProposalPartner.id)
    ).all()
    among = {proposal.author_id, *(row.person_id for row, _ in rows)}
    inside = person is not None and person.id in among
    return [
        PartnerView(
            id=row.person_id,
            name=name,
            shared_at=row.created_at,
            signed_at=row.signed_at,
            signed_version=row.signed_version,
            on_earlier_version=row.signed_version is not None and row.signed_version < proposal.version,
        )
        for row, name in rows
        if inside or row.signed_at is not None
    ]


def partners_digest(views: Sequence[PartnerView]) -> str:
    """A short hash of who is a partner and who signed what: another one as soon as any of it changes."""
    return digest(canonical([[view.id, view.signed_version] for view in views]))[:16]
