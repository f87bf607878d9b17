"""Revisions: a new snapshot becomes the working text."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.revisions import Body, PermanentId, Revision
from app.errors import TextHasMoved
from app.services import records
from app.text.digest import Packed, pack
from app.text.snapshot import Snapshot


def text_has_moved(head: int, base: int) -> TextHasMoved:
    """The refusal for somebody whose base is no longer the newest revision."""
    return TextHasMoved(
        f"The text has moved: you looked at revision {base}, the newest is {head}. Look at it again before you go on.",
        details={"base_revision": base, "head": head},
    )


def store_bodies(session: Session, packed: Packed) -> None:
    """Keep the bodies that are not kept yet."""
    wanted = sorted(packed.bodies)
    known: set[str] = set()
    for start in range(0, len(wanted), 500):
        known.update(session.scalars(select(Body.hash).where(Body.hash.in_(wanted[start : start + 500]))))
    session.add_all(Body(hash=key, canonical=packed.bodies[key]) for key in wanted if key not in known)
    session.flush()


def store_revision(
    session: Session, charter: Charter, snapshot: Snapshot, *, by: int | None, now: datetime, message: str, act: str
) -> Revision:
    """Make a snapshot the newest revision of the charter, if the head is still the one that was read.

    Raises TextHasMoved when somebody else moved the head in between: that update, not the read before it, decides.
    """
    parent = charter.head
    moved = session.execute(
        update(Charter)
        .where(Charter.id == charter.id, Charter.head == parent)
        .values(head=parent + 1)
        .returning(Charter.id),
        execution_options={"synchronize_session": False},
    )
    if moved.first() is None:
        session.refresh(charter)
        raise text_has_moved(charter.head, parent)
    session.refresh(charter)
    packed = pack(snapshot)
    store_bodies(session, packed)
    before = session.scalar(
        select(Revision.outline_hash).where(Revision.charter_id == charter.id, Revision.number == parent)
    )
    revision = Revision(
        charter_id=charter.id,
        number=parent + 1,
        parent=parent or None,
        author_id=by,
        message=message,
        front_hash=packed.front,
        outline_hash=packed.outline,
        created_at=now,
    )
    session.add(revision)
    _register_ids(session, charter, snapshot, parent + 1)
    records.append(
        session,
        charter.key,
        by=by,
        now=now,
        act=act,
        object=f"revision {revision.number}",
        before=before or "",
        after=packed.outline,
        detail={"front": packed.front, "message": message},
    )
    return revision


def _register_ids(session: Session, charter: Charter, snapshot: Snapshot, number: int) -> None:
    """Write down ids that are new, so that none is ever given twice."""
    present = {s.id: "section" for s in snapshot.sections}
    for _, _, block in snapshot.placed_blocks():
        assert block.id is not None
        present[block.id] = "block"
    ids = sorted(present)
    known: set[str] = set()
    for start in range(0, len(ids), 500):
        known.update(session.scalars(select(PermanentId.id).where(PermanentId.id.in_(ids[start : start + 500]))))
    session.add_all(
        PermanentId(id=id, charter_id=charter.id, sort=present[id], first_revision=number)
        for id in ids
        if id not in known
    )
    session.flush()
