"""The people of a charter and their roles, with addresses for governors alone; and the settings that they change."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from app import clock
from app.api import shapes
from app.api.schemas import AdvisesBody, Nothing, RoleBody, SettingsBody
from app.api.strict import StrictRoute
from app.api.tags import check_match, tag
from app.api.views import charter_json, member_json
from app.db.models.charters import Charter
from app.deps import CharterAccess, CharterDep, for_members, require
from app.errors import NotFound
from app.queries.charters import settings_digest
from app.queries.members import MemberView, member, members
from app.queries.overview import charter_view
from app.rules.permissions import Action
from app.services import people, settings

router = APIRouter(route_class=StrictRoute, prefix="/charters/{c}")


def get_member(
    at: CharterDep, p: Annotated[int, Path(description="The id of a person", ge=1, le=999_999_999)]
) -> MemberView:
    """The person of the address, for those who belong to the charter themselves."""
    for_members(at)
    found = member(at.session, at.charter, p)
    if found is None:
        raise NotFound("There is no such person in this charter.")
    return found


MemberDep = Annotated[MemberView, Depends(get_member)]


@router.get("/people", response_model=list[shapes.Member])
def list_people(at: CharterDep) -> Response:
    """Everybody with a role in the charter, by name."""
    for_members(at)
    return _all(at)


@router.get("/people/{p}", response_model=shapes.Member)
def read_person(at: CharterDep, found: MemberDep) -> Response:
    """One of them; the ETag is for changing what they are."""
    return _answer(at, found)


@router.patch("/people/{p}", response_model=shapes.Member)
def change_role(
    at: CharterDep,
    request: Request,
    found: MemberDep,
    _: Annotated[None, Depends(require(Action.MANAGE_MEMBERS))],
    body: RoleBody,
) -> Response:
    """Make somebody member or governor; they sign in anew. 409 `last-governor`; If-Match is needed."""
    check_match(request, _tag(found))
    people.change_role(at.session, at.charter, found.id, body.role, by=at.by, now=clock.now())
    after = member(at.session, at.charter, found.id)
    assert after is not None
    return _answer(at, after)


@router.delete("/people/{p}", response_model=list[shapes.Member])
def remove_person(
    at: CharterDep, request: Request, found: MemberDep, _: Annotated[None, Depends(require(Action.MANAGE_MEMBERS))]
) -> Response:
    """Take somebody's role away; their words stay. 409 `last-governor`; If-Match is needed. The answer: all others."""
    check_match(request, _tag(found))
    people.change_role(at.session, at.charter, found.id, None, by=at.by, now=clock.now())
    return _all(at)


@router.post("/leave", dependencies=[Depends(require(Action.REVIEW))], response_model=shapes.Left)
def leave(at: CharterDep, _body: Nothing = None) -> Response:
    """Leave the charter: your role is gone, your words stay. 409 `last-governor`. The answer: what you were."""
    role = str(at.standing.role)
    people.leave(at.session, at.charter, by=at.by, now=clock.now())
    return JSONResponse({"left": role})


@router.put("/people/{p}/advises", response_model=shapes.Member)
def name_adviser(
    at: CharterDep,
    request: Request,
    found: MemberDep,
    _: Annotated[None, Depends(require(Action.MANAGE_MEMBERS))],
    body: AdvisesBody,
) -> Response:
    """Name a member to recommend before changes are decided, or no longer; If-Match is needed."""
    check_match(request, _tag(found))
    settings.name_adviser(at.session, at.charter, found.id, body.advises, by=at.by, now=clock.now())
    after = member(at.session, at.charter, found.id)
    assert after is not None
    return _answer(at, after)


@router.patch("", dependencies=[Depends(require(Action.MANAGE_CHARTER))], response_model=shapes.Charter)
def change_settings(at: CharterDep, request: Request, body: SettingsBody) -> Response:
    """Change settings of the charter for all that is decided from now on; If-Match is needed."""
    check_match(request, settings_tag(at.charter))
    wanted = settings.NewSettings(
        body.open, body.rule, body.quorum, body.signoffs_required, former_members=body.former_members
    )
    settings.change_settings(at.session, at.charter, wanted, by=at.by, now=clock.now())
    value = charter_json(charter_view(at.session, at.charter, at.allowed, clock.today()))
    return JSONResponse(value, headers={"ETag": settings_tag(at.charter)})


def settings_tag(charter: Charter) -> str:
    """The ETag of a charter. It is about its settings alone: new revisions and editions do not make it another one."""
    return tag("charter", charter.key, settings_digest(charter))


def _tag(found: MemberView) -> str:
    return tag("person", found.id, found.role, "adviser" if found.advises else "plain")


def _answer(at: CharterAccess, found: MemberView) -> Response:
    value = member_json(found, addresses=at.may(Action.MANAGE_MEMBERS))
    return JSONResponse(value, headers={"ETag": _tag(found)})


def _all(at: CharterAccess) -> Response:
    manages = at.may(Action.MANAGE_MEMBERS)
    return JSONResponse([member_json(view, addresses=manages) for view in members(at.session, at.charter)])
