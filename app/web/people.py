"""The people of a charter: who they are to each other, their roles, and who leaves."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.db.models.people import Person
from app.deps import CharterDep, SettingsDep, for_members, require
from app.errors import NotFound
from app.queries.invitations import invitations
from app.queries.members import members
from app.queries.undelivered import undelivered
from app.rules.former import Former
from app.rules.permissions import Action, Role
from app.services import people, sessions, settings
from app.services.sessions import SignedIn, Way
from app.web.frame import charter_page
from app.web.sessions import OurForm, device_of, signed_in

router = APIRouter(include_in_schema=False)

Number = Annotated[int, Path(ge=1, le=999_999_999)]
DONE = {
    "role": "The role is changed.",
    "removed": "They have no role in this charter any more. What they wrote stays.",
    "adviser": "Saved.",
    "again": "The invitation is sent again.",
    "back": "The invitation is taken back: its link leads nowhere any more.",
}
"""What was done, by the word that stands in the address after it."""


def members_only(at: CharterDep) -> None:
    """The people are there for members alone, before it is asked who may change something about them."""
    for_members(at)


managing = [Depends(members_only), Depends(require(Action.MANAGE_MEMBERS))]
"""For pages and forms of those who manage the members of the charter."""


@router.api_route("/{c}/people", methods=["GET", "HEAD"])
def list_people(
    request: Request,
    at: CharterDep,
    done: Annotated[str, Query(max_length=20)] = "",
    invited: Annotated[int, Query(ge=0, le=999)] = 0,
) -> Response:
    """Everybody with a role in the charter, and for those who manage them who is invited."""
    for_members(at)
    manages = at.may(Action.MANAGE_MEMBERS)
    known = members(at.session, at.charter)
    values = {
        "people": known,
        "manages": manages,
        "me": at.visitor.account.id if at.visitor.account else 0,
        "governors": sum(one.role == Role.GOVERNOR for one in known),
        "roles": [str(role) for role in Role],
        "invitations": invitations(at.session, at.charter, clock.now()) if manages else [],
        "undelivered": undelivered(at.session, clock.now()) if manages else {},
        "said": DONE.get(done, ""),
        "named": at.charter.former_members == Former.NAMED,
        "invited": invited if manages else 0,
    }
    return charter_page(request, at, "people/list.html", values, tab="People")


@router.api_route("/{c}/people/{p}/advises", methods=["GET", "HEAD"])
@router.api_route("/{c}/people/{p}/role", methods=["GET", "HEAD"])
@router.api_route("/{c}/people/{p}/remove", methods=["GET", "HEAD"])
def back_to_people(at: CharterDep) -> Response:
    """Who loads the address of a form again is shown the people."""
    return RedirectResponse(f"/{at.charter.key}/people", 303)


@router.post("/{c}/people/{p}/advises", dependencies=[*managing, OurForm])
def name_adviser(at: CharterDep, p: Number, advises: Annotated[str, Form(max_length=10)] = "") -> Response:
    """Name a member to recommend, or no longer."""
    if advises not in ("yes", "no"):
        raise NotFound("There is nothing at this address.")
    settings.name_adviser(at.session, at.charter, p, advises == "yes", by=at.by, now=clock.now())
    return RedirectResponse(f"/{at.charter.key}/people?done=adviser#person.{p}", 303)


@router.post("/{c}/people/{p}/role", dependencies=[*managing, OurForm])
def change_role(
    request: Request,
    at: CharterDep,
    p: Number,
    configured: SettingsDep,
    role: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Make somebody member or governor. Who changes their own role goes on with a new session."""
    people.change_role(at.session, at.charter, p, role, by=at.by, now=clock.now())
    address = f"/{at.charter.key}/people?done=role#person.{p}"
    if p != at.by.id:
        return RedirectResponse(address, 303)
    person = at.session.get_one(Person, p)
    secret = sessions.begin(at.session, person, now=clock.now(), device=device_of(request), way=Way.ROLE)
    return signed_in(SignedIn(secret, address), configured)


@router.post("/{c}/people/{p}/remove", dependencies=[*managing, OurForm])
def remove(
    request: Request,
    at: CharterDep,
    p: Number,
    configured: SettingsDep,
    sure: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Take somebody's role in this charter away."""
    if sure != "yes":
        return RedirectResponse(f"/{at.charter.key}/people#person.{p}", 303)
    people.change_role(at.session, at.charter, p, None, by=at.by, now=clock.now())
    if p != at.by.id:
        return RedirectResponse(f"/{at.charter.key}/people?done=removed", 303)
    person = at.session.get_one(Person, p)
    secret = sessions.begin(at.session, person, now=clock.now(), device=device_of(request), way=Way.ROLE)
    return signed_in(SignedIn(secret, "/me"), configured)
