"""Sets a prepared edition as a Word document."""

from collections.abc import Sequence
from dataclasses import replace

from app.render.word.body import Body, Ledger
from app.render.word.clean import Clean, names_of
from app.render.word.file import Paper, picture, written
from app.render.word.front import NOT_APPROVED, contents, cover
from app.render.word.pagination import pages_of
from app.render.word.shapes import Form, Item, Para, Piece, Who, paras
from app.text.prepared import PreparedEdition
from app.text.uncollected import uncollected


@uncollected
def render_word(prepared: PreparedEdition, *, approved: bool) -> bytes:
    """The charter as a Word document; the same prepared edition gives the same bytes.

    Without ``approved`` every page says that this is not an approved text.
    """
    clean = Clean(prepared)
    opening, text = clean.opening(), clean.text()
    notes = clean.notes()
    told = [*paras(opening), *paras(text), *(para for note in notes for para in note.paras)]
    names = names_of([place for para in told for place in para.places] + _table_places([*opening, *text]))
    front = prepared.front
    paper = Paper(
        charter=prepared.charter,
        organisation=front.organisation,
        title=front.title,
        label=prepared.label,
        language=front.language,
        dated=prepared.moment,
        revision=None if prepared.revision is None else prepared.revision.number,
        mark="" if approved else NOT_APPROVED,
        tracking=prepared.edition is None,
        logo=prepared.logo,
        lists=clean.lists,
    )
    body = Body(Ledger(), names, Who(front.organisation or prepared.charter, prepared.moment))
    imprint = [("Imprint", one, one) for one in (*front.address.splitlines(), *front.contact.splitlines())]
    lines = [("Title", front.organisation), ("Subtitle", front.title), ("CoverEdition", prepared.label)]
    marked = [Para(Form("CoverMark"), (Piece(NOT_APPROVED),))] if not approved else []
    first = body.items([*marked, *cover([(style, one, one) for style, one in lines])])
    entries = [para for para in paras(text) if para.level]
    listing = contents(entries, names, pages_of(text))
    after = body.items(_on_new_page(cover(imprint))) + listing if imprint else _on_next_page(listing)
    whole = (picture(prepared.logo) or "") + first + after + body.items(_set_off(opening))
    whole += body.items([*_on_new_page(text), *([] if text else [Para(Form("TextEnd"))])])
    return written(paper, whole, notes, body, names)


def _on_new_page(items: Sequence[Item]) -> list[Item]:
    first = next(iter(items), None)
    if not isinstance(first, Para):
        return list(items)
    return [replace(first, form=replace(first.form, new_page=True)), *items[1:]]


def _set_off(items: Sequence[Item]) -> list[Item]:
    """The opening notice, apart from the contents above it."""
    first = next(iter(items), None)
    if not isinstance(first, Para) or first.form.style != "BodyText":
        return list(items)
    return [replace(first, form=replace(first.form, style="Notice")), *items[1:]]


def _on_next_page(listing: str) -> str:
    """The contents on a page of their own, where no imprint stands before them."""
    return listing.replace('<w:pStyle w:val="TOCHeading"/>', '<w:pStyle w:val="TOCHeading"/><w:pageBreakBefore/>', 1)


def _table_places(items: Sequence[Item]) -> list[str]:
    return [place for item in items if not isinstance(item, Para) for place in item.places]
