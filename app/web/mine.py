"""The page of my settings as it is shown by every form on it."""

from typing import Any

from fastapi.responses import Response
from sqlalchemy.orm import Session

from app import clock
from app.deps import Visitor, is_fresh
from app.queries.notices import choices
from app.queries.overview import charter_views
from app.queries.people import Account, person_by_email, person_view
from app.queries.sessions import browser_sessions, tokens
from app.web.frame import page

LIVES = {"30": "30 days", "90": "90 days", "365": "a year"}
"""How long a token can be good: days as the form sends them, and in words."""

DONE = {
    "name": "Your name is saved, also under what you have said before.",
    "session": "That sign-in has ended.",
    "others": "You are signed out everywhere else.",
    "left": "You have left that charter. What you wrote there stays.",
    "token": "The token is revoked: nothing can use it any more.",
}
"""What was done, by the word that stands in the address after it."""


def show_me(person: Account, visitor: Visitor, session: Session, *, done: str = "", **more: Any) -> Response:
    """Everything about oneself. ``more`` is what a form has to say: what was typed, and what is wrong with it."""
    now = clock.now()
    view = person_view(session, person_by_email(session, person.email))
    charters = {one.key: one for one in charter_views(session, person, clock.today())}
    values = {
        "name": person.name,
        "email": person.email,
        "admin": person.admin,
        "roles": [(charters[role.charter], role.role) for role in view.roles if role.charter in charters],
        "choices": choices(session, person),
        "sessions": browser_sessions(session, person, visitor.session_secret, now),
        "tokens": tokens(session, person, now),
        "lives": LIVES,
        "fresh": is_fresh(visitor),
        "problem": "",
        "token": "",
        "token_problem": "",
        "said": DONE.get(done, ""),
        **more,
    }
    wrong = any(value for name, value in more.items() if name.endswith("problem"))
    return page("people/me.html", values, visitor, status=422 if wrong else 200, headers={"cache-control": "no-store"})
