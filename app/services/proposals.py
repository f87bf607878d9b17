"""Proposals: writing one, editing it while it is open, submitting, returning and withdrawing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.errors import BadInput, NotAllowed, Refused
from app.queries.changes import changes_digest, current_changes, operation, reference
from app.queries.people import Account
from app.queries.proposals import version_row, words_digest
from app.queries.revisions import snapshot
from app.rules.relations import Relation
from app.rules.states import ADOPTED, UNSETTLED, Outcome, ProposalState, after_proposal_act
from app.services import records, refitting, relations, telling
from app.text.change import Change, change_to_json
from app.text.derive import Derived, Submission, derive, keep_numbers
from app.text.dialect import clean
from app.text.digest import canonical, digest
from app.text.wanted import wanted
from app.tokens import new_id

LONGEST_TITLE = 300
LONGEST_RATIONALE = 20_000

_STILL_TO_MERGE = (*ADOPTED, Outcome.DEFERRED)
_IN_WORDS = {
    Outcome.REJECTED: "rejected",
    Outcome.ADOPTED: "adopted",
    Outcome.ADOPTED_AMENDED: "adopted in other words",
    Outcome.DEFERRED: "put off by the governors",
}

# Who is told of each act that moves a proposal on.
_TOLD = {
    "submit": telling.proposal_submitted,
    "withdraw": telling.proposal_withdrawn,
    "return": telling.proposal_returned,
}


@dataclass(frozen=True, slots=True)
class Written:
    """A proposal as it was just stored, and what the product did with the text on its way, in words."""

    proposal: Proposal
    reports: tuple[str, ...]


def propose(
    session: Session,
    charter: Charter,
    *,
    by: Account,
    now: datetime,
    title: str,
    rationale: str,
    base_revision: int,
    submission: Submission,
    submit: bool,
    relation: Relation | None = None,
) -> Written:
    """Write a new proposal: the typed changes are derived by comparing what was sent with the base revision.

    It is a draft that only its author sees, or open at once if ``submit``; with a ``relation`` it is an alternative or
    an amendment to another one. BadInput if there is nothing to propose.
    """
    _check_base(charter, base_revision)
    name, reasons = _title(title), _words(rationale, LONGEST_RATIONALE, "A reason")
    if relation is not None:
        relations.check_relation(session, charter, relation, by=by)
    derived = derive(snapshot(session, charter, base_revision), submission, new_id)
    if not derived.changes:
        raise BadInput("This is the text as it stands: there is nothing to propose yet.", kind="nothing-changed")
    charter.proposals_made += 1
    proposal = Proposal(
        charter_id=charter.id,
        number=charter.proposals_made,
        author_id=by.id,
        state=ProposalState.OPEN if submit else ProposalState.DRAFT,
        created_at=now,
        updated_at=now,
        shown_at=now if submit else None,
        changes_made=len(derived.changes),
        relation="" if relation is None else relation.kind,
        related=None if relation is None else relation.to,
        wording_hash=wanted(derived.changes),
    )
    session.add(proposal)
    session.flush()
    _store_version(session, proposal, name, reasons, base_revision, now)
    for change in derived.changes:
        _store_change(session, proposal, change, base_revision)
    session.flush()
    refitting.note_fits(session, charter, proposal)
    rows = current_changes(session, proposal)
    after = changes_digest(derived.changes)
    number = _record(session, charter, proposal, by, now, "propose", after=after, changes=rows)
    telling.proposal_written(session, charter, proposal, by=by, now=now)
    if submit:
        telling.proposal_submitted(session, charter, proposal, record=number, by=by, now=now)
        relations.offer(session, charter, proposal, by=by, now=now)
    return Written(proposal, derived.reports)


def edit(
    session: Session,
    charter: Charter,
    proposal: Proposal,
    *,
    by: Account,
    now: datetime,
    title: str | None,
    rationale: str | None,
    base_revision: int | None,
    submission: Submission | None,
) -> Written:
    """Make a new version of one's own proposal. It can touch only changes that are not decided yet.

    What is not given stays. Changes that are the same as before keep their numbers; no number is given twice. What says
    the same in everything makes no version: nobody has to read and review it anew.
    """
    check_author(proposal, by)
    after_proposal_act("edit", proposal.state)
    earlier = version_row(session, proposal)
    base = earlier.base_revision if base_revision is None else base_revision
    _check_base(charter, base)
    name = earlier.title if title is None else _title(title)
    reasons = earlier.rationale if rationale is None else _words(rationale, LONGEST_RATIONALE, "A reason")
    derived: Derived | None = None
    if submission is not None:
        derived = derive(snapshot(session, charter, base), submission, new_id)
        if not derived.changes:
            raise BadInput(
                "Nothing would be left of this proposal. If that is what you want, withdraw it.", kind="nothing-changed"
            )
    elif base != earlier.base_revision:
        raise BadInput("A new base revision needs the text that is proposed on it.")
    changes = None if derived is None else derived.changes
    said = (earlier.title, earlier.rationale, earlier.base_revision)
    if (name, reasons, base) == said and (changes is None or _are_as_before(session, proposal, changes)):
        return Written(proposal, derived.reports if derived else ())
    number = make_version(session, charter, proposal, name, reasons, base, changes, by=by, now=now)
    telling.proposal_edited(session, charter, proposal, record=number, by=by, now=now)
    return Written(proposal, derived.reports if derived else ())


def _are_as_before(session: Session, proposal: Proposal, changes: Sequence[Change]) -> bool:
    """Whether these are the changes there are; those that are decided may be left out, since nothing touches them."""
    rows = {row.number: row for row in current_changes(session, proposal)}
    earlier = {number: operation(row) for number, row in rows.items()}
    numbered = {c.number: c for c in keep_numbers(list(earlier.values()), changes, proposal.changes_made + 1)}
    left_out = {n for n, row in rows.items() if n not in numbered and row.outcome == Outcome.PENDING}
    return not left_out and all(earlier.get(number) == change for number, change in numbered.items())


def make_version(
    session: Session,
    charter: Charter,
    proposal: Proposal,
    title: str,
    rationale: str,
    base: int,
    changes: Sequence[Change] | None,
    *,
    by: Account,
    now: datetime,
) -> int:
    """Store and record the next version of a proposal; the answer is the number of the record.

    Without ``changes`` only its title and reasons are new. Refused if they rewrite what was decided already.
    """
    proposal.state = after_proposal_act("edit", proposal.state)
    proposal.version += 1
    proposal.updated_at = now
    _store_version(session, proposal, title, rationale, base, now)
    if changes is not None:
        _replace_changes(session, proposal, changes, base)
    session.flush()
    rows = current_changes(session, proposal)
    _refuse_parted(proposal, rows)
    proposal.wording_hash = wanted([operation(row) for row in rows])
    _settle(proposal, rows)
    session.flush()
    refitting.note_fits(session, charter, proposal)
    after = changes_digest([operation(c) for c in rows])
    return _record(session, charter, proposal, by, now, "edit proposal", after=after, changes=rows)


def _refuse_parted(proposal: Proposal, rows: Sequence[ProposedChange]) -> None:
    """Refused if a change that was adopted or deferred would be left without one it needs: it could never be merged."""
    there = {row.number for row in rows}
    for row in rows:
        if row.outcome not in _STILL_TO_MERGE or row.merged_revision is not None:
            continue
        lost = [n for n in operation(row).needs if n not in there]
        if lost:
            name, needed = reference(proposal, row), f"{proposal.number}.{lost[0]}"
            raise Refused(
                f"Change {name} makes no sense without {needed}, and {name} is {_IN_WORDS[Outcome(row.outcome)]}. "
                f"Leave {needed} as it was. If it should say something else, say so in a comment on it: the governors "
                "can adopt it in other words.",
                kind="needed",
                details={"change": name, "needs": needed},
            )


def _settle(proposal: Proposal, rows: Sequence[ProposedChange]) -> None:
    """An open proposal is decided once its author took out what was still to be decided."""
    if proposal.state == ProposalState.OPEN and all(row.outcome not in UNSETTLED for row in rows):
        proposal.state = ProposalState.DECIDED


def submit(
    session: Session, charter: Charter, proposal: Proposal, *, by: Account, now: datetime, reason: str = ""
) -> None:
    """Put one's own draft, or what was returned, before everybody."""
    check_author(proposal, by)
    words = _words(reason, LONGEST_RATIONALE, "A reason")
    _advance(session, charter, proposal, "submit", by, now, reason=words)


def withdraw(
    session: Session, charter: Charter, proposal: Proposal, *, by: Account, now: datetime, reason: str = ""
) -> None:
    """Take one's own proposal back. Not once something of it was decided: that is the governors' by then."""
    check_author(proposal, by)
    words = _words(reason, LONGEST_RATIONALE, "A reason")
    if any(c.outcome not in (Outcome.PENDING, Outcome.DEFERRED) for c in current_changes(session, proposal)):
        raise Refused("Parts of this proposal are decided already, so it cannot be withdrawn.", kind="already-decided")
    _advance(session, charter, proposal, "withdraw", by, now, reason=words)


def return_to_author(
    session: Session, charter: Charter, proposal: Proposal, *, by: Account, now: datetime, reason: str
) -> None:
    """Give a proposal back to its author, saying why."""
    if not reason.strip():
        raise BadInput("Say why it is returned: its author needs a reason.")
    _advance(session, charter, proposal, "return", by, now, reason=_words(reason, LONGEST_RATIONALE, "A reason"))


def _advance(
    session: Session, charter: Charter, proposal: Proposal, act: str, by: Account, now: datetime, reason: str = ""
) -> None:
    before = proposal.state
    proposal.state = after_proposal_act(act, proposal.state)
    proposal.state_reason = reason
    if proposal.state == ProposalState.OPEN and proposal.shown_at is None:
        proposal.shown_at = now
    proposal.updated_at = now
    _settle(proposal, current_changes(session, proposal))
    session.flush()
    if act == "submit":
        # A draft was not looked at when the text moved under it.
        refitting.note_fits(session, charter, proposal)
    number = _record(
        session, charter, proposal, by, now, f"{act} proposal", before=before, after=proposal.state, reason=reason
    )
    _TOLD[act](session, charter, proposal, record=number, by=by, now=now)
    if act == "submit":
        relations.offer(session, charter, proposal, by=by, now=now)


def check_author(proposal: Proposal, by: Account) -> None:
    """NotAllowed unless this person wrote the proposal."""
    if proposal.author_id != by.id:
        raise NotAllowed("Only its author can do this with a proposal.")


def _check_base(charter: Charter, base: int) -> None:
    if not 1 <= base <= charter.head:
        raise BadInput(f"The base revision has to be one from 1 to {charter.head}.", kind="no-such-base")


def _store_version(
    session: Session, proposal: Proposal, title: str, rationale: str, base_revision: int, now: datetime
) -> None:
    session.add(
        ProposalVersion(
            proposal_id=proposal.id,
            version=proposal.version or 1,
            base_revision=base_revision,
            title=title,
            rationale=rationale,
            created_at=now,
        )
    )


def _title(text: str) -> str:
    name = " ".join(_words(text, LONGEST_TITLE, "A title").split())
    if not name:
        raise BadInput("A proposal needs a title: a few words that say what it wants.")
    return name


def _words(text: str, longest: int, what: str) -> str:
    cleaned = clean(text).strip()
    if len(cleaned) > longest:
        raise BadInput(f"{what} may have {longest:,} characters at most; this has {len(cleaned):,}.")
    return cleaned


def _store_change(session: Session, proposal: Proposal, change: Change, base_revision: int) -> None:
    session.add(
        ProposedChange(
            proposal_id=proposal.id,
            number=change.number,
            first_version=proposal.version or 1,
            base_revision=base_revision,
            kind=change.kind,
            section_id=change.section,
            block_id=change.block,
            operation=canonical(change_to_json(change)),
            outcome=Outcome.PENDING,
        )
    )


def _replace_changes(session: Session, proposal: Proposal, derived: Sequence[Change], base: int) -> None:
    """Put the new version's changes in the place of the pending ones; what is decided stays as it was decided."""
    rows = {row.number: row for row in current_changes(session, proposal)}
    earlier = [operation(row) for row in rows.values()]
    numbered = keep_numbers(earlier, derived, proposal.changes_made + 1)
    kept = {change.number for change in numbered if change.number in rows}
    decided = {n: row for n, row in rows.items() if row.outcome != Outcome.PENDING}
    taken = {row.block_id for n, row in decided.items() if n not in kept and row.block_id is not None}
    for change in numbered:
        if change.number not in rows and change.block in taken:
            row = next(row for row in decided.values() if row.block_id == change.block)
            raise Refused(
                f"This version rewrites a paragraph on which change {reference(proposal, row)} of the same proposal "
                f"is {_IN_WORDS[Outcome(row.outcome)]} already. Leave that paragraph as it was, or make a new "
                "proposal for it.",
                kind="already-decided",
            )
    for number, row in rows.items():
        if number in kept:
            row.operation = canonical(change_to_json(next(c for c in numbered if c.number == number)))
            row.base_revision = row.base_revision if number in decided else base
        elif number not in decided:
            row.last_version = proposal.version - 1
    for change in numbered:
        if change.number not in rows:
            _store_change(session, proposal, change, base)
    proposal.changes_made = max([proposal.changes_made, *(c.number for c in numbered)])


def _record(
    session: Session,
    charter: Charter,
    proposal: Proposal,
    by: Account,
    now: datetime,
    act: str,
    *,
    before: str = "",
    after: str = "",
    reason: str = "",
    changes: Sequence[ProposedChange] | None = None,
) -> int:
    """Record an act on a proposal, with the hash of each change if they were written; the number of the record."""
    written = {} if changes is None else {"changes": {str(c.number): digest(c.operation) for c in changes}}
    return records.append(
        session,
        charter.key,
        by=by.id,
        now=now,
        act=act,
        object=f"proposal {proposal.number}",
        before=before,
        after=after,
        detail={
            "version": proposal.version,
            "state": proposal.state,
            "reason": reason,
            "words": words_digest(version_row(session, proposal)),
            "relation": proposal.relation,
            "related": proposal.related,
            **written,
        },
    ).number
