"""Merging: adopted changes go into the working text, as one new revision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.decisions import Decision, MergedChange
from app.db.models.proposals import Proposal, ProposedChange
from app.errors import BadInput, MergeConflicts, MissingChange, Refused
from app.queries.changes import current_changes, find_changes, latest_decisions, operation, proposed, reference
from app.queries.merging import Preview, conflict_to_json
from app.queries.people import Account
from app.queries.revisions import head_snapshot
from app.queries.settlements import Settlement, Took, settlement_text, settlements
from app.rules.states import ADOPTED
from app.services import consequences, outcomes, records
from app.services.revisions import store_revision, text_has_moved
from app.services.settling import Confirmed, refuse_conflicts, refuse_unread
from app.text.dialect import clean
from app.text.digest import digest
from app.text.weave import Class, Proposed, Resolution, Weave, weave

LONGEST_MESSAGE = 2_000
MOST_CHANGES = 2_000


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A change somebody wants to merge, with the decision on it."""

    proposal: Proposal
    row: ProposedChange
    decision: Decision | None

    @property
    def ref(self) -> str:
        return reference(self.proposal, self.row)


def preview(
    session: Session, charter: Charter, references: Sequence[str], resolutions: Mapping[str, Resolution]
) -> Preview:
    """What the working text becomes with these changes, decided or not. Nothing is written."""
    chosen = _choose(session, charter, references)
    _refuse_merged(chosen)
    woven = _weave(session, charter, chosen, resolutions)
    return Preview(charter.head, head_snapshot(session, charter), woven)


def merge(
    session: Session,
    charter: Charter,
    *,
    by: Account,
    now: datetime,
    references: Sequence[str],
    base_revision: int,
    message: str,
    resolutions: Mapping[str, Resolution],
    confirmed: Confirmed,
) -> int:
    """Put adopted changes into the working text and answer with the revision that now says so.

    Compare-and-set: TextHasMoved unless ``base_revision`` is still the newest. MergeConflicts, UnconfirmedCombination
    and MissingChange say what somebody has to choose, read or add, and a choice that meets no conflict is Refused;
    then nothing is written. Where the text says it all
    already no revision is made: the changes are linked to the newest one.
    """
    said = merge_message(message)
    chosen = _choose(session, charter, references)
    # Before anything else: whoever merged first has changed what the rest would be about.
    if charter.head != base_revision:
        raise text_has_moved(charter.head, base_revision)
    _refuse_merged(chosen)
    _refuse_unadopted(chosen)
    _refuse_missing(session, chosen)
    woven = _weave(session, charter, chosen, resolutions)
    _refuse_unsettled(woven, confirmed, resolutions)
    text = said or ("Merged " + ", ".join(c.ref for c in chosen))[:LONGEST_MESSAGE]
    before = head_snapshot(session, charter)
    if woven.snapshot != before:
        store_revision(session, charter, woven.snapshot, by=by.id, now=now, message=text, act="merge")
    number = charter.head
    settled = settlements(woven, _proposed(session, charter, chosen), resolutions)
    _note_merged(session, charter, chosen, woven, settled, number)
    records.append(
        session,
        charter.key,
        by=by.id,
        now=now,
        act="merge changes",
        object=f"revision {number}",
        before=f"revision {base_revision}",
        after=f"revision {number}",
        detail={
            "changes": [c.ref for c in chosen],
            "classes": {ref: str(result.cls) for ref, result in woven.classes.items()},
            "resolutions": {id: {"choice": r.choice, "text": r.text} for id, r in sorted(resolutions.items())},
            "settled": {ref: digest(settlement_text(*settled[ref])) for ref in sorted(settled)},
        },
    )
    changes = [(c.proposal, c.row) for c in chosen]
    fates = _fates(chosen, woven, settled)
    left = {ref for ref, (took, _) in settled.items() if took is Took.LEFT}
    outcomes.tell_merged(session, charter, changes, fates, number, left=left, by=by.id, now=now)
    if number != base_revision:
        consequences.follow(session, charter, before, number, by=by.id, now=now)
    return number


def _choose(session: Session, charter: Charter, references: Sequence[str]) -> list[_Chosen]:
    if not references:
        raise BadInput("Name at least one change to merge, like 12.1.")
    if len(references) > MOST_CHANGES:
        raise BadInput(f"At most {MOST_CHANGES} changes can be merged at once.")
    found = find_changes(session, charter, references)
    decisions = latest_decisions(session, [c.id for _, c in found])
    return [_Chosen(p, c, decisions.get(c.id)) for p, c in found]


def _refuse_merged(chosen: Sequence[_Chosen]) -> None:
    merged = [c.ref for c in chosen if c.row.merged_revision is not None]
    if merged:
        raise Refused(f"In the text already: {', '.join(merged)}.", kind="already-merged", details={"changes": merged})


def _weave(
    session: Session, charter: Charter, chosen: Sequence[_Chosen], resolutions: Mapping[str, Resolution]
) -> Weave:
    return weave(head_snapshot(session, charter), _proposed(session, charter, chosen), resolutions)


def _proposed(session: Session, charter: Charter, chosen: Sequence[_Chosen]) -> list[Proposed]:
    decisions = {c.row.id: c.decision for c in chosen if c.decision is not None}
    return proposed(session, charter, [(c.proposal, c.row) for c in chosen], decisions)


def _refuse_unadopted(chosen: Sequence[_Chosen]) -> None:
    others = [c.ref for c in chosen if c.row.outcome not in ADOPTED]
    if others:
        raise Refused(
            f"Only adopted changes can be merged; these are not adopted: {', '.join(others)}.",
            kind="not-adopted",
            details={"changes": others},
        )


def _refuse_missing(session: Session, chosen: Sequence[_Chosen]) -> None:
    """Changes that need another one go in with it, or after it."""
    refs = {c.ref for c in chosen}
    wanted = {f"{c.proposal.number}.{n}": c.ref for c in chosen for n in operation(c.row).needs}
    absent = sorted(wanted.keys() - refs)
    if not absent:
        return
    rows = {name: _row(session, chosen, name) for name in absent}
    in_text = {name for name, row in rows.items() if row is not None and row.merged_revision is not None}
    missing = [{"change": wanted[name], "needs": name} for name in absent if name not in in_text]
    if missing:
        told = "; ".join(f"{m['change']} makes no sense without {m['needs']}" for m in missing)
        gone = [m for m in missing if rows[m["needs"]] is None]
        if gone:
            told += (
                f", and {gone[0]['needs']} was taken out by its author. Reject {gone[0]['change']} by a new decision"
            )
        raise MissingChange(f"Choose these together: {told}.", details={"missing": missing})


def _row(session: Session, chosen: Sequence[_Chosen], name: str) -> ProposedChange | None:
    """The change that a chosen one needs; None if its author took it out."""
    number, _, change = name.partition(".")
    proposal = next(c.proposal for c in chosen if c.proposal.number == int(number))
    return next((row for row in current_changes(session, proposal) if row.number == int(change)), None)


def _refuse_unsettled(woven: Weave, confirmed: Confirmed, resolutions: Mapping[str, Resolution]) -> None:
    orphaned = [ref for ref, result in woven.classes.items() if result.cls is Class.ORPHANED]
    if orphaned:
        raise MergeConflicts(
            f"What these changes are about is gone from the text: {', '.join(orphaned)}. Leave them out: their authors "
            "were told and can propose them anew. To end them, decide again: defer or reject them.",
            details={"conflicts": [conflict_to_json(c) for c in woven.conflicts], "orphaned": orphaned},
        )
    refuse_conflicts(
        woven.conflicts,
        woven.outdated,
        resolutions,
        because="Changes rewrite the same words, so somebody has to choose. Nothing was merged.",
    )
    if woven.problems:
        raise MergeConflicts(
            "The text would not hold together: " + " ".join(woven.problems),
            kind="broken-text",
            details={"problems": list(woven.problems)},
        )
    refuse_unread(
        woven.combined,
        confirmed,
        because="Changes by different proposals fit into one sentence that nobody has written as a whole. "
        "Read it and confirm it: ",
    )


def merge_message(message: str) -> str:
    """What somebody says of a revision, on one line. BadInput if it is too long."""
    text = " ".join(clean(message).split())
    if len(text) > LONGEST_MESSAGE:
        raise BadInput(f"A message may have {LONGEST_MESSAGE:,} characters at most.")
    return text


_AS: Mapping[str, str] = {
    Class.COMBINED: "combined with words of others",
    Class.ALREADY: "which says this already",
}
_SETTLED: Mapping[str, str] = {
    Took.IN: "these words were taken",
    Took.LEFT: "those were taken",
    Took.BOTH: "both were taken",
    Took.OWN: "other words were chosen for both",
}


def _fates(chosen: Sequence[_Chosen], woven: Weave, settled: Mapping[str, Settlement]) -> dict[str, str]:
    """How each change went in, in words for its author."""
    found = {}
    for c in chosen:
        amended = c.decision is not None and c.decision.adopted_text is not None
        plainly = "in the words the governors adopted" if amended else "as proposed"
        found[c.ref] = _AS.get(woven.classes[c.ref].cls, plainly)
    for ref, (took, _) in settled.items():
        if ref in found:
            found[ref] = f"where it met other words, {_SETTLED[took]}"
    for combined in woven.combined:
        for ref in combined.refs:
            if found.get(ref) == "as proposed":
                found[ref] = _AS[Class.COMBINED]
    return found


def _note_merged(
    session: Session,
    charter: Charter,
    chosen: Sequence[_Chosen],
    woven: Weave,
    settled: Mapping[str, Settlement],
    number: int,
) -> None:
    for c in chosen:
        assert c.decision is not None
        c.row.merged_revision = number
        session.add(
            MergedChange(
                charter_id=charter.id,
                change_id=c.row.id,
                decision_id=c.decision.id,
                revision=number,
                merged_as=woven.classes[c.ref].cls,
                resolution=settlement_text(*settled[c.ref]) if c.ref in settled else None,
            )
        )
    session.flush()
