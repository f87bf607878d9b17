"""Texts made ready for print and page: the prepared edition of an edition, a revision or a proposal's text."""

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.editions import Edition
from app.queries.revisions import revision_row, snapshot
from app.text.prepared import EditionFacts, PreparedEdition, RevisionFacts
from app.text.preparing import prepare


def prepared_edition(
    session: Session, charter: Charter, edition: Edition, *, state: str | None = None
) -> PreparedEdition:
    """An edition made ready; ``state`` is what it shall say of itself where that is about to change."""
    facts = EditionFacts(edition.key, edition.label, edition.effective, state or edition.state)
    row = revision_row(session, charter, edition.revision)
    return prepare(
        snapshot(session, charter, edition.revision),
        charter=charter.key,
        edition=facts,
        revision=RevisionFacts(row.number, row.created_at),
    )


def prepared_revision(session: Session, charter: Charter, number: int) -> PreparedEdition:
    """A revision made ready, dated by when it was made."""
    row = revision_row(session, charter, number)
    return prepare(
        snapshot(session, charter, number), charter=charter.key, revision=RevisionFacts(number, row.created_at)
    )
