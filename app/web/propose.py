"""Proposing other wording with plain forms, one part of the charter at a time, and taking a proposal up again."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.db.models.proposals import Proposal
from app.deps import CharterAccess, CharterDep, ProposalDep, require, require_author
from app.errors import BadInput, NotFound, Refused, TooLarge
from app.queries.unsent import Begun
from app.rules.permissions import Action
from app.rules.states import ProposalState
from app.text.dialect import showable
from app.text.manuscript import read_manuscript, read_new_manuscript
from app.text.snapshot import SectionKind
from app.tokens import new_id
from app.web.changes import print_wording
from app.web.cover import read_cover, typed_cover
from app.web.cover_annexes import typed_annexes
from app.web.forms import OurFields
from app.web.frame import charter_page
from app.web.keeping import forget, kept, sheet_value
from app.web.leftovers import leftovers, taken_over
from app.web.live import told
from app.web.manuscripts import for_editor
from app.web.newer import Both, NewerVersion, put_over, put_together, refuse_older
from app.web.newsection import read_new_section, typed_new_section
from app.web.once import led_already
from app.web.redlines import redline_frame
from app.web.sections import name_of
from app.web.typed import AT_THE_BEGINNING, STAYS, TypedSection, as_sent, submitted, typed, untouched
from app.web.writing import Wanted, Writing, over_of, preview, store, title_and_reason, writing

router = APIRouter(include_in_schema=False)

NEW_SECTION, COVER = "+section", "+cover"
What = Annotated[str, Path(max_length=100)]
Over = Annotated[str, Query(max_length=2_000)]
Related = Annotated[str, Query(max_length=20)]
_proposing = Depends(require(Action.PROPOSE))
_authoring = Depends(require_author)


@router.api_route("/{c}/propose", methods=["GET", "HEAD"], dependencies=[_proposing])
def choose_part(request: Request, at: CharterDep, relation: Related = "", to: Related = "") -> Response:
    """Which part of the charter somebody wants to change, in a new proposal or with a ``relation`` to another one."""
    return _parts(request, writing(at, None, {"relation": relation, "to": to}))


@router.api_route("/{c}/propose/{what}", methods=["GET", "HEAD"], dependencies=[_proposing])
def open_form(request: Request, at: CharterDep, what: What, relation: Related = "", to: Related = "") -> Response:
    """The form for one part, with what was begun in it and not sent."""
    return _opened(request, at, None, what, {"relation": relation, "to": to})


@router.post("/{c}/propose/{what}/preview", dependencies=[_proposing])
def preview_new(request: Request, at: CharterDep, what: What, fields: OurFields) -> Response:
    """What the proposal would do; nothing is kept yet."""
    return _previewed(request, writing(at, None, fields), what, fields)


@router.post("/{c}/propose/{what}", dependencies=[_proposing])
def store_new(request: Request, at: CharterDep, what: What, fields: OurFields) -> Response:
    """Keep it as a draft, put it before everybody, or go back to the form."""
    return _sent(request, writing(at, None, fields), what, fields)


@router.post("/{c}/propose/{what}/live", dependencies=[_proposing])
def keep_new(at: CharterDep, what: What, fields: OurFields) -> Response:
    """Keep what is typed so far, for its author alone, and say in words what it would do."""
    return _kept(writing(at, None, fields), what, fields)


@router.post("/{c}/propose/{what}/anew", dependencies=[_proposing])
def begin_anew(at: CharterDep, what: What, fields: OurFields) -> Response:
    """Throw away what was begun in this form and not sent."""
    return _anew(writing(at, None, fields), what)


@router.api_route("/{c}/proposals/{n}/edit", methods=["GET", "HEAD"], dependencies=[_authoring])
def choose_part_again(request: Request, where: ProposalDep) -> Response:
    """Which part of one's own proposal to go on with, and what no longer fits the text."""
    _refuse_settled(where.proposal.state)
    return _parts(request, writing(where.at, where.proposal, {}))


@router.api_route("/{c}/proposals/{n}/edit/{what}", methods=["GET", "HEAD"], dependencies=[_authoring])
def open_form_again(request: Request, where: ProposalDep, what: What, over: Over = "") -> Response:
    """The form for one part, with what is proposed already in it, and what was begun in it and not sent.

    ``over`` names changes whose words shall stand in the place of those of the text; nothing is kept by that.
    """
    _refuse_settled(where.proposal.state)
    return _opened(request, where.at, where.proposal, what, {"over": over})


@router.post("/{c}/proposals/{n}/edit/{what}/preview", dependencies=[_authoring])
def preview_version(request: Request, where: ProposalDep, what: What, fields: OurFields) -> Response:
    """What the new version would do; nothing is kept yet."""
    return _previewed(request, writing(where.at, where.proposal, fields), what, fields)


@router.post("/{c}/proposals/{n}/edit/{what}", dependencies=[_authoring])
def store_version(request: Request, where: ProposalDep, what: What, fields: OurFields) -> Response:
    """Make the new version, or go back to the form."""
    return _sent(request, writing(where.at, where.proposal, fields), what, fields)


@router.post("/{c}/proposals/{n}/edit/{what}/live", dependencies=[_authoring])
def keep_version(where: ProposalDep, what: What, fields: OurFields) -> Response:
    """Keep what is typed so far of a new version, and say in words what it would do."""
    return _kept(writing(where.at, where.proposal, fields), what, fields)


@router.post("/{c}/proposals/{n}/edit/{what}/anew", dependencies=[_authoring])
def begin_version_anew(where: ProposalDep, what: What, fields: OurFields) -> Response:
    """Throw away what was begun of a new version and not sent."""
    return _anew(writing(where.at, where.proposal, fields), what)


def _opened(
    request: Request, at: CharterAccess, proposal: Proposal | None, what: str, given: Mapping[str, str]
) -> Response:
    """The form as it is first shown: on the newest revision, or as its author left it."""
    of = writing(at, proposal, given)
    begun = kept(of, what)
    if begun is None:
        return _form(request, of, what, {})
    if over_of(given):
        of = writing(at, proposal, begun.fields)
        both = put_over(of, what, begun.fields, over_of(given))
        return _form(request, both.of, what, both.fields, own_beside=both.beside, begun=begun)
    return _form(request, writing(at, proposal, {**begun.fields, **given}), what, begun.fields, begun=begun)


def _kept(of: Writing, what: str, fields: Mapping[str, str]) -> Response:
    try:
        if of.proposal is not None:
            _refuse_settled(of.proposal.state)
            refuse_older(of)
        wanted: Wanted | BadInput = _wanted(of, what, fields)
    except (BadInput, Refused, TooLarge) as error:
        wanted = BadInput(error.message)
    return told(of, what, wanted, fields)


def _anew(of: Writing, what: str) -> Response:
    forget(of, what)
    return RedirectResponse(f"{of.home}/{what}{of.query}", 303)


def _refuse_settled(state: str) -> None:
    if state not in (ProposalState.DRAFT, ProposalState.OPEN, ProposalState.RETURNED):
        raise Refused(f"This proposal is {state}, so it has no new versions. Make a new proposal.", kind="wrong-state")


def _previewed(request: Request, of: Writing, what: str, fields: Mapping[str, str]) -> Response:
    try:
        if of.proposal is not None:
            _refuse_settled(of.proposal.state)
        refuse_older(of)
        return preview(request, of, _wanted(of, what, fields), fields, f"{of.home}/{what}")
    except NewerVersion:
        return _both(request, of, what, fields)
    except (BadInput, Refused, TooLarge) as error:
        # Also where others decided meanwhile: what was typed stays on the page.
        return _form(request, of, what, fields, problem=error.message)


def _sent(request: Request, of: Writing, what: str, fields: Mapping[str, str]) -> Response:
    act = fields.get("act", "")
    if act.startswith("over "):
        both = put_over(of, what, fields, over_of({"over": act.removeprefix("over ")}))
        return _form(request, both.of, what, both.fields, own_beside=both.beside, begun=kept(both.of, what))
    if act not in ("draft", "submit"):
        return _form(request, of, what, fields)
    try:
        answer = _led(of, fields) or store(of, _wanted(of, what, fields), fields, submit=act == "submit")
        forget(of, what)
        return answer
    except NewerVersion:
        return _both(request, of, what, fields)
    except (BadInput, Refused, TooLarge) as error:
        return _form(request, of, what, fields, problem=error.message)


def _led(of: Writing, fields: Mapping[str, str]) -> Response | None:
    """Where the same form led before. NewerVersion if it is another one, from an older version than is stored now."""
    before = led_already(of.at, fields)
    if before is None:
        refuse_older(of)
    return before


def _both(request: Request, of: Writing, what: str, fields: Mapping[str, str]) -> Response:
    """The form with what the newer version says and what was typed. Nothing is stored."""
    both = put_together(of, what, fields)
    if both.homeless:
        return _parts(request, both.of, both)
    return _form(request, both.of, what, both.fields, problem=both.problem, beside=both.beside)


def _wanted(of: Writing, what: str, fields: Mapping[str, str]) -> Wanted:
    """What the form asks for. BadInput, in words, where it cannot be taken."""
    if what == COVER:
        return Wanted(front=read_cover(of.text.front, fields))
    sheet = sheet_value(fields)
    if what == NEW_SECTION:
        blocks = None if sheet is None else read_new_manuscript(of.text, sheet)
        return Wanted(sections=[read_new_section(of.text, fields, blocks)])
    section = of.text.section(what)
    if section is None:
        raise NotFound("There is no such section in the text.")
    if sheet is not None and "remove" not in fields:
        sent = read_manuscript(of.text, section, sheet)
        return Wanted(sections=[as_sent(typed(of.text, section, fields), sent.blocks), *sent.others])
    return Wanted(sections=submitted(of.text, typed(of.text, section, fields)))


def _form(
    request: Request,
    of: Writing,
    what: str,
    fields: Mapping[str, str],
    *,
    problem: str = "",
    beside: Sequence[tuple[str, str]] = (),
    own_beside: Sequence[tuple[str, str]] = (),
    begun: Begun | None = None,
) -> Response:
    """The form of one part, with what was typed, and beside it why it could not be taken.

    ``begun`` is what was kept of it while its author typed, if that is what it is shown with.
    """
    if problem:
        fields = {name: showable(value) for name, value in fields.items()}
    title, reason = title_and_reason(of, fields)
    values: dict[str, object] = {
        "writing": of,
        "form": f"{of.home}/{what}",
        "title": title,
        "reason": reason,
        "problem": problem,
        "beside": beside,
        "own_beside": own_beside,
        "print_wording": partial(
            print_wording, frame=redline_frame(of.base, of.text, f"/{of.at.charter.key}", anchors=False)
        )
        if fields.get("sheet")
        else None,
        "once": fields.get("once") or new_id(),
        "beginning": AT_THE_BEGINNING,
        "moved_on": of.at.charter.head - of.revision,
        "language": of.base.front.language,
        "others": [(s.key, name_of(s)) for s in of.text.sections if s.key != what],
        "stays": STAYS,
        "begun": begun,
    }
    if what == COVER:
        values |= {"cover": typed_cover(of.text.front, fields), "annexes": typed_annexes(of.text.front, fields)}
        return _page(request, of, "propose/cover.html", values, problem)
    if what == NEW_SECTION:
        values["new"] = typed_new_section(fields)
        ends = [s.key for s in of.text.sections if s.kind is not SectionKind.FOOTNOTES]
        values["last"] = ends[-1] if ends else ""
        values["manuscript"] = for_editor(of, None, fields)
        return _page(request, of, "propose/new_section.html", values, problem)
    section = of.text.section(what)
    if section is None:
        raise NotFound("There is no such section in the text.")
    form = typed(of.text, section, fields) if fields else untouched(of.text, section)
    if problem:
        _mark_problems(of, form)
    values |= {"typed": form, "name": name_of(section), "manuscript": for_editor(of, section, fields)}
    return _page(request, of, "propose/section.html", values, problem)


def _mark_problems(of: Writing, form: TypedSection) -> None:
    """Go through the form once more, so that each paragraph says what is wrong with it."""
    try:
        submitted(of.text, form)
    except (BadInput, TooLarge):
        return


def _parts(request: Request, of: Writing, both: Both | None = None) -> Response:
    base = {section.id: section for section in of.base.sections}
    parts = [
        (section.key, name_of(section), section.id not in base or base[section.id] != section)
        for section in of.text.sections
    ]
    values = {
        "writing": of,
        "parts_of": parts,
        "taken_out": [name_of(s) for s in of.base.sections if of.text.section_by_id(s.id) is None],
        "new_section": NEW_SECTION,
        "cover": COVER,
        "cover_changed": of.base.front != of.text.front,
        "language": of.base.front.language,
        "problem": both.problem if both is not None else "",
        "homeless": both.homeless if both is not None else (),
    }
    return _page(request, of, "propose/parts.html", values, str(values["problem"]))


def _page(request: Request, of: Writing, template: str, values: dict[str, object], problem: str) -> Response:
    at: CharterAccess = of.at
    values["left"], values["over"] = leftovers(of), taken_over(of)
    return charter_page(request, at, template, values, tab="Proposals", status=422 if problem else 200)
