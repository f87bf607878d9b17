"""Every form × everybody who may not send it, from the addresses the service takes: a new form has to be named here."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.db.engine import Database
from tests.support.acts import counted
from tests.support.standings import (
    AMENDMENT,
    ANNEXE,
    DRAFT,
    DRAFT_THREAD,
    EDITION,
    MEMBERS_THREAD,
    OPEN_PROPOSAL,
    PUBLIC_THREAD,
    ROLES,
    Place,
    furnish,
    one_loop,
    sign_in,
)
from tests.web.visits import browser

OURS = {"Sec-Fetch-Site": "same-origin"}
THEIRS = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}

INSIDE = frozenset({"author", "partner", "member", "adviser", "governor"})
MANAGING = frozenset({"governor", "administrator"})
P, T, E = "/{c}/proposals/{n}", "/{c}/threads/{t}", "/{c}/editions/{key}"
EDITION_ACTS = ("redraft", "discard", "freeze", "thaw", "sign-off", "approve", "publish", "withdraw")

FORMS: dict[str, frozenset[str]] = {
    "/{c}/propose/{what}": INSIDE,
    "/{c}/propose/{what}/preview": INSIDE,
    "/{c}/propose/{what}/live": INSIDE,
    "/{c}/propose/{what}/anew": INSIDE,
    f"{P}/edit/{{what}}": frozenset({"author"}),
    f"{P}/edit/{{what}}/preview": frozenset({"author"}),
    f"{P}/edit/{{what}}/live": frozenset({"author"}),
    f"{P}/edit/{{what}}/anew": frozenset({"author"}),
    "/{c}/from-word/look": INSIDE,
    "/{c}/from-word": INSIDE,
    "/{c}/threads": INSIDE,
    f"{T}/replies": INSIDE,
    f"{T}/resolve": frozenset({"author", "governor"}),
    f"{T}/reopen": frozenset({"author", "governor"}),
    f"{T}/reattach": frozenset({"author", "governor"}),
    f"{T}/following": INSIDE,
    f"{P}/following": INSIDE,
    f"{P}/reviews": INSIDE,
    f"{P}/submit": frozenset({"author"}),
    f"{P}/withdraw": frozenset({"author"}),
    f"{P}/return": frozenset({"governor"}),
    f"{P}/partners": frozenset({"author"}),
    f"{P}/partners/{{p}}/remove": frozenset({"author"}),
    f"{P}/sign": frozenset({"partner"}),
    f"{P}/unsign": frozenset({"partner"}),
    f"{P}/recommendations": frozenset({"governor", "adviser"}),
    f"{P}/review-by": frozenset({"governor"}),
    f"{P}/amendments/{{m}}/accept": frozenset({"author"}),
    "/{c}/desk": frozenset({"governor"}),
    "/{c}/desk/merge": frozenset({"governor"}),
    "/{c}/revisions/{n}/revert": frozenset({"governor"}),
    "/{c}/editions": frozenset({"governor"}),
    **{f"{E}/{act}": frozenset({"governor"}) for act in EDITION_ACTS},
    "/{c}/annexes/{a}/put": frozenset({"governor"}),
    "/{c}/annexes/{a}/take-away": frozenset({"governor"}),
    "/{c}/settings/logo": frozenset({"governor"}),
    "/{c}/settings/logo/take-away": frozenset({"governor"}),
    "/{c}/settings": MANAGING,
    "/{c}/people/{p}/advises": MANAGING,
    "/{c}/people/{p}/role": MANAGING,
    "/{c}/people/{p}/remove": MANAGING,
    "/{c}/leave": INSIDE,
    "/{c}/people/invite": MANAGING,
    "/{c}/invitations/{i}/send": MANAGING,
    "/{c}/invitations/{i}/take-back": MANAGING,
}
"""Who may send it, of the people of the charter; everybody else is refused."""

OWN = (
    "/notices/choices",
    "/notices/read",
    "/notices/{id}",
    "/notices/{id}/read",
    "/me/name",
    "/me/sessions/others",
    "/me/sessions/{id}",
    "/me/tokens",
    "/me/tokens/{id}",
    "/me/account/unlink",
    "/me/password",
    "/me/password/remove",
    "/me/passkeys",
    "/me/passkeys/options",
    "/me/passkeys/{id}/remove",
)
"""Forms about what is one's own: nobody else can be meant."""

BY_SECRET = (
    "/sign-in",
    "/sign-in/{secret}",
    "/sign-out",
    "/unsubscribe/{secret}",
    "/invitations/{secret}",
    "/passkeys/options",
    "/passkeys/sign-in",
    "/password/sign-in",
    "/login/account",
)
"""Forms whose secret says whose they are, the one that asks for such a secret, and the one that ends a session."""

DRAFT_SEEN = frozenset({"author", "partner"})

Furnished = tuple[Database, FastAPI, Place, Place, dict[str, TestClient]]


@pytest.fixture(scope="module")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    folder = tmp_path_factory.mktemp("forms")
    shutil.copy(sqlite_template, folder / "engross.sqlite3")
    database = Database(f"sqlite:///{folder / 'engross.sqlite3'}")
    service, open_one, closed_one = furnish(database, folder)
    browsers = {
        f"{name}.{key}": sign_in(service, database, f"{name}.{key}") for name in ROLES for key in ("open", "closed")
    }
    browsers["foreign"] = sign_in(service, database, "fay")
    with one_loop(browsers.values()):
        yield database, service, open_one, closed_one, browsers
    database.close()


def address(place: Place, template: str, **objects: object) -> str:
    values: dict[str, object] = {"c": place.key, "n": OPEN_PROPOSAL, "t": PUBLIC_THREAD, "m": AMENDMENT, "what": "need"}
    values |= {"key": EDITION, "a": ANNEXE}
    return template.format(**{**values, "p": place.ids["partner"], "i": place.ids["invited"], **objects})


def posted(client: TestClient, path: str, headers: dict[str, str] = OURS) -> int:
    return client.post(path, data={"once": "x"}, headers=headers).status_code


def test_every_form_is_in_the_table(furnished: Furnished) -> None:
    service = furnished[1]
    found = {
        context.path
        for router in service.routes
        if hasattr(router, "effective_route_contexts")
        for context in router.effective_route_contexts()
        if (context.methods or set()) - {"GET", "HEAD"} and not context.path.startswith("/api/")
    }
    assert found == {*FORMS, *OWN, *BY_SECRET}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_refused_to_everybody_who_may_not_send_it(furnished: Furnished, form: str) -> None:
    database, service, open_one, closed_one, browsers = furnished
    before = counted(database)
    for place in (open_one, closed_one):
        path = address(place, form)
        hidden = place is closed_one
        assert posted(browser(service), path) == 401
        for name in ("stranger", *(n for n in ROLES if n not in FORMS[form] and n != "stranger")):
            answer = posted(browsers[f"{name}.{place.key}"], path)
            # Who sees the page is told that they may not; for others there is none.
            wanted = {404} if hidden and name == "stranger" else {403, 404}
            assert answer in wanted, (path, name, answer)
        assert posted(browsers["foreign"], path) in ({404} if hidden else {403, 404}), path
    assert counted(database) == before


@pytest.mark.parametrize("form", [f for f in FORMS if f.startswith(P)])
def test_a_form_about_a_draft_is_not_there_for_others(furnished: Furnished, form: str) -> None:
    database, service, open_one, _, browsers = furnished
    before = counted(database)
    path = address(open_one, form, n=DRAFT)
    assert posted(browser(service), path) == 401
    for name in set(ROLES) - DRAFT_SEEN:
        assert posted(browsers[f"{name}.open"], path) == 404, (path, name)
    assert posted(browsers["foreign"], path) == 404
    assert counted(database) == before


@pytest.mark.parametrize("form", [f for f in FORMS if f.startswith(T)])
def test_a_form_about_a_hidden_thread_is_not_there_for_others(furnished: Furnished, form: str) -> None:
    database, _, open_one, _, browsers = furnished
    before = counted(database)
    for thread, seen in ((DRAFT_THREAD, DRAFT_SEEN), (MEMBERS_THREAD, frozenset(ROLES) - {"stranger"})):
        path = address(open_one, form, t=thread)
        for name in set(ROLES) - seen:
            assert posted(browsers[f"{name}.open"], path) == 404, (path, name)
        assert posted(browsers["foreign"], path) == 404
    assert counted(database) == before


@pytest.mark.parametrize("form", [*FORMS, *OWN, "/sign-out"])
def test_no_form_is_taken_from_another_site(furnished: Furnished, form: str) -> None:
    database, service, open_one, _, browsers = furnished
    before = counted(database)
    path = address(open_one, form, id=1)
    for name in FORMS.get(form, INSIDE):
        assert posted(browsers[f"{name}.open"], path, THEIRS) == 403, (path, name)
        # A browser that says nothing of where a form came from has to send the token of our pages.
        assert posted(browsers[f"{name}.open"], path, {}) == 403, (path, name)
    assert posted(browser(service), path, THEIRS) == 403
    assert counted(database) == before


@pytest.mark.parametrize("form", OWN)
def test_what_is_ones_own_asks_to_sign_in(furnished: Furnished, form: str) -> None:
    assert posted(browser(furnished[1]), form.format(id=1)) == 401


def test_a_notice_of_somebody_else_is_not_there(furnished: Furnished) -> None:
    database, _, _, _, browsers = furnished
    ids = [n["id"] for n in browsers["author.open"].get("/api/v1/me/notices").json()]
    assert ids, "the author was told of the amendment"
    before = counted(database)
    for name in ("member.open", "governor.open", "administrator.open", "foreign"):
        assert posted(browsers[name], f"/notices/{ids[0]}") == 404
        posted(browsers[name], f"/notices/{ids[0]}/read")
    assert counted(database) == before
    assert any(
        n["id"] == ids[0] and n["read_at"] is None for n in browsers["author.open"].get("/api/v1/me/notices").json()
    )
