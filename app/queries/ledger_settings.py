"""Whether the settings of a charter and its advisers are what the records say."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.invitations import Invitation
from app.db.models.people import Role
from app.db.models.records import Record
from app.queries.charters import charter_settings

Detail = Mapping[str, object]
Told = Sequence[tuple[Record, Detail]]
Acts = Mapping[tuple[str, str], Told]
"""The records of one chain by act and object, in order, each with its detail."""

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
    rows = session.execute(
        select(Invitation.id, Invitation.role, Invitation.accepted_at, Invitation.taken_back_at).where(
            Invitation.charter_id == charter.id
        )
    )
    for id, role, accepted_at, taken_back_at in rows:
        name = f"invitation {id}"
        made = acts.get(("invite", name), ())
        if not made or made[-1][0].after != role:
            faults.append(f"{name} of {charter.key}: it is not the one that was recorded.")
        for act, at in (("accept invitation", accepted_at), ("take invitation back", taken_back_at)):
            if bool(acts.get((act, name))) != (at is not None):
                faults.append(f"{name} of {charter.key}: what became of it is not what was recorded.")
