"""Whether the settings of a charter and its advisers are what the records say."""

from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.invitations import Invitation
from app.db.models.people import Role
from app.db.models.records import Record
from app.queries.charters import charter_settings
from app.queries.ledger_acts import Acts, Detail, Told
from app.tokens import is_sealed

_AT_FIRST: Mapping[str, object] = {"rule": "governors", "quorum": 0, "signoffs_required": 1, "former_members": "named"}


def audit_settings(session: Session, charter: Charter, acts: Acts, faults: list[str]) -> None:
    """Hold the settings and the advisers of a charter against the records."""
    name = f"charter {charter.key}"
    founded, changed = acts.get(("found charter", name), ()), acts.get(("change settings", name), ())
    said: object = None
    if changed:
        # What could not be set yet when this was recorded is as it was at first.
        after = changed[-1][1].get("after")
        said = {**_AT_FIRST, **after} if isinstance(after, dict) else after
    elif founded:
        said = {**_AT_FIRST, "open": founded[-1][1].get("open")}
    if said is not None and asdict(charter_settings(charter)) != said:
        faults.append(f"{name}: its settings are not the ones that were recorded.")
    rows = session.execute(
        select(Role.person_id, Role.advises).where(Role.charter_id == charter.id).order_by(Role.person_id)
    )
    for person, advises in rows:
        who = f"person {person}"
        named = acts.get(("name adviser", who), ())
        # Whoever loses a role and gets one again begins without it.
        ended = [record.number for record, _ in acts.get(("set role", who), ()) if not record.after]
        counts = bool(named) and named[-1][0].number > max(ended, default=0)
        if advises != (counts and named[-1][0].after == "adviser"):
            faults.append(f"{who} in {charter.key}: whether they advise is not what was recorded.")


def audit_invitations(session: Session, charter: Charter, acts: Acts, faults: list[str]) -> None:
    """Hold the invitations to a charter against the records: each gives the role it was recorded with."""
    rows = session.scalars(select(Invitation).where(Invitation.charter_id == charter.id).order_by(Invitation.id)).all()
    gone = {object for act, object in acts if act == "invite"} - {f"invitation {row.id}" for row in rows}
    for name in sorted(gone):
        faults.append(f"{name} of {charter.key}: it is gone, but the records speak of it.")
    for row in rows:
        name = f"invitation {row.id}"
        made = acts.get(("invite", name), ())
        if not made or not _as_made(row, made[0], acts.get(("send invitation again", name), ())):
            faults.append(f"{name} of {charter.key}: it is not the one that was recorded.")
        accepted, back = acts.get(("accept invitation", name), ()), acts.get(("take invitation back", name), ())
        said = (*((accepted[-1][0].at, accepted[-1][0].person_id) if accepted else (None, None)),)
        if (row.accepted_at, row.person_id) != said or row.taken_back_at != (back[-1][0].at if back else None):
            faults.append(f"{name} of {charter.key}: what became of it is not what was recorded.")


def _as_made(row: Invitation, made: tuple[Record, Detail], again: Told) -> bool:
    """Whether an invitation is to whom, by whom and until when it was recorded."""
    record, detail = made
    sent, told = again[-1] if again else made
    return (
        (row.role, row.invited_by, row.created_at) == (record.after, record.person_id, record.at)
        and (row.sent_at, row.mails) == (sent.at, 1 + len(again))
        and row.ends_at.isoformat() == told.get("ends", row.ends_at.isoformat())
        and ("email" not in detail or is_sealed(detail["email"], row.email))
        and ("name" not in detail or is_sealed(detail["name"], row.name))
    )
