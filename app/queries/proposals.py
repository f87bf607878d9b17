"""Proposals as pages and the interface show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal, ProposalVersion
from app.errors import NotFound
from app.queries.change_views import ChangeView, change_views
from app.queries.changes import current_changes, operation, reference
from app.queries.drafts import hidden_from
from app.queries.naming import names
from app.queries.partners import PartnerView, partners
from app.queries.people import Account, standing
from app.queries.proposal_lists import standing_in_words
from app.queries.relations import Relations, relations
from app.queries.reviews import ReviewView, reviews
from app.queries.revisions import snapshot
from app.queries.settlements import Took
from app.rules.permissions import Action, permitted
from app.text.digest import canonical, digest
from app.text.snapshot import Snapshot
from app.text.weave import Proposed, weave


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with its changes and reviews. An amendment that was taken over says as which version of the other."""

    number: int
    version: int
    state: str
    state_reason: str
    standing: str
    title: str
    rationale: str
    author: str
    base_revision: int
    head: int
    created_at: datetime
    updated_at: datetime
    lock: int
    mine: bool
    review_by: date | None
    taken_into: int | None
    partners: Sequence[PartnerView]
    relations: Relations
    changes: Sequence[ChangeView]
    reviews: Sequence[ReviewView]


def proposal_row(session: Session, charter: Charter, number: int, person: Account | None) -> Proposal:
    """The proposal of that number; NotFound if there is none. A draft exists for its author and partners alone."""
    found = session.scalar(
        select(Proposal).where(Proposal.charter_id == charter.id, Proposal.number == number, ~hidden_from(person))
    )
    if found is None:
        raise NotFound(f"There is no proposal {number} in this charter.")
    return found


def version_row(session: Session, proposal: Proposal, version: int | None = None) -> ProposalVersion:
    """The newest version, or the one of that number."""
    return session.execute(
        select(ProposalVersion).where(
            ProposalVersion.proposal_id == proposal.id,
            ProposalVersion.version == (proposal.version if version is None else version),
        )
    ).scalar_one()


def words_digest(version: ProposalVersion) -> str:
    """The hash under which a record speaks of the title and the reasons of one version."""
    return digest(canonical([version.title, version.rationale, version.base_revision]))


def proposal_view(session: Session, charter: Charter, proposal: Proposal, person: Account | None) -> ProposalView:
    """Everything about one proposal, its changes classified against the working text."""
    version = version_row(session, proposal)
    stands = standing(session, person, charter)
    inside = Action.READ_MEMBERS_THREADS in permitted(stands, open_charter=charter.open)
    shown = change_views(session, charter, proposal, naming_the_silent=inside)
    return ProposalView(
        number=proposal.number,
        version=proposal.version,
        state=proposal.state,
        state_reason=proposal.state_reason,
        standing=standing_in_words(
            proposal.state,
            current_changes(session, proposal),
            (proposal.related, proposal.taken_into),
            sum(change.took == Took.LEFT for change in shown),
        ),
        title=version.title,
        rationale=version.rationale,
        author=names(session, charter.id, {proposal.author_id})[proposal.author_id],
        base_revision=version.base_revision,
        head=charter.head,
        created_at=proposal.created_at,
        updated_at=proposal.updated_at,
        lock=proposal.lock,
        mine=person is not None and person.id == proposal.author_id,
        review_by=proposal.review_by,
        taken_into=proposal.taken_into,
        partners=partners(session, proposal, person),
        relations=relations(session, charter, proposal, person),
        changes=shown,
        reviews=reviews(session, proposal),
    )


def changed_snapshot(session: Session, charter: Charter, proposal: Proposal) -> tuple[Snapshot, Snapshot]:
    """The base of a proposal's newest version and that base with all its changes in: what its redline compares."""
    version = version_row(session, proposal)
    base = snapshot(session, charter, version.base_revision)
    rows = [row for row in current_changes(session, proposal) if row.base_revision == version.base_revision]
    made = [Proposed(reference(proposal, row), operation(row), base) for row in rows]
    return base, weave(base, made, {}).snapshot
