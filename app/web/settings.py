"""The settings of a charter: what governors and administrators change, in the words of a meeting."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.deps import CharterAccess, CharterDep, require
from app.errors import BadInput
from app.queries.charters import charter_settings, settings_digest
from app.queries.members import members
from app.queries.overview import charter_view
from app.rules.former import Former
from app.rules.majorities import Rule
from app.rules.permissions import Action, Role
from app.services import settings
from app.text.snapshot import SectionKind
from app.web.frame import charter_page
from app.web.sessions import OurForm

router = APIRouter(include_in_schema=False)

_managing = Depends(require(Action.MANAGE_CHARTER))
RULES_IN_FULL: Mapping[Rule, tuple[str, str, str]] = {
    Rule.GOVERNORS: (
        "The governors decide",
        "Reviews advise them, and are counted and shown. They may adopt or reject as they see fit.",
        "Five members support a change and two object. The governors read why, and adopt or reject it.",
    ),
    Rule.MAJORITY: (
        "A majority",
        "More people support a change than object to it. Abstentions count for the quorum only.",
        "Five support, four object, three abstain: enough. Five and five: not enough.",
    ),
    Rule.TWO_THIRDS: (
        "Two thirds",
        "Of those who support or object, at least two thirds support a change. Abstentions count for the quorum only.",
        "Six support and three object: enough. Five and three: not enough.",
    ),
    Rule.NO_OBJECTION: (
        "No open objection",
        "Nobody objects to a change. Whoever changes their mind takes a new position, and that one counts.",
        "Nine support and one objects: not enough, until that one takes another position.",
    ),
}
"""Each rule by its name, what it asks for in plain words, and an example."""


@router.api_route("/{c}/settings", methods=["GET", "HEAD"], dependencies=[_managing])
def read_settings(request: Request, at: CharterDep, saved: str = "") -> Response:
    """The settings as they are."""
    return _show(request, at, _as_typed(at), saved=saved == "yes")


@router.post("/{c}/settings", dependencies=[_managing, OurForm])
def change_settings(
    request: Request,
    at: CharterDep,
    seen: Annotated[str, Form(max_length=100)] = "",
    open: Annotated[str, Form(max_length=10)] = "",
    rule: Annotated[str, Form(max_length=40)] = "",
    quorum: Annotated[str, Form(max_length=40)] = "",
    signoffs_required: Annotated[str, Form(max_length=40)] = "",
    former_members: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Change them. ``seen`` says which settings the form was filled in from: nobody overwrites others unseen."""
    typed = {"open": open, "rule": rule, "quorum": quorum, "signoffs_required": signoffs_required}
    typed["former_members"] = former_members or at.charter.former_members
    if seen != settings_digest(at.charter):
        told = "The settings were changed meanwhile, by somebody else or in another window of yours"
        problem = f"{told}: {_in_words(at)} Yours are not saved: look at them, and save them again."
        return _show(request, at, typed, problem=problem)
    try:
        wanted = settings.NewSettings(
            open=open == "yes",
            rule=rule,
            quorum=_number(quorum, "quorum", "The quorum"),
            signoffs_required=_number(signoffs_required, "signoffs_required", "The number of sign-offs"),
            former_members=former_members or None,
        )
        settings.change_settings(at.session, at.charter, wanted, by=at.by, now=clock.now())
    except BadInput as error:
        return _show(request, at, typed, problem=error.message, field=str(error.details.get("field", "")))
    return RedirectResponse(f"/{at.charter.key}/settings?saved=yes", 303)


def _in_words(at: CharterAccess) -> str:
    now = charter_settings(at.charter)
    readers = "everybody reads the working text" if now.open else "only people with a role read the working text"
    name = RULES_IN_FULL[Rule(now.rule)][0].lower()
    left = "their names stay" if now.former_members == Former.NAMED else "“a former member” is shown"
    numbers = f"the quorum {now.quorum}, sign-offs {now.signoffs_required}"
    return f"now the rule is “{name}”, {numbers}, {readers}, and of those who have left {left}."


def _number(text: str, field: str, what: str) -> int:
    plain = text.strip()
    if not plain.isascii() or not plain.isdigit() or len(plain) > 9:
        raise BadInput(f"{what} has to be a whole number, like 3.", details={"field": field})
    return int(plain)


def _as_typed(at: CharterAccess) -> Mapping[str, str]:
    now = charter_settings(at.charter)
    return {
        "open": "yes" if now.open else "",
        "rule": now.rule,
        "quorum": str(now.quorum),
        "signoffs_required": str(now.signoffs_required),
        "former_members": now.former_members,
    }


def _show(
    request: Request,
    at: CharterAccess,
    typed: Mapping[str, str],
    *,
    problem: str = "",
    field: str = "",
    saved: bool = False,
) -> Response:
    known = members(at.session, at.charter)
    now = charter_settings(at.charter)
    values: dict[str, object] = {
        "typed": typed,
        "problem": problem,
        "wrong": field,
        "saved": saved,
        "rules": RULES_IN_FULL,
        "seen": settings_digest(at.charter),
        "members": len(known),
        "governors": sum(member.role == Role.GOVERNOR for member in known),
        "now": now,
        "notice": _notice(at),
        "may_keep": at.may(Action.KEEP_FILES),
    }
    return charter_page(request, at, "settings/charter.html", values, status=422 if problem else 200)


def _notice(at: CharterAccess) -> str | None:
    """The key of the section that stands before the text as its notice, if there is one."""
    sections = charter_view(at.session, at.charter, at.allowed, clock.today()).sections
    return next((section.key for section in sections if section.kind == SectionKind.NOTICE), None)
