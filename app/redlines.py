"""The redline of two texts for all fronts: compared once, with what was decided, and as a PDF."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.queries.editions import edition_row
from app.queries.origins import Origin, origins
from app.queries.revisions import revision_row
from app.queries.texts import NamedText
from app.render.kept import Kept
from app.render.pdf import Pdf
from app.render.pdf.redline import ComparedText, render_redline
from app.services.redlines import behind_by_number, redline_sheet
from app.text.comparing import Comparison, compare

# Snapshots are kept too, and with a comparison the two it was made of: so long nothing else has their identity.
_KEPT: Kept[tuple[object, object, Comparison]] = Kept(16)


def compared(old: NamedText, new: NamedText) -> Comparison:
    """The two texts compared, once for everybody who asks."""

    def make() -> tuple[object, object, Comparison]:
        return old.snapshot, new.snapshot, compare(old.snapshot, new.snapshot)

    return _KEPT.get((id(old.snapshot), id(new.snapshot)), make)[2]


def behind_changes(
    session: Session, charter: Charter, old: NamedText, new: NamedText, made: Comparison
) -> dict[int, Sequence[Origin]]:
    """The proposals and decisions behind each change in words, by its number; nothing for one that has none.

    What came or went with its section is behind the words in it too.
    """
    return behind_by_number(origins(session, charter, old.revision, new.revision), made)


def redline_pdf(session: Session, charter: Charter, old: NamedText, new: NamedText) -> Pdf:
    """The redline of two texts on paper, with who decided each change.

    It says nothing that depends on the day it is made on: the same two texts give the same bytes.
    """
    made = compared(old, new)
    sheet = redline_sheet(
        charter.key,
        _text(session, charter, old),
        _text(session, charter, new),
        made,
        behind_changes(session, charter, old, new, made),
    )
    # Setting pages takes seconds: meanwhile nothing of the database is held.
    session.rollback()
    return render_redline(sheet)


def redline_name(charter: str, pair: str, ending: str = "pdf") -> str:
    """What a browser calls the file when it keeps it."""
    return f"{charter}-changes-{pair.replace('...', '-to-')}.{ending}"


def _text(session: Session, charter: Charter, named: NamedText) -> ComparedText:
    edition = None if named.edition is None else edition_row(session, charter, named.edition, unpublished=True)
    return ComparedText(
        name=named.name,
        revision=named.revision,
        made_at=revision_row(session, charter, named.revision).created_at,
        approved=edition is not None and edition.pdf_hash is not None,
        text=named.snapshot,
    )
