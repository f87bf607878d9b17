"""What notices are about, so that what belongs together stands together: a proposal with its comments, an edition."""

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.editions import Edition
from app.db.models.proposals import Proposal, ProposalPartner, ProposalVersion
from app.db.models.threads import Thread
from app.queries.thread_words import stored_anchor, subject
from app.rules.notices import Topic

_MOST = 400

About = tuple[int, str]
"""A charter by its row id, and a thing in it as records name it: "proposal 12", "thread 4"."""


def topics(session: Session, things: Collection[About], person: int) -> dict[About, Topic]:
    """What each of these things is part of, for that person (by id).

    What is a thing of its own, such as a revision, is not there, and neither is what does not exist for them.
    """
    found: dict[About, Topic] = {}
    for charter in sorted({charter for charter, _ in things}):
        key = session.scalar(select(Charter.key).where(Charter.id == charter)) or ""
        named = [thing.partition(" ") for of, thing in things if of == charter]
        threads = _threads(session, charter, key, {int(n) for word, _, n in named if word == "thread" and n.isdigit()})
        wanted = {int(n) for word, _, n in named if word == "proposal" and n.isdigit()}
        wanted |= {of for of in threads.values() if isinstance(of, int)}
        proposals = dict(_proposals(session, charter, key, wanted, person))
        editions = _editions(session, charter, key, {name for word, _, name in named if word == "edition"})
        for word, _, name in named:
            topic: Topic | None = None
            if word == "thread" and name.isdigit():
                of = threads.get(int(name))
                topic = proposals.get(of) if isinstance(of, int) else of
            elif word == "proposal" and name.isdigit():
                topic = proposals.get(int(name))
            elif word == "edition":
                topic = editions.get(name)
            if topic is not None:
                found[charter, f"{word} {name}"] = topic
    return found


def _threads(session: Session, charter: int, key: str, numbers: Collection[int]) -> dict[int, Topic | int]:
    """By its number what a thread is about: itself, or the proposal of that number."""
    found: dict[int, Topic | int] = {}
    for some in _parts(numbers):
        rows = session.execute(
            select(Thread.number, Thread.first_anchor, Proposal.number.label("proposal"))
            .outerjoin(Proposal, Proposal.id == Thread.proposal_id)
            .where(Thread.charter_id == charter, Thread.number.in_(some))
        )
        for number, anchor, proposal in rows:
            line = f"Comment {number} on {subject(None, None, stored_anchor(anchor))}"
            found[number] = proposal or Topic(f"{key} thread {number}", line, f"/{key}/threads/{number}")
    return found


def _proposals(
    session: Session, charter: int, key: str, numbers: Collection[int], person: int
) -> Iterator[tuple[int, Topic]]:
    shared = select(ProposalPartner.proposal_id).where(ProposalPartner.person_id == person)
    seen = or_(Proposal.shown_at.is_not(None), Proposal.author_id == person, Proposal.id.in_(shared))
    for some in _parts(numbers):
        rows = session.execute(
            select(Proposal.number, ProposalVersion.title)
            .join(
                ProposalVersion,
                (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Proposal.version),
            )
            .where(Proposal.charter_id == charter, Proposal.number.in_(some), seen)
        )
        for number, title in rows:
            line = f"Proposal {number}: {' '.join(title.split())}"
            yield number, Topic(f"{key} proposal {number}", line, f"/{key}/proposals/{number}")


def _editions(session: Session, charter: int, key: str, names: Collection[str]) -> Mapping[str, Topic]:
    rows = session.execute(
        select(Edition.key, Edition.label).where(Edition.charter_id == charter, Edition.key.in_(names))
    )
    return {
        name: Topic(f"{key} edition {name}", f"Edition “{label}”", f"/{key}/editions/{name}") for name, label in rows
    }


def _parts(numbers: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _MOST):
        yield ordered[start : start + _MOST]
