"""Inviting people to a charter, many at once from a pasted list, and accepting an invitation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.deps import CharterAccess, CharterDep, SessionDep, SettingsDep, VisitorDep
from app.errors import BadInput, NotFound, NotSignedIn
from app.queries.charters import charter_of
from app.queries.invitations import accepted_by_link, invitation_of_link, known_here
from app.queries.naming import name_of
from app.queries.people import known_name
from app.queries.revisions import head_snapshot
from app.rules.mailboxes import MOST_INVITED, Pasted, pasted_people
from app.rules.permissions import Action, Role
from app.services import invitations, sessions
from app.text.digest import digest
from app.web.frame import charter_page, page
from app.web.people import Number, managing
from app.web.sessions import OurForm, Secret, device_of, signed_in

router = APIRouter(include_in_schema=False)

OVER = (
    "This link was used already, was taken back, or is too old. If you accepted before, sign in with your e-mail "
    "address. If not, ask whoever invited you to send it again."
)
List = Annotated[str, Form(max_length=100_000)]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A pasted list as it was understood, in the order of its lines."""

    entries: Sequence[Pasted]

    @property
    def good(self) -> Sequence[Pasted]:
        """Those who can be invited."""
        return [one for one in self.entries if not one.problem]

    @property
    def bad(self) -> Sequence[Pasted]:
        """Those who cannot, each with the reason."""
        return [one for one in self.entries if one.problem]


@router.api_route("/{c}/people/invite", methods=["GET", "HEAD"], dependencies=managing)
def show_form(request: Request, at: CharterDep, settings: SettingsDep) -> Response:
    """Where a list is pasted."""
    return _form(request, at, settings.mail_server is not None)


@router.post("/{c}/people/invite", dependencies=[*managing, OurForm])
def send(
    request: Request,
    at: CharterDep,
    settings: SettingsDep,
    text: List = "",
    role: Annotated[str, Form(max_length=20)] = "",
    act: Annotated[str, Form(max_length=10)] = "",
    checked: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Show a list back as it was understood; or invite those on it, if it is the list that was shown."""
    by_mail = settings.mail_server is not None
    plain = text.replace("\r\n", "\n")
    if role not in set(Role):
        return _form(request, at, by_mail, plain, role, problem="Choose as what they are invited.")
    found = _reviewed(at, plain)
    if not found.entries:
        return _form(request, at, by_mail, plain, role, problem="Paste at least one e-mail address.")
    if act != "send" or not found.good:
        return _form(request, at, by_mail, plain, role, found)
    if checked != _mark(plain, role):
        return _form(request, at, by_mail, plain, role, found, problem="The list was changed: look at it once more.")
    people = [(one.email, one.name) for one in found.good]
    try:
        invitations.invite(at.session, at.charter, people, role, by=at.by, now=clock.now())
    except BadInput as wrong:
        return _form(request, at, by_mail, plain, role, found, problem=wrong.message)
    if not found.bad:
        return RedirectResponse(f"/{at.charter.key}/people?invited={len(people)}#page.invited", 303)
    rest = "\n".join(one.text for one in found.bad)
    return _form(request, at, by_mail, rest, role, Reviewed(found.bad), sent=len(people))


def _reviewed(at: CharterAccess, text: str) -> Reviewed:
    entries = pasted_people(text)
    known = known_here(at.session, at.charter, {one.email for one in entries if not one.problem})
    told = [
        replace(one, problem=known[one.email]) if not one.problem and one.email in known else one for one in entries
    ]
    good = [one for one in told if not one.problem]
    if len(good) > MOST_INVITED:
        late = {id(one) for one in good[MOST_INVITED:]}
        words = f"Only {MOST_INVITED} can be invited at once: this one comes after them."
        told = [replace(one, problem=words) if id(one) in late else one for one in told]
    return Reviewed(told)


def _mark(text: str, role: str) -> str:
    """Which list with which role was shown back."""
    return digest(f"{role}\n{text.strip()}")[:32]


def _form(
    request: Request,
    at: CharterAccess,
    by_mail: bool,
    text: str = "",
    role: str = Role.MEMBER,
    found: Reviewed | None = None,
    *,
    problem: str = "",
    sent: int = 0,
) -> Response:
    values: dict[str, object] = {
        "text": text,
        "chosen": role,
        "found": found,
        "checked": _mark(text, role),
        "problem": problem,
        "sent": sent,
        "by_mail": by_mail,
        "most": MOST_INVITED,
    }
    return charter_page(request, at, "people/invite.html", values, tab="People", status=422 if problem else 200)


@router.api_route("/{c}/invitations/{i}/send", methods=["GET", "HEAD"])
@router.api_route("/{c}/invitations/{i}/take-back", methods=["GET", "HEAD"])
def back_to_people(at: CharterDep) -> Response:
    """Who loads the address of a form again is shown the people."""
    return RedirectResponse(f"/{at.charter.key}/people", 303)


@router.post("/{c}/invitations/{i}/send", dependencies=[*managing, OurForm])
def send_again(at: CharterDep, i: Number) -> Response:
    """Send an invitation again."""
    invitations.send_again(at.session, at.charter, i, by=at.by, now=clock.now())
    return RedirectResponse(f"/{at.charter.key}/people?done=again#page.invited", 303)


@router.post("/{c}/invitations/{i}/take-back", dependencies=[*managing, OurForm])
def take_back(at: CharterDep, i: Number) -> Response:
    """Take an invitation back."""
    invitations.take_back(at.session, at.charter, i, by=at.by, now=clock.now())
    return RedirectResponse(f"/{at.charter.key}/people?done=back", 303)


@router.api_route("/invitations/{secret}", methods=["GET", "HEAD"])
def offer_accepting(secret: Secret, visitor: VisitorDep, session: SessionDep) -> Response:
    """Who invites to what, and one button. Opening the page uses nothing up: mail scanners open links too."""
    if visitor.account is not None and (key := accepted_by_link(session, secret, visitor.account.id)):
        return RedirectResponse(f"/{key}", 303)
    return _offer(secret, visitor, session)


@router.post("/invitations/{secret}", dependencies=[OurForm])
def accept(
    request: Request,
    secret: Secret,
    visitor: VisitorDep,
    session: SessionDep,
    settings: SettingsDep,
    name: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Accept an invitation. Pressed twice, the button accepts once, and leads on."""
    if visitor.account is not None and (key := accepted_by_link(session, secret, visitor.account.id)):
        return RedirectResponse(f"/{key}/welcome", 303)
    try:
        _, begun = invitations.accept(session, secret, name, now=clock.now(), device=device_of(request))
    except BadInput as wrong:
        session.rollback()
        return _offer(secret, visitor, session, typed=name, problem=wrong.message)
    except NotSignedIn as over:
        raise NotSignedIn(OVER, kind=over.kind) from over
    if visitor.session_secret is not None:
        sessions.sign_out(session, visitor.session_secret)
    return signed_in(begun, settings)


def _offer(
    secret: str, visitor: VisitorDep, session: SessionDep, *, typed: str | None = None, problem: str = ""
) -> Response:
    one = invitation_of_link(session, secret, clock.now())
    if one is None:
        raise NotSignedIn(OVER, kind="invitation-over")
    front = head_snapshot(session, charter_of(session, one.charter_id)).front
    values = {
        "secret": secret,
        "front": front,
        "invitation": one,
        "by": name_of(session, one.charter_id, one.invited_by),
        "known_as": known_name(session, one.email),
        "typed": one.name if typed is None else typed,
        "problem": problem,
    }
    headers = {"cache-control": "no-store"}
    return page("people/accept.html", values, visitor, status=422 if problem else 200, headers=headers)


@router.api_route("/{c}/welcome", methods=["GET", "HEAD"])
def welcome(request: Request, at: CharterDep) -> Response:
    """The first page for who has just come in: what they can do here, and where to begin."""
    if at.standing.role is None:
        raise NotFound("There is nothing at this address.")
    values = {"name": at.by.name, "text": head_snapshot(at.session, at.charter).front, "decides": at.may(Action.DECIDE)}
    return charter_page(request, at, "people/welcome.html", values)
