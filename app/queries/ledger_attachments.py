"""Whether the files of annexes, the logo, and what editions took along are what the records say."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.attachments import Attachment, EditionAttachment
from app.db.models.charters import Charter
from app.db.models.editions import Edition
from app.queries.ledger_acts import Acts
from app.rules.states import EditionState

_ACTS = ("attach file", "take file away")


def audit_attachments(session: Session, charter: Charter, acts: Acts, faults: list[str]) -> None:
    """Every file put in place was recorded and none is missing; an edition has those it was frozen with."""
    rows = session.scalars(select(Attachment).where(Attachment.charter_id == charter.id).order_by(Attachment.id)).all()
    stored: dict[str, list[tuple[object, ...]]] = {}
    for row in rows:
        stored.setdefault(row.place, []).append((row.hash or "", row.name, row.alt, row.added_by, row.added_at))
    said: dict[str, list[tuple[int, tuple[object, ...]]]] = {}
    for (act, place), told in acts.items():
        if act in _ACTS:
            said.setdefault(place, []).extend(
                (r.number, (r.after, d.get("name", ""), d.get("alt", ""), r.person_id, r.at)) for r, d in told
            )
    for place in sorted(stored.keys() | said.keys()):
        recorded = [one for _, one in sorted(said.get(place, []))]
        if stored.get(place, []) != recorded:
            faults.append(f"the file of {charter.key} for “{place}”: it is not the one that was recorded.")
    for edition in session.scalars(select(Edition).where(Edition.charter_id == charter.id).order_by(Edition.key)):
        frozen = acts.get(("freeze edition", f"edition {edition.key}"), ())
        last = frozen[-1][1].get("attachments") if frozen and edition.state != EditionState.DRAFT else None
        taken = session.scalars(
            select(Attachment)
            .join(EditionAttachment, EditionAttachment.attachment_id == Attachment.id)
            .where(EditionAttachment.edition_id == edition.id)
        )
        if {one.place: one.hash for one in taken} != (last or {}):
            faults.append(f"edition {edition.key} of {charter.key}: its annexes and logo are not the recorded ones.")
