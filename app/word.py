"""Word documents for all fronts: one text, or two texts or a proposal as tracked changes."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from threading import BoundedSemaphore
from typing import TypeVar

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal
from app.deps import CharterAccess, EditionAccess, ProposalAccess
from app.errors import NotFound, Unavailable
from app.files import file_response
from app.queries.change_views import change_views
from app.queries.editions import edition_row
from app.queries.naming import names
from app.queries.open_changes import OpenProposal, open_changes
from app.queries.origins import Origin, origins
from app.queries.printing import prepared_edition, prepared_revision
from app.queries.proposals import changed_snapshot, version_row
from app.queries.revisions import head_snapshot, made_at
from app.queries.texts import NamedText
from app.queries.thread_talks import Talk, public_talks
from app.redlines import compared, redline_name
from app.render.changes import ACTS, OUTCOMES
from app.render.kept import Kept
from app.render.word import MEDIA_TYPE, Said, Saying, Told, Tracked, Who, render_word, render_word_redline
from app.rules.edition_files import FileNames
from app.rules.permissions import Action
from app.rules.states import FIXED_EDITION
from app.text.change import Change
from app.text.comparing import compare
from app.text.dialect import plain
from app.text.prepared import PreparedEdition, RevisionFacts
from app.text.preparing import prepare
from app.text.snapshot import Snapshot
from app.text.together import Together, about, together

Made = TypeVar("Made")

# The longest texts take a second of a processor: one at a time leaves the others served.
_ONE = BoundedSemaphore(1)
_LONGEST_WAIT = 45
_KEPT: Kept[bytes] = Kept(16)


def edition_word(request: Request, where: EditionAccess) -> Response:
    """An edition as a Word document. It is a reading of the fixed text, made when it is asked for, and not its file."""
    at, edition = where.at, where.edition
    approved = edition.state in FIXED_EDITION
    octets = text_word(at.session, prepared_edition(at.session, at.charter, edition), approved=approved)
    name = f"{FileNames(at.charter.key, edition.key).stem}{'' if approved else '-not-approved'}.docx"
    return word_response(request, octets, name)


def revision_word(request: Request, at: CharterAccess, number: int) -> Response:
    """A revision as a Word document, marked as not approved; NotFound if there is none of that number."""
    octets = text_word(at.session, prepared_revision(at.session, at.charter, number), approved=False)
    return word_response(request, octets, f"{at.charter.key}-charter-revision-{number}.docx")


def text_word(session: Session, prepared: PreparedEdition, *, approved: bool) -> bytes:
    """The Word document of a text; meanwhile nothing of the database is held."""
    session.rollback()
    return in_turn(lambda: render_word(prepared, approved=approved))


def comparison_word(request: Request, at: CharterAccess, pair: str, old: NamedText, new: NamedText) -> Response:
    """Two texts as one Word document with tracked changes, each under the name of whoever proposed it."""
    octets = redline_word(at.session, at.charter, old, new, talks=at.may(Action.READ_WORKING_TEXT))
    return word_response(request, octets, redline_name(at.charter.key, pair, "docx"))


def redline_word(session: Session, charter: Charter, old: NamedText, new: NamedText, *, talks: bool = True) -> bytes:
    """The same as bytes, with the decisions and, with ``talks``, the open public comments as comments of Word.

    It says nothing of the day it is made on: the same two texts and comments give the same bytes.
    """
    found = origins(session, charter, old.revision, new.revision)
    times = made_at(session, charter, [one.revision for some in found.values() for one in some])
    before, after = (_told(session, charter, named) for named in (old, new))
    sheet = Tracked(
        charter=charter.key,
        old=before,
        new=after,
        made=compared(old, new),
        whose={place: _whose(some, times) for place, some in found.items()},
        unknown=Who(new.snapshot.front.organisation or charter.key, max(before.text.moment, after.text.moment)),
        revision=new.revision,
        said=(*_decided(found), *(_talks(session, charter) if talks and new.revision == charter.head else ())),
    )
    session.rollback()
    people = tuple(sorted((place, who.name, who.at) for place, who in sheet.whose.items()))
    texts = [(one.name, one.text.moment, one.text.files, one.text.label) for one in (before, after)]
    # What two revisions say never changes; what can is in the key.
    key = (charter.key, old.revision, new.revision, *texts, people, sheet.unknown, sheet.said)
    return _KEPT.get(key, lambda: in_turn(lambda: render_word_redline(sheet)))


def proposal_word(request: Request, where: ProposalAccess) -> Response:
    """What a proposal does to the text it was written on, as tracked changes of its author."""
    at, proposal = where.at, where.proposal
    version = version_row(at.session, proposal)
    base, changed = changed_snapshot(at.session, at.charter, proposal)
    standing = prepared_revision(at.session, at.charter, version.base_revision)
    facts = RevisionFacts(version.base_revision, version.created_at)
    wanted = prepare(changed, charter=at.charter.key, revision=facts, files=standing.files, logo=standing.logo)
    author = names(at.session, at.charter.id, {proposal.author_id})[proposal.author_id]
    by = Who(author, version.created_at)
    sheet = Tracked(
        charter=at.charter.key,
        old=Told(f"revision {version.base_revision}", base, standing),
        new=Told(f"proposal {proposal.number}", changed, wanted),
        made=compare(base, changed),
        whose={},
        unknown=by,
        revision=version.base_revision,
        said=_on_proposal(at, proposal, by, version.rationale),
    )
    at.session.rollback()
    octets = in_turn(lambda: render_word_redline(sheet))
    return word_response(request, octets, f"{at.charter.key}-proposal-{proposal.number}.docx")


def proposed_word(request: Request, at: CharterAccess) -> Response:
    """The working text with all that is proposed as tracked changes of those who propose it.

    What meets in one paragraph cannot all be tracked there: the oldest proposal is, the others are comments.
    NotFound if nothing is open.
    """
    session, charter = at.session, at.charter
    proposals, more = open_changes(session, charter)
    if not proposals:
        raise NotFound("No proposal is open, so there is nothing to put into the text. Take the working text itself.")
    standing = prepared_revision(session, charter, charter.head)
    head = head_snapshot(session, charter)
    moment = max(one.at for one in proposals)
    known = {str(one.number): one for one in proposals}
    talks = public_talks(session, charter)
    session.rollback()

    def make() -> bytes:
        made = together(head, [change for one in proposals for change in one.changes])
        facts = RevisionFacts(charter.head, max(moment, standing.moment))
        wanted = prepare(made.text, charter=charter.key, revision=facts, files=standing.files, logo=standing.logo)
        return render_word_redline(
            Tracked(
                charter=charter.key,
                old=Told("working text", head, standing),
                new=Told("what is proposed", made.text, wanted),
                made=compare(head, made.text),
                whose={place: Who(known[name].author, known[name].at) for place, name in made.taken.items()},
                unknown=Who(head.front.organisation or charter.key, facts.made_at),
                revision=charter.head,
                said=(*said_of_proposals(made, known, more, moment), *_beside(talks, head, made.text)),
            )
        )

    return word_response(request, in_turn(make), f"{charter.key}-all-that-is-proposed.docx")


def said_of_proposals(made: Together, known: Mapping[str, OpenProposal], more: int, now: datetime) -> Iterator[Said]:
    """Why each proposal was made, and what the changes say that found no room."""
    if more:
        told = f"{more} more proposals are open and not in this document."
        yield Said(None, (Saying("Engross", now, told),))
    explained: set[str] = set()
    for place, proposal in made.taken.items():
        if proposal not in explained:
            explained.add(proposal)
            one = known[proposal]
            why = f"Proposal {one.number}, “{one.title}”" + (f": {one.rationale}" if one.rationale else "")
            yield Said(None if place.startswith("front.") else place, (Saying(one.author, one.at, why),))
    for left in made.left:
        one, change = known[left.proposal], left.change
        name = f"Proposal {one.number}, “{one.title}”, wants to change this too. "
        told = "It would read:\n" + plain(change.after) if change.after else f"Here: {ACTS.get(change.kind, 'this')}."
        yield Said(_near(change), (Saying(one.author, one.at, name + told),))


def _near(change: Change) -> str:
    """Where a change is spoken of: what is new stands nowhere yet, but it has a place."""
    if change.place is not None and change.old is None and change.head_old is None:
        return change.place.after or change.place.section or about(change)
    return about(change)


def _beside(talks: Sequence[Talk], head: Snapshot, text: Snapshot) -> Iterator[Said]:
    """What is being said about the text; on their words where the paragraph stands as it stood."""
    before, after = ({block.id: block.text for _, _, block in one.placed_blocks()} for one in (head, text))
    for talk in talks:
        place = talk.head.block or talk.head.section
        same = before.get(place) == after.get(place)
        yield Said(place, _sayings(talk), talk.head.words if same else None)


def _told(session: Session, charter: Charter, named: NamedText) -> Told:
    if named.edition is None:
        return Told(named.name, named.snapshot, prepared_revision(session, charter, named.revision))
    row = edition_row(session, charter, named.edition, unpublished=True)
    return Told(named.name, named.snapshot, prepared_edition(session, charter, row))


def _whose(some: Sequence[Origin], times: Mapping[int, datetime]) -> Who:
    """Whose words they are: of all who proposed them, since the last of them went in."""
    people = list(dict.fromkeys(one.author for one in some))
    return Who(" and ".join(people), max(times[one.revision] for one in some))


def _decided(found: Mapping[str, Sequence[Origin]]) -> tuple[Said, ...]:
    """Who decided what went in, and why, on the words it is about."""
    return tuple(
        Said(
            None if place.startswith("front.") else place,
            (
                Saying(
                    one.decided_by,
                    one.decided_at,
                    _ruling(
                        f"{one.ref}, “{one.title}”, proposed by {one.author}",
                        "adopted_amended" if one.amended else "adopted",
                        one.reason,
                        against_rule=one.against_rule,
                    ),
                ),
            ),
        )
        for place, some in found.items()
        for one in some
    )


def _ruling(what: str, outcome: str, reason: str, *, against_rule: bool) -> str:
    told = f"{what}: {OUTCOMES[outcome].lower()}{', against the rule of the charter' if against_rule else ''}."
    return f"{told}\n{reason}" if reason else told


def _talks(session: Session, charter: Charter) -> tuple[Said, ...]:
    """What everybody may read of what is being said about the working text."""
    return tuple(
        Said(talk.head.block or talk.head.section, _sayings(talk), talk.head.words)
        for talk in public_talks(session, charter)
    )


def _on_proposal(at: CharterAccess, proposal: Proposal, by: Who, rationale: str) -> tuple[Said, ...]:
    """Why it was proposed, how its changes were decided, and what everybody may read of the discussion."""
    said = [Said(None, (Saying(by.name, by.at, f"Why: {rationale}"),))] if rationale else []
    views = change_views(at.session, at.charter, proposal)
    places = {view.number: view.block or view.section for view in views}
    for view in views:
        if view.decision is not None:
            one = view.decision
            told = _ruling(view.ref, one.outcome, one.reason, against_rule=one.against_rule)
            said.append(Said(places[view.number], (Saying(one.decided_by, one.decided_at, told),)))
    for talk in public_talks(at.session, at.charter, proposal=proposal.number):
        said.append(Said(places.get(talk.head.change or 0), _sayings(talk)))
    return tuple(said)


def _sayings(talk: Talk) -> tuple[Saying, ...]:
    return tuple(Saying(*one) for one in talk.comments)


def in_turn(make: Callable[[], Made]) -> Made:
    """One Word document at a time is made or read; `Unavailable` for whoever waited too long."""
    if not _ONE.acquire(timeout=_LONGEST_WAIT):
        raise Unavailable("Other Word documents are being worked on just now. Try again in a minute.", kind="busy")
    try:
        return make()
    finally:
        _ONE.release()


def word_response(request: Request, octets: bytes, name: str) -> Response:
    """A Word document to be saved; its tag is that of its bytes, and whoever has it is not sent it again."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    sha256 = hashlib.sha256(octets).hexdigest()
    return file_response(request, octets, sha256, MEDIA_TYPE, name, public=False, headers=headers)
