"""Pages for strangers are kept while nothing happens: never older than the last act, and nobody else's."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app import clock
from app.queries.people import account, person_by_email
from app.render.kept import Kept
from app.services.people import change_name
from app.web import strangers
from tests.support.acts import adopt, merge, propose
from tests.support.site import API, Site, client_of
from tests.web.visits import Visits, browser

PAGES = ("/peps", "/peps/working")


def seen(site: Site) -> dict[str, str]:
    """The pages as a stranger sees them now."""
    reader = browser(site.service)
    return {path: reader.get(path).text if reader.get(path).status_code == 200 else "" for path in PAGES}


def made_anew(site: Site, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The same with nothing kept."""
    with monkeypatch.context() as patched:
        patched.setattr(strangers, "_KEPT", Kept(10))
        return seen(site)


def publish(site: Site) -> None:
    """The working text becomes the edition in force."""
    made = site.governor.post(f"{API}/editions", json={"revision": 1, "date": "2026-01"})
    assert made.status_code == 201, made.text
    for act in ("freeze", "signoffs", "approve", "publish"):
        answer = site.governor.post(f"{API}/editions/2026-01/{act}", json={})
        assert answer.status_code in (200, 201), answer.text


def rename(site: Site) -> None:
    """Somebody takes another name."""
    with site.database.writing() as session:
        who = account(person_by_email(session, "mara@example.org"))
        change_name(session, who, "Mara Maier", now=clock.now())


def acts(site: Site) -> list[Callable[[], object]]:
    """What changes what strangers see, or might, one after the other."""
    comment = {"section": "vision", "audience": "public", "text": "A word to everybody."}
    among_us = {"section": "vision", "audience": "members", "text": "A word among us."}
    closed, opened = {"open": False}, {"open": True}

    def settings(**values: object) -> object:
        tag = site.administrator.get(API).headers["etag"]
        return site.administrator.patch(API, json=values, headers={"If-Match": tag})

    return [
        lambda: site.member.post(f"{API}/threads", json=comment),
        lambda: site.member.post(f"{API}/threads", json=among_us),
        lambda: propose(site.member, markdown="Words that nobody has seen.", title="One"),
        lambda: propose(site.member, "mission", markdown="A draft.", title="Two", submit=False),
        lambda: site.other_member.post(f"{API}/proposals/1/reviews", json={"position": "object", "text": "No."}),
        lambda: rename(site),
        lambda: adopt(site.governor, 1),
        lambda: publish(site),
        lambda: merge(site.governor, "1.1"),
        lambda: site.member.post(f"{API}/threads/1/resolve"),
        lambda: settings(**closed),
        lambda: settings(**opened),
        lambda: settings(former_members="unnamed"),
        lambda: site.member.post(f"{API}/leave"),
        lambda: site.governor.post(f"{API}/editions/2026-01/withdraw", json={"reason": "A mistake."}),
    ]


@pytest.mark.long
def test_after_every_act_a_stranger_sees_what_is_made_anew(sqlite_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site = sqlite_site
    was, changed = seen(site), 0
    for act in acts(site):
        act()
        now = seen(site)
        assert now == made_anew(site, monkeypatch)
        changed += now != was
        was = now
    assert changed >= 10


def test_whoever_is_signed_in_has_a_page_of_their_own_and_leaves_none_for_others(sqlite_site: Site) -> None:
    visits = Visits(sqlite_site.database, sqlite_site.service, Path(), browser(sqlite_site.service))
    mara = visits.signed_in("mara")
    assert "Mara" in mara.get("/peps/working").text
    first = visits.reader.get("/peps/working")
    assert "Mara" not in first.text
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    again = visits.reader.get("/peps/working", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert "content-security-policy" in again.headers
    # Somebody who has just signed in still has the stranger's page with its tag.
    own = mara.get("/peps/working", headers={"If-None-Match": tag})
    assert own.status_code == 200
    assert "etag" not in own.headers
    assert "Mara" in own.text
    bearer = client_of(sqlite_site.service, None)
    assert bearer.get("/peps/working").content == first.content
    assert first.headers["content-encoding"] == "gzip"
    assert visits.reader.get("/peps/working", headers={"Accept-Encoding": "identity"}).text == first.text
