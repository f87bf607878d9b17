"""Whether threads, comments and anchors say what the records say."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal
from app.db.models.records import Record
from app.db.models.threads import Thread, ThreadComment
from app.queries.ledger_acts import Acts, Detail
from app.rules.threads import ThreadState
from app.text.anchor_json import anchor_from_json
from app.text.digest import digest

OPEN, REPLY, REATTACH, CARRY = "open thread", "reply in thread", "reattach thread", "carry threads"
SETTLING = {"resolve thread": ThreadState.RESOLVED, "reopen thread": ThreadState.OPEN}


def audit_threads(session: Session, charter: Charter, acts: Acts, faults: list[str]) -> None:
    """Hold every thread, comment and anchor of a charter against the records, and name what does not fit."""
    mine = (
        select(Thread, Proposal.number)
        .outerjoin(Proposal, Proposal.id == Thread.proposal_id)
        .where(Thread.charter_id == charter.id)
        .order_by(Thread.number)
    )
    rows = session.execute(mine).all()
    known = {f"thread {thread.number}" for thread, _ in rows}
    for object in sorted({object for act, object in acts if act in (OPEN, REPLY)} - known):
        faults.append(f"{object} of {charter.key}: it is gone, but the records speak of it.")
    if charter.threads_made != len({object for act, object in acts if act == OPEN}):
        faults.append(f"charter {charter.key}: the number of its threads is not the recorded one.")
    comments: dict[int, list[ThreadComment]] = {}
    said = select(ThreadComment).join(Thread).where(Thread.charter_id == charter.id).order_by(ThreadComment.number)
    for comment in session.scalars(said):
        comments.setdefault(comment.thread_id, []).append(comment)
    anchors = _carried(acts)
    for thread, proposal in rows:
        name = f"thread {thread.number}"
        opened = acts.get((OPEN, name), ())
        if len(opened) != 1:
            faults.append(f"{name} of {charter.key}: no record speaks of its opening.")
            continue
        for what, is_so in _checks(thread, proposal, comments.get(thread.id, []), opened[0], acts, anchors):
            if not is_so:
                faults.append(f"{name} of {charter.key}: {what} is not what was recorded.")


def _checks(
    thread: Thread,
    proposal: int | None,
    comments: Sequence[ThreadComment],
    opened: tuple[Record, Detail],
    acts: Acts,
    anchors: Mapping[str, Sequence[tuple[int, object]]],
) -> list[tuple[str, bool]]:
    name = f"thread {thread.number}"
    record, detail = opened
    settled = sorted((r.number, r) for act in SETTLING for r, _ in acts.get((act, name), ()))
    last = settled[-1][1] if settled else None
    resolved = last if last is not None and last.act == "resolve thread" else None
    replies = acts.get((REPLY, name), ())
    moved = [(r.number, r.after) for r, _ in acts.get((REATTACH, name), ())]
    hashes = sorted([(record.number, detail.get("anchor")), *moved, *anchors.get(name, ())], key=lambda one: one[0])
    moments = [record.at, *(r.at for r, _ in (*replies, *acts.get((REATTACH, name), ()))), *(r.at for _, r in settled)]
    said: list[tuple[object, ...]] = [(1, record.person_id, record.after, record.at)]
    said += [(d.get("comment"), r.person_id, r.after, r.at) for r, d in replies]
    stored: list[tuple[object, ...]] = [(c.number, c.author_id, digest(c.text), c.created_at) for c in comments]
    return [
        ("who opened it", (thread.author_id, thread.created_at) == (record.person_id, record.at)),
        ("whom it is for", thread.audience == detail.get("audience")),
        ("what it is about", (proposal, thread.change_number) == (detail.get("proposal"), detail.get("change"))),
        ("what it was about", _hash(thread.first_anchor) == detail.get("first")),
        ("where it hangs", _hash(thread.anchor) == hashes[-1][1] and _repeats(thread, detail)),
        ("its state", thread.state == (SETTLING[last.act] if last is not None else ThreadState.OPEN)),
        (
            "who resolved it",
            (thread.resolved_by, thread.resolved_at)
            == ((resolved.person_id, resolved.at) if resolved is not None else (None, None)),
        ),
        ("what was said in it", stored == said and thread.comments_made == len(said)),
        ("when something last happened in it", thread.last_at == max(moments)),
    ]


def _carried(acts: Acts) -> dict[str, list[tuple[int, object]]]:
    """For each thread the records that carried it, by number, with the hash of its anchor after that."""
    found: dict[str, list[tuple[int, object]]] = {}
    for (act, _), told in acts.items():
        if act != CARRY:
            continue
        for record, detail in told:
            hashes = detail.get("anchors")
            for number, hash in hashes.items() if isinstance(hashes, dict) else ():
                found.setdefault(f"thread {number}", []).append((record.number, hash))
    return found


def _repeats(thread: Thread, detail: Detail) -> bool:
    """Whether the columns that lists ask say what the anchor says, or that there is none."""
    columns = (thread.reach, thread.section_id, thread.block_id, thread.anchor_state)
    if thread.anchor is None:
        return columns == (detail.get("reach"), None, None, None)
    try:
        anchor = anchor_from_json(json.loads(thread.anchor))
    except (ValueError, KeyError, TypeError):
        return False
    return columns == (anchor.reach, anchor.section, anchor.block, anchor.state)


def _hash(stored: str | None) -> str:
    return "" if stored is None else digest(stored)
