"""Editions: drafting, freezing, signing off, approving, publishing, and their files."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from app import clock
from app.api import shapes
from app.api.schemas import DraftBody, EditionBody, OptionalReason, ReasonBody, reason_of
from app.api.strict import StrictRoute
from app.api.tags import check_match, tag
from app.api.views import edition_json
from app.deps import (
    CharterDep,
    DatabaseDep,
    EditionAccess,
    EditionDep,
    VisitorDep,
    charter_access,
    may_approve,
    require,
    require_on_edition,
)
from app.errors import BadInput
from app.files import edition_file, edition_pdf
from app.queries.editions import edition_row, edition_view
from app.queries.editions import editions as edition_views
from app.rules.dates import edition_date
from app.rules.edition_files import FileKind
from app.rules.permissions import Action
from app.services import editions
from app.word import edition_word

CharterKey = Annotated[str, Path(alias="c", description="The key of the charter")]
EditionKey = Annotated[str, Path(description="The key of the edition")]
router = APIRouter(route_class=StrictRoute, prefix="/charters/{c}/editions")

_running = Depends(require_on_edition(Action.RUN_EDITIONS))


@router.get("", response_model=list[shapes.Edition])
def list_editions(at: CharterDep) -> Response:
    """Editions, the newest first; those that are not published for members alone."""
    unpublished = at.may(Action.READ_UNPUBLISHED_EDITIONS)
    views = edition_views(at.session, at.charter, unpublished=unpublished, today=clock.today())
    return JSONResponse([edition_json(view) for view in views])


@router.post("", status_code=201, dependencies=[Depends(require(Action.RUN_EDITIONS))], response_model=shapes.Edition)
def create_edition(at: CharterDep, body: EditionBody) -> Response:
    """Begin an edition of a revision."""
    edition = editions.draft(
        at.session,
        at.charter,
        by=at.by.id,
        now=clock.now(),
        revision=body.revision,
        date_text=body.date,
        label=body.label,
        effective=_day(body.effective),
    )
    return _answer(EditionAccess(at, edition), 201)


@router.head("/{key}.pdf", include_in_schema=False)
@router.get("/{key}.pdf", response_class=Response)
def read_pdf(request: Request, where: EditionDep) -> Response:
    """The PDF of an edition, the same bytes for ever once it is approved."""
    return edition_pdf(request, where)


@router.head("/{key}.md", include_in_schema=False)
@router.get("/{key}.md", response_class=Response)
def read_markdown(request: Request, where: EditionDep) -> Response:
    """The text of an edition as one Markdown file."""
    return edition_file(request, where, FileKind.TEXT)


@router.head("/{key}.html", include_in_schema=False)
@router.get("/{key}.html", response_class=Response)
def read_html(request: Request, where: EditionDep) -> Response:
    """The text of an edition as one self-contained HTML file."""
    return edition_file(request, where, FileKind.PAGE)


@router.head("/{key}.docx", include_in_schema=False)
@router.get("/{key}.docx", response_class=Response)
def read_word(request: Request, where: EditionDep) -> Response:
    """An edition as a Word document: a reading of its text, made when it is asked for."""
    return edition_word(request, where)


@router.head("/{key}.json", include_in_schema=False)
@router.get("/{key}.json", response_class=Response)
def read_record(request: Request, where: EditionDep) -> Response:
    """The record of an edition: its text by permanent ids, who signed it, who decided its words."""
    return edition_file(request, where, FileKind.RECORD)


@router.head("/{key}.zip", include_in_schema=False)
@router.get("/{key}.zip", response_class=Response)
def read_bundle(request: Request, where: EditionDep) -> Response:
    """Everything about a published edition in one file, with hashes and a signature."""
    return edition_file(request, where, FileKind.BUNDLE)


@router.get("/{key}", response_model=shapes.Edition)
def read_edition(where: EditionDep) -> Response:
    """One edition."""
    return _answer(where, 200)


@router.patch("/{key}", dependencies=[_running], response_model=shapes.Edition)
def change_draft(request: Request, where: EditionDep, body: DraftBody) -> Response:
    """Let a draft be of another revision, or have another label or effective day; If-Match is needed."""
    at, edition = where.at, where.edition
    check_match(request, _tag(where))
    said = body.model_fields_set
    editions.redraft(
        at.session,
        at.charter,
        edition,
        by=at.by,
        now=clock.now(),
        revision=edition.revision if body.revision is None else body.revision,
        label=body.label if "label" in said else edition.label,
        effective=_day(body.effective) if "effective" in said else edition.effective,
    )
    return _answer(where, 200)


@router.delete("/{key}", dependencies=[_running], response_model=list[shapes.Edition])
def discard_draft(request: Request, where: EditionDep) -> Response:
    """Take back a draft that nobody ever signed off; If-Match is needed. The answer: all other editions."""
    at = where.at
    check_match(request, _tag(where))
    editions.discard(at.session, at.charter, where.edition, by=at.by, now=clock.now())
    return list_editions(at)


@router.post("/{key}/freeze", dependencies=[_running], response_model=shapes.Edition)
def freeze_edition(where: EditionDep, body: OptionalReason = None) -> Response:
    """Make a draft a candidate."""
    at = where.at
    warnings = editions.freeze(
        at.session, at.charter, where.edition, by=at.by.id, now=clock.now(), reason=reason_of(body)
    )
    return _answer(where, 200, warnings)


@router.post("/{key}/thaw", dependencies=[_running], response_model=shapes.Edition)
def thaw_edition(where: EditionDep, body: OptionalReason = None) -> Response:
    """Make a candidate a draft again; sign-offs lapse."""
    at = where.at
    editions.thaw(at.session, at.charter, where.edition, by=at.by, now=clock.now(), reason=reason_of(body))
    return _answer(where, 200)


@router.post("/{key}/signoffs", status_code=201, dependencies=[_running], response_model=shapes.Edition)
def sign_edition_off(where: EditionDep, body: OptionalReason = None) -> Response:
    """Put one's name under a candidate."""
    at = where.at
    editions.sign_off(at.session, at.charter, where.edition, by=at.by, now=clock.now(), reason=reason_of(body))
    return _answer(where, 201)


@router.post("/{key}/approve", dependencies=[Depends(may_approve)], response_model=shapes.Edition)
def approve_edition(
    c: CharterKey, key: EditionKey, visitor: VisitorDep, database: DatabaseDep, body: OptionalReason = None
) -> Response:
    """Approve a candidate. The answer comes when its PDF is made and kept; nobody else waits for that."""
    assert visitor.account is not None, "who may approve is signed in"
    editions.approve(database, c, key, by=visitor.account.id, now=clock.now(), reason=reason_of(body))
    with database.reading() as session:
        at = charter_access(session, c, visitor, writes=False)
        return _answer(EditionAccess(at, edition_row(session, at.charter, key, unpublished=True)), 200)


@router.post("/{key}/publish", dependencies=[_running], response_model=shapes.Edition)
def publish_edition(where: EditionDep, body: OptionalReason = None) -> Response:
    """Show an approved edition to everybody."""
    at = where.at
    editions.publish(at.session, at.charter, where.edition, by=at.by.id, now=clock.now(), reason=reason_of(body))
    return _answer(where, 200)


@router.post("/{key}/withdraw", dependencies=[_running], response_model=shapes.Edition)
def withdraw_edition(where: EditionDep, body: ReasonBody) -> Response:
    """Say of a published edition that it no longer holds."""
    editions.withdraw(
        where.at.session, where.at.charter, where.edition, by=where.at.by, now=clock.now(), reason=body.reason
    )
    return _answer(where, 200)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    day = edition_date(text)
    if day.day is None:
        raise BadInput("The effective date has to be a day like 2026-11-21.", kind="bad-date")
    return day.first_day


def _answer(where: EditionAccess, status: int, warnings: list[dict[str, object]] | None = None) -> Response:
    view = edition_view(where.at.session, where.at.charter, where.edition, today=clock.today())
    value = edition_json(view)
    if warnings is not None:
        value["warnings"] = warnings
    return JSONResponse(value, status, headers={"ETag": _tag(where)})


def _tag(where: EditionAccess) -> str:
    return tag("edition", where.edition.key, where.edition.lock)
