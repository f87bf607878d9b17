"""Texts made ready for print and page: the prepared edition of an edition, a revision or a proposal's text."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.editions import Edition
from app.db.models.revisions import Revision
from app.queries.attachments import AttachmentView, attachments, edition_attachments, files_of, logo_of
from app.queries.revisions import packed_snapshot, revision_row
from app.text.prepared import EditionFacts, PreparedEdition, RevisionFacts
from app.text.preparing import prepare

# Everybody reads the same few texts: the one in force and the working text. What they are made of stands in the key.
_KEPT = 8
_Key = tuple[str, str, str, EditionFacts | None, RevisionFacts, tuple[AttachmentView, ...]]
_kept: OrderedDict[_Key, PreparedEdition] = OrderedDict()
_lock = Lock()


def prepared_edition(
    session: Session, charter: Charter, edition: Edition, *, state: str | None = None
) -> PreparedEdition:
    """An edition made ready; ``state`` is what it shall say of itself where that is about to change."""
    facts = EditionFacts(edition.key, edition.label, edition.effective, state or edition.state)
    beside = edition_attachments(session, charter, edition)
    return _prepared(session, charter, revision_row(session, charter, edition.revision), facts, beside)


def prepared_revision(session: Session, charter: Charter, number: int) -> PreparedEdition:
    """A revision made ready, dated by when it was made, with the files that stand in the charter now."""
    return _prepared(session, charter, revision_row(session, charter, number), None, attachments(session, charter))


def _prepared(
    session: Session,
    charter: Charter,
    row: Revision,
    edition: EditionFacts | None,
    beside: Sequence[AttachmentView],
) -> PreparedEdition:
    revision = RevisionFacts(row.number, row.created_at)
    key = (row.front_hash, row.outline_hash, charter.key, edition, revision, tuple(beside))
    with _lock:
        known = _kept.get(key)
        if known is not None:
            _kept.move_to_end(key)
            return known
    text = packed_snapshot(session, row.front_hash, row.outline_hash)
    made = prepare(
        text,
        charter=charter.key,
        edition=edition,
        revision=revision,
        files=files_of(beside),
        logo=logo_of(session, beside),
    )
    with _lock:
        _kept[key] = made
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return made
