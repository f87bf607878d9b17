"""Invitations to a charter, for those who manage its members."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from app import clock
from app.api import shapes
from app.api.schemas import InvitationsBody, Nothing
from app.api.strict import StrictRoute
from app.api.tags import check_match, tag
from app.api.views import Json, moment
from app.deps import CharterAccess, CharterDep, for_members, require
from app.queries.invitations import InvitationView, invitation_view
from app.queries.invitations import invitations as open_invitations
from app.rules.permissions import Action
from app.services import invitations

_managing = Depends(require(Action.MANAGE_MEMBERS))


def members_only(at: CharterDep) -> None:
    """Who is invited exists for members alone, before it is asked who may see it."""
    for_members(at)


router = APIRouter(
    route_class=StrictRoute, prefix="/charters/{c}/invitations", dependencies=[Depends(members_only), _managing]
)
Id = Annotated[int, Path(description="The id of an invitation", ge=1, le=999_999_999)]


def get_invitation(at: CharterDep, i: Id, _: Annotated[None, _managing]) -> InvitationView:
    """The open invitation of the address, for those who manage the members."""
    return invitation_view(at.session, at.charter, i, clock.now())


InvitationDep = Annotated[InvitationView, Depends(get_invitation)]


@router.get("", response_model=list[shapes.Invitation])
def list_invitations(at: CharterDep) -> Response:
    """The invitations nobody has accepted yet, the newest first."""
    return JSONResponse([_json(view) for view in open_invitations(at.session, at.charter, clock.now())])


@router.post("", status_code=201, response_model=list[shapes.Invitation])
def invite(at: CharterDep, body: InvitationsBody) -> Response:
    """Invite people with one role; each gets a mail with a link of their own. All of them or none."""
    people = [(one.email, one.name or "") for one in body.people]
    made = invitations.invite(at.session, at.charter, people, body.role, by=at.by, now=clock.now())
    return JSONResponse([_read(at, one.id) for one in made], 201)


@router.get("/{i}", response_model=shapes.Invitation)
def read_invitation(found: InvitationDep) -> Response:
    """One of them; the ETag is for taking it back."""
    return _answer(found)


@router.post("/{i}/send", response_model=shapes.Invitation)
def send_again(at: CharterDep, found: InvitationDep, _body: Nothing = None) -> Response:
    """Send it again, good for another 14 days; 429 within ten minutes of the last mail."""
    invitations.send_again(at.session, at.charter, found.id, by=at.by, now=clock.now())
    return _answer(invitation_view(at.session, at.charter, found.id, clock.now()))


@router.delete("/{i}", response_model=list[shapes.Invitation])
def take_back(at: CharterDep, request: Request, found: InvitationDep) -> Response:
    """Take it back: its links lead nowhere any more; If-Match is needed. The answer lists those that are open."""
    check_match(request, _tag(found))
    invitations.take_back(at.session, at.charter, found.id, by=at.by, now=clock.now())
    return list_invitations(at)


def _read(at: CharterAccess, id: int) -> Json:
    return _json(invitation_view(at.session, at.charter, id, clock.now()))


def _answer(found: InvitationView) -> Response:
    return JSONResponse(_json(found), headers={"ETag": _tag(found)})


def _tag(found: InvitationView) -> str:
    return tag("invitation", found.id, found.mails)


def _json(view: InvitationView) -> Json:
    return {
        "id": view.id,
        "email": view.email,
        "name": view.name,
        "role": view.role,
        "invited_by": view.by,
        "sent_at": moment(view.sent_at),
        "ends_at": moment(view.ends_at),
        "mails": view.mails,
        "over": view.over,
    }
