"""Whether editions, and the names under them, are what the records say."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.editions import Edition, SignOff
from app.db.models.records import Record
from app.queries.ledger_acts import Acts, Detail, Told

DRAFT, REDRAFT, DISCARD = "draft edition", "redraft edition", "discard edition"
FREEZE, THAW, SIGN = "freeze edition", "thaw edition", "sign off edition"
APPROVE, PUBLISH, WITHDRAW = "approve edition", "publish edition", "withdraw edition"
_STATES = (DRAFT, FREEZE, THAW, APPROVE, PUBLISH, WITHDRAW)


def audit_editions(session: Session, charter: Charter, acts: Acts, faults: list[str]) -> None:
    """Hold every edition of a charter against the records, and name what does not fit."""
    rows = session.scalars(select(Edition).where(Edition.charter_id == charter.id).order_by(Edition.key)).all()
    drafted = {object for act, object in acts if act == DRAFT}
    for object in sorted(drafted - {f"edition {row.key}" for row in rows}):
        discarded = [r.number for r, _ in acts.get((DISCARD, object), ())]
        if discarded and discarded[-1] > acts[DRAFT, object][-1][0].number:
            continue
        faults.append(f"{object} of {charter.key}: it is gone, but the records speak of it.")
    for row in rows:
        name = f"edition {row.key} of {charter.key}"
        signed = session.scalars(select(SignOff).where(SignOff.edition_id == row.id).order_by(SignOff.id)).all()
        for what, is_so in _checks(row, signed, acts):
            if not is_so:
                faults.append(f"{name}: {what} not what was recorded.")


def _checks(row: Edition, signed: Sequence[SignOff], acts: Acts) -> list[tuple[str, bool]]:
    """What is checked of one edition, in words, and whether it fits."""
    about = f"edition {row.key}"
    made = acts.get((DRAFT, about), ())
    told = _in_order(acts, about, DRAFT, REDRAFT)
    if not made:
        return [("that it is there is", False)]
    drafted, begun = told[-1][1], made[-1][0]
    cover: dict[str, object] = {"revision": row.revision, "label": row.label, "effective": row.effective.isoformat()}
    steps = [r.after or "draft" for r, _ in _in_order(acts, about, *_STATES)]
    approved, withdrawn = _last(acts, APPROVE, about), _last(acts, WITHDRAW, about)
    thaws = [(r.number, r.at) for r, _ in acts.get((THAW, about), ())]
    names = [
        (r.person_id, r.at, next((at for number, at in thaws if number > r.number), None))
        for r, _ in acts.get((SIGN, about), ())
    ]
    return [
        ("what it says on its cover is", all(drafted.get(field, value) == value for field, value in cover.items())),
        ("who made it is", (row.created_by, row.created_at) == (begun.person_id, begun.at)),
        ("its state is", row.state == steps[-1]),
        (
            "who approved it, or its file, is",
            (row.pdf_hash, row.approved_by, row.approved_at)
            == ((approved[1].get("pdf"), approved[0].person_id, approved[0].at) if approved else (None, None, None)),
        ),
        ("when it was published is", row.published_at == _at(_last(acts, PUBLISH, about))),
        ("when it was withdrawn is", row.withdrawn_at == _at(withdrawn)),
        ("why it was withdrawn is", row.state_reason == (withdrawn[1].get("reason", "") if withdrawn else "")),
        ("the sign-offs are", [(s.person_id, s.created_at, s.lapsed_at) for s in signed] == names),
    ]


def _in_order(acts: Acts, about: str, *names: str) -> Told:
    return sorted((one for act in names for one in acts.get((act, about), ())), key=lambda one: one[0].number)


def _last(acts: Acts, act: str, about: str) -> tuple[Record, Detail] | None:
    told = acts.get((act, about), ())
    return told[-1] if told else None


def _at(told: tuple[Record, Detail] | None) -> datetime | None:
    return None if told is None else told[0].at
