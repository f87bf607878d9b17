"""The settings of a charter, and its people: what governors and administrators change, in the words of a meeting."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.deps import CharterAccess, CharterDep, for_members, require
from app.errors import BadInput, NotFound
from app.queries.charters import charter_settings, settings_digest
from app.queries.members import members
from app.rules.majorities import Rule
from app.rules.permissions import Action, Role
from app.services import settings
from app.web.frame import charter_page
from app.web.sessions import OurForm

router = APIRouter(include_in_schema=False)

_managing = Depends(require(Action.MANAGE_CHARTER))
RULES_IN_FULL: Mapping[Rule, tuple[str, str]] = {
    Rule.GOVERNORS: (
        "The governors decide",
        "Reviews advise them, and are counted and shown. They may adopt or reject as they see fit.",
    ),
    Rule.MAJORITY: (
        "A majority",
        "More members support a change than object to it. Abstentions count for the quorum only.",
    ),
    Rule.TWO_THIRDS: (
        "Two thirds",
        "Of those who support or object, at least two thirds support a change. Abstentions count for the quorum only.",
    ),
    Rule.NO_OBJECTION: (
        "No open objection",
        "Nobody objects to a change. Whoever changes their mind takes a new position, and that one counts.",
    ),
}
"""Each rule by its name and what it asks for, in plain words."""


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
) -> Response:
    """Change them. ``seen`` says which settings the form was filled in from: nobody overwrites others unseen."""
    typed = {"open": open, "rule": rule, "quorum": quorum, "signoffs_required": signoffs_required}
    if seen != settings_digest(at.charter):
        problem = f"Somebody else changed the settings meanwhile: {_in_words(at)} Look at yours, and save them again."
        return _show(request, at, typed, problem=problem)
    try:
        wanted = settings.NewSettings(
            open=open == "yes",
            rule=rule,
            quorum=_number(quorum, "The quorum"),
            signoffs_required=_number(signoffs_required, "The number of sign-offs"),
        )
        settings.change_settings(at.session, at.charter, wanted, by=at.by, now=clock.now())
    except BadInput as error:
        return _show(request, at, typed, problem=error.message)
    return RedirectResponse(f"/{at.charter.key}/settings?saved=yes", 303)


@router.api_route("/{c}/people", methods=["GET", "HEAD"])
def list_people(request: Request, at: CharterDep) -> Response:
    """Everybody with a role in the charter."""
    for_members(at)
    values = {"people": members(at.session, at.charter), "may_name": at.may(Action.MANAGE_MEMBERS)}
    return charter_page(request, at, "people/list.html", values)


@router.api_route("/{c}/people/{p}/advises", methods=["GET", "HEAD"])
def back_to_people(at: CharterDep) -> Response:
    """Who loads the address of a form again is shown the people."""
    return RedirectResponse(f"/{at.charter.key}/people", 303)


def members_only(at: CharterDep) -> None:
    """The people are there for members alone, before it is asked who may change something about them."""
    for_members(at)


@router.post(
    "/{c}/people/{p}/advises",
    dependencies=[Depends(members_only), Depends(require(Action.MANAGE_MEMBERS)), OurForm],
)
def name_adviser(
    at: CharterDep, p: Annotated[int, Path(ge=1, le=999_999_999)], advises: Annotated[str, Form(max_length=10)] = ""
) -> Response:
    """Name a member to recommend, or no longer."""
    if advises not in ("yes", "no"):
        raise NotFound("There is nothing at this address.")
    settings.name_adviser(at.session, at.charter, p, advises == "yes", by=at.by, now=clock.now())
    return RedirectResponse(f"/{at.charter.key}/people#person.{p}", 303)


def _in_words(at: CharterAccess) -> str:
    now = charter_settings(at.charter)
    readers = "everybody reads the working text" if now.open else "only people with a role read the working text"
    name = RULES_IN_FULL[Rule(now.rule)][0].lower()
    return f"now the rule is “{name}”, the quorum {now.quorum}, sign-offs {now.signoffs_required}, and {readers}."


def _number(text: str, what: str) -> int:
    plain = text.strip()
    if not plain.isascii() or not plain.isdigit() or len(plain) > 9:
        raise BadInput(f"{what} has to be a whole number, like 3.")
    return int(plain)


def _as_typed(at: CharterAccess) -> Mapping[str, str]:
    now = charter_settings(at.charter)
    return {
        "open": "yes" if now.open else "",
        "rule": now.rule,
        "quorum": str(now.quorum),
        "signoffs_required": str(now.signoffs_required),
    }


def _show(
    request: Request, at: CharterAccess, typed: Mapping[str, str], *, problem: str = "", saved: bool = False
) -> Response:
    known = members(at.session, at.charter)
    now = charter_settings(at.charter)
    values: dict[str, object] = {
        "typed": typed,
        "problem": problem,
        "saved": saved,
        "rules": RULES_IN_FULL,
        "seen": settings_digest(at.charter),
        "members": len(known),
        "governors": sum(member.role == Role.GOVERNOR for member in known),
        "now": now,
    }
    return charter_page(request, at, "settings/charter.html", values, status=422 if problem else 200)
