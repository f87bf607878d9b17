"""Editions: the list, one edition as it is read, its files, and which was in force on a day."""

from itertools import pairwise
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.db.models.editions import Edition
from app.deps import CharterAccess, CharterDep, EditionDep
from app.errors import BadInput, NotFound
from app.files import Schedule, edition_file, edition_pdf, schedule_of
from app.queries.editions import PUBLIC_STATES, EditionView, edition_in_force, edition_row, edition_view, editions
from app.queries.open_proposals import open_count
from app.queries.printing import prepared_edition
from app.queries.revisions import snapshot
from app.render.leaf import Addresses
from app.rules.dates import edition_date
from app.rules.edition_files import FileKind
from app.rules.permissions import Action
from app.web.frame import charter_page
from app.web.reading import printed_leaf
from app.web.steps import way_of
from app.web.strangers import for_strangers
from app.word import edition_word

router = APIRouter(include_in_schema=False)

_GET = ["GET", "HEAD"]

# So many editions that are being prepared are shown with all that is known of them; of others, where they are.
_IN_FULL = 6


@router.api_route("/{c}/editions", methods=_GET)
def list_editions(request: Request, at: CharterDep, discarded: str = "") -> Response:
    """All editions, the newest first; those that are not published for those who may see them."""
    unpublished = at.may(Action.READ_UNPUBLISHED_EDITIONS)
    views = editions(at.session, at.charter, unpublished=unpublished, today=clock.today())
    public = [view for view in views if view.state in PUBLIC_STATES]
    earlier = {view.key: older.key for view, older in pairwise(public)}
    coming = [view for view in views if view.state not in PUBLIC_STATES]
    values = {
        "coming": [
            way_of(at, edition_row(at.session, at.charter, view.key, unpublished=True)) for view in coming[:_IN_FULL]
        ],
        "more_coming": coming[_IN_FULL:],
        "may_run": at.may(Action.RUN_EDITIONS),
        "current": edition_in_force(at.session, at.charter, clock.today()),
        "discarded": discarded == "yes",
        "published": public,
        "earlier": earlier,
        "fronts": {view.key: snapshot(at.session, at.charter, view.revision).front for view in views},
        "newest": public[0].key if public else None,
    }
    return charter_page(request, at, "editions/list.html", values, tab="Editions")


@router.api_route("/{c}/editions/{key}.pdf.sig", methods=_GET)
def read_pdf_signature(request: Request, where: EditionDep) -> Response:
    """The signature over the PDF alone."""
    return edition_file(request, where, FileKind.PDF_SIGNATURE)


@router.api_route("/{c}/editions/{key}.zip.sig", methods=_GET)
def read_bundle_signature(request: Request, where: EditionDep) -> Response:
    """The signature over the bundle as a whole."""
    return edition_file(request, where, FileKind.BUNDLE_SIGNATURE)


@router.api_route("/{c}/editions/{key}.pdf", methods=_GET)
def read_pdf(request: Request, where: EditionDep) -> Response:
    """The PDF as it was stored at approval; of an edition that is not approved yet, a preview that says so."""
    return edition_pdf(request, where)


@router.api_route("/{c}/editions/{key}.md", methods=_GET)
def read_markdown(request: Request, where: EditionDep) -> Response:
    """The text as one Markdown file."""
    return edition_file(request, where, FileKind.TEXT)


@router.api_route("/{c}/editions/{key}.html", methods=_GET)
def read_html(request: Request, where: EditionDep) -> Response:
    """The text as one HTML file that can be kept."""
    return edition_file(request, where, FileKind.PAGE)


@router.api_route("/{c}/editions/{key}.docx", methods=_GET)
def read_word(request: Request, where: EditionDep) -> Response:
    """The text as a Word document."""
    return edition_word(request, where)


@router.api_route("/{c}/editions/{key}.json", methods=_GET)
def read_record(request: Request, where: EditionDep) -> Response:
    """The record: the text by permanent ids, who signed it, who decided its words."""
    return edition_file(request, where, FileKind.RECORD)


@router.api_route("/{c}/editions/{key}.zip", methods=_GET)
def read_bundle(request: Request, where: EditionDep) -> Response:
    """Everything in one file, signed."""
    return edition_file(request, where, FileKind.BUNDLE)


@router.api_route("/{c}/editions/{key}", methods=_GET)
def read_edition(request: Request, where: EditionDep) -> Response:
    """One edition as it is read."""
    return for_strangers(request, where.at, lambda: show_edition(request, where.at, where.edition, tab="Editions"))


@router.api_route("/{c}/on/{day}", methods=_GET)
def read_on_a_day(at: CharterDep, day: Annotated[str, Path(max_length=10)]) -> Response:
    """To the edition that was in force on that day."""
    try:
        wanted = edition_date(day).first_day
    except BadInput:
        raise NotFound("A day is written like 2026-11-21.") from None
    found = edition_in_force(at.session, at.charter, wanted)
    if found is None:
        raise NotFound("No edition of this charter was in force on that day.")
    return RedirectResponse(f"/{at.charter.key}/editions/{found.key}", 302)


def show_edition(request: Request, at: CharterAccess, edition: Edition, *, tab: str) -> Response:
    """The page of an edition: its text, its file, and what changed before and since."""
    today = clock.today()
    listed = editions(at.session, at.charter, unpublished=False, today=today)
    published = [view for view in listed if view.effective < edition.effective]
    shown = next((view for view in listed if view.key == edition.key), None)
    working = at.may(Action.READ_WORKING_TEXT)
    public = edition.state in PUBLIC_STATES
    shown_from = f"/{at.charter.key}/blocks/{{}}?revision={edition.revision}"
    addresses = Addresses(
        whence=shown_from if working or public else "",
        annexes=f"/{at.charter.key}/editions/{edition.key}/annexes/{{}}",
    )
    schedule = schedule_of(at.session, edition)
    values = {
        "printed": printed_leaf(prepared_edition(at.session, at.charter, edition), addresses),
        "addresses": addresses,
        "edition": shown or edition_view(at.session, at.charter, edition, today=today),
        "approved": edition.pdf_hash is not None,
        "schedule": schedule,
        "before": _before(schedule, listed, published),
        "steps": not public and at.may(Action.READ_UNPUBLISHED_EDITIONS),
        "may_run": at.may(Action.RUN_EDITIONS),
        "current": edition_in_force(at.session, at.charter, today),
        "revisions_since": at.charter.head - edition.revision if working else 0,
        "open_proposals": open_count(at.session, at.charter) if working else 0,
    }
    return charter_page(request, at, "editions/one.html", values, tab=tab)


def _before(schedule: Schedule, listed: list[EditionView], earlier: list[EditionView]) -> EditionView | None:
    """The edition before: the one the record names, else the newest of those that are in force from an earlier day."""
    named = next((view for view in listed if view.key == schedule.before), None)
    return named or (earlier[0] if earlier else None)
