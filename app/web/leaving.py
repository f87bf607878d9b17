"""Leaving a charter, and taking along what an installation holds of oneself."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app import clock
from app.db.models.people import Person
from app.deps import BrowserDep, CharterDep, SessionDep, SettingsDep, require
from app.queries.members import governor_count
from app.queries.own_data import own_data
from app.render.bundle import packed
from app.rules.dates import day_in_words
from app.rules.former import Former
from app.rules.permissions import Action, Role
from app.services import people, sessions
from app.services.sessions import SignedIn, Way
from app.web.frame import charter_page
from app.web.sessions import OurForm, device_of, signed_in

router = APIRouter(include_in_schema=False)

_inside = Depends(require(Action.REVIEW))


@router.api_route("/{c}/leave", methods=["GET", "HEAD"], dependencies=[_inside])
def explain_leaving(request: Request, at: CharterDep) -> Response:
    """What leaving means, before it is done."""
    return _explain(request, at)


@router.post("/{c}/leave", dependencies=[_inside, OurForm])
def leave(
    request: Request, at: CharterDep, configured: SettingsDep, sure: Annotated[str, Form(max_length=10)] = ""
) -> Response:
    """Leave. Whoever does goes on with a new session, without the role."""
    if sure != "yes":
        return _explain(request, at, problem="Tick that you want to leave, then press the button.")
    people.leave(at.session, at.charter, by=at.by, now=clock.now())
    person = at.session.get_one(Person, at.by.id)
    secret = sessions.begin(at.session, person, now=clock.now(), device=device_of(request), way=Way.ROLE)
    return signed_in(SignedIn(secret, "/me?done=left"), configured)


def _explain(request: Request, at: CharterDep, problem: str = "") -> Response:
    last = at.standing.role is Role.GOVERNOR and governor_count(at.session, at.charter) == 1
    values = {
        "last": last,
        "problem": problem,
        "named": at.charter.former_members == Former.NAMED,
        "name": at.by.name,
    }
    return charter_page(request, at, "people/leave.html", values, tab="People", status=422 if problem else 200)


@router.api_route("/me/data.zip", methods=["GET", "HEAD"])
def own_data_file(person: BrowserDep, session: SessionDep) -> Response:
    """Everything that is mine, as files that any program can read."""
    data, day = own_data(session, person), clock.today()
    files = {
        f"{topic}.json": json.dumps(values, ensure_ascii=False, indent=1).encode("utf-8", "replace")
        for topic, values in data.items()
    }
    files["README.txt"] = _READ_ME.format(email=person.email, day=day_in_words(day)).encode()
    name = f"my-data-{day.isoformat()}.zip"
    told = {"cache-control": "no-store", "content-disposition": f'attachment; filename="{name}"'}
    return Response(packed(files, day), media_type="application/zip", headers=told)


_READ_ME = """What this installation of Engross holds of {email}, on {day}.

profile.json          name, address, roles, how you are told
proposals.json        your proposals and drafts, every version, and what each changes
reviews.json          positions you took
recommendations.json  what you recommended
decisions.json        what you decided
signed.json           proposals of others that were shared with you or that you signed
comments.json         what you wrote in threads
following.json        what you follow or muted
unsent.json           what you began to write and have not sent
notices.json          what you were told
sign_in.json          where you are signed in, passkeys, tokens; never a secret
acts.json             the record of every act of yours

What others wrote is not in here. Moments are in UTC. Texts are in Markdown or in the words of the interface.
"""
