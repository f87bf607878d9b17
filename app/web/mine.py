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
from app.queries.signing_in import ways_in
from app.rules.site import site_of
from app.settings import Settings
from app.web.frame import page

LIVES = {"30": "30 days", "90": "90 days", "365": "a year"}
"""How long a token can be good: days as the form sends them, and in words."""

DONE = {
    "name": "Your name is saved, also under what you have said before.",
    "session": "That sign-in has ended.",
    "others": "You are signed out everywhere else.",
    "left": "You have left that charter. What you wrote there stays.",
    "passkey": "The passkey is added: from now on you can sign in with it.",
    "nopasskey": "The passkey is removed: nobody gets in with it any more. Delete it on your device too.",
    "password": "Your password is saved.",
    "nopassword": "Your password is removed.",
    "unlinked": "The account is no longer linked.",
    "token": "The token is revoked: nothing can use it any more.",
}
"""What was done, by the word that stands in the address after it."""


def show_me(
    person: Account, visitor: Visitor, session: Session, settings: Settings, *, done: str = "", **more: Any
) -> Response:
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
        "ways": ways_in(session, person, settings.oidc_issuer),
        "passkeys_work": site_of(settings.address) is not None,
        "by_mail": settings.mail_server is not None,
        "passwords": settings.passwords,
        "issuer": settings.oidc_name if settings.oidc_issuer else "",
        "problem": "",
        "passkey_problem": "",
        "password_problem": "",
        "token": "",
        "token_problem": "",
        "said": DONE.get(done, ""),
        **more,
    }
    wrong = any(value for name, value in more.items() if name.endswith("problem"))
    return page("people/me.html", values, visitor, status=422 if wrong else 200, headers={"cache-control": "no-store"})
