"""Every page there is: for each address of one, who looks at it where. A new one is named here."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from app import clock
from app.db.models.notices import NoticeChoice
from app.queries.charters import charter_row
from app.queries.people import account, person_by_email
from app.services import invitations, sessions
from tests.support.browser import Served
from tests.support.files import OTHER_PDF, PDF, SVG
from tests.support.mails import deliver, link_in, mails
from tests.support.published import put_file
from tests.support.site import API, add_person
from tests.web.visits import link

P = "/{c}/proposals/{n}"
READER, MARA, OTTO, GILDA, ADA = "", "mara", "otto", "gilda", "ada"

PAGES: dict[str, tuple[tuple[str, str], ...]] = {
    "/": ((READER, "/"), (GILDA, "/")),
    "/help": ((READER, "/help"),),
    "/invitations/{secret}": ((READER, "{invitation}"),),
    "/me": ((MARA, "/me"),),
    "/notices": ((MARA, "/notices"),),
    "/sign-in": ((READER, "/sign-in"),),
    "/sign-in/{secret}": ((READER, "{link}"),),
    "/unsubscribe/{secret}": ((READER, "{unsubscribe}"),),
    "/{c}": ((READER, "/peps"), (READER, "/isop-pateg")),
    "/{c}/annexes": ((READER, "/peps/annexes"), (GILDA, "/peps/annexes"), (READER, "/isop-pateg/annexes")),
    "/{c}/awaiting": ((MARA, "/peps/awaiting"), (GILDA, "/peps/awaiting")),
    "/{c}/blocks/{id}": ((READER, "/peps/blocks/{block}"),),
    "/{c}/compare/{pair}": (
        (READER, "/peps/compare/2025-05...working"),
        (READER, "/peps/compare/1...3?whole=yes"),
        (READER, "/peps/compare/1...3?view=side&whole=yes"),
    ),
    "/{c}/decisions": ((READER, "/peps/decisions"),),
    "/{c}/desk": ((GILDA, "/peps/desk"), (GILDA, "/peps/desk?show=ready")),
    "/{c}/desk/agenda": ((GILDA, "/peps/desk/agenda"),),
    "/{c}/desk/merge": ((GILDA, "/peps/desk/merge?all=ready"), (GILDA, "/peps/desk/merge")),
    "/{c}/desk/merged/{n}": ((GILDA, "/peps/desk/merged/3"),),
    "/{c}/editions": ((READER, "/peps/editions"), (GILDA, "/peps/editions")),
    "/{c}/editions/new": ((GILDA, "/peps/editions/new"),),
    "/{c}/editions/{key}": ((READER, "/peps/editions/2025-05"), (GILDA, "/peps/editions/2026-11")),
    "/{c}/editions/{key}/steps": ((GILDA, "/peps/editions/2026-11/steps"),),
    "/{c}/editions/{key}.html": ((READER, "/peps/editions/2025-05.html"),),
    "/{c}/history": ((READER, "/peps/history"),),
    "/{c}/leave": ((MARA, "/peps/leave"), (GILDA, "/peps/leave")),
    "/{c}/people": ((MARA, "/peps/people"), (GILDA, "/peps/people"), (ADA, "/peps/people")),
    "/{c}/people/invite": ((GILDA, "/peps/people/invite"),),
    "/{c}/proposals": ((READER, "/peps/proposals"), (MARA, "/peps/proposals"), (READER, "/isop-pateg/proposals")),
    P: (
        (READER, "/peps/proposals/2"),
        (MARA, "/peps/proposals/3"),
        (GILDA, "/peps/proposals/3"),
        (MARA, "/peps/proposals/5"),
        (MARA, "/peps/proposals/6"),
    ),
    f"{P}/edit": ((MARA, "/peps/proposals/6/edit"),),
    f"{P}/edit/{{what}}": ((MARA, "/peps/proposals/6/edit/mission"), (MARA, "/peps/proposals/5/edit/vision")),
    "/{c}/propose": ((MARA, "/peps/propose"),),
    "/{c}/from-word": ((MARA, "/peps/from-word"),),
    "/{c}/propose/{what}": (
        (MARA, "/peps/propose/mission"),
        (MARA, "/peps/propose/+section"),
        (MARA, "/peps/propose/+cover"),
    ),
    "/{c}/revisions/{n}/revert": ((GILDA, "/peps/revisions/3/revert"), (GILDA, "/peps/revisions/4/revert")),
    "/{c}/search": ((READER, "/peps/search"), (READER, "/peps/search?q=partners"), (READER, "/peps/search?q=zebra")),
    "/{c}/settings/logo": ((GILDA, "/peps/settings/logo"),),
    "/{c}/settings": ((GILDA, "/peps/settings"),),
    "/{c}/threads": ((READER, "/peps/threads"), (READER, "/isop-pateg/threads")),
    "/{c}/threads/new": ((MARA, "/peps/threads/new?block={block}"),),
    "/{c}/threads/{t}": ((MARA, "/peps/threads/1"), (READER, "/peps/threads/1")),
    "/{c}/welcome": ((MARA, "/peps/welcome"),),
    "/{c}/working": ((READER, "/peps/working"), (GILDA, "/peps/working"), (READER, "/isop-pateg/working")),
}
"""For each address who opens it where; "{name}" stands for what `furnish` made."""

REFUSED = (
    (READER, "/peps/nothing-here", 404),
    (READER, "/peps/compare", 404),
    (READER, "/nowhere-at-all", 404),
    (MARA, "/peps/desk", 403),
    (READER, "/peps/propose", 401),
    (READER, "/peps/from-word", 401),
    (READER, "/peps/revisions/1/revert", 401),
)
"""Pages that say no."""

SENT_BACK: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    (READER, "/sign-in", "/sign-in", {"email": "no address"}),
    (MARA, "/peps/proposals/3", "/peps/proposals/3/reviews", {}),
    (MARA, "/peps/proposals/6/edit/mission", "/peps/proposals/6/edit/mission", {"version": "1", "act": "submit"}),
    (MARA, "/peps/propose/vision", "/peps/propose/vision", {"act": "submit"}),
    (MARA, "/peps/threads/new?block={block}", "/peps/threads", {"text": ""}),
    (MARA, "/peps/leave", "/peps/leave", {"sure": ""}),
    (MARA, "/me", "/me/tokens", {"days": "", "name": "Mine"}),
    (MARA, "/peps/threads/1", "/peps/threads/1/replies", {"text": ""}),
    (GILDA, "/peps/desk/merge?all=ready", "/peps/desk/merge", {"act": "merge"}),
    (GILDA, "/peps/revisions/4/revert", "/peps/revisions/4/revert", {"base": "1"}),
    (GILDA, "/peps/editions/new", "/peps/editions", {"date": "soon"}),
    (GILDA, "/peps/people/invite", "/peps/people/invite", {"text": "nobody at all", "act": "check"}),
    (GILDA, "/peps/settings", "/peps/settings", {"quorum": "99999"}),
    (GILDA, "/peps/settings/logo", "/peps/settings/logo", {"alt": ""}),
    (GILDA, "/peps/annexes", "/peps/annexes/membership-and-funding/take-away", {}),
)
"""Forms that are shown again with what is wrong: who, on which page, sends which form with what in it."""

FILES = frozenset(
    {
        "/static/{name}",
        "/me/data.zip",
        "/{c}/compare/{pair}.docx",
        "/{c}/compare/{pair}.pdf",
        "/{c}/annexes/{a}",
        "/{c}/annexes/{a}/earlier/{n}",
        "/{c}/decisions.csv",
        "/{c}/editions/{key}/annexes/{a}",
        "/{c}/editions/{key}/logo",
        "/{c}/editions/{key}.docx",
        "/{c}/editions/{key}.md",
        "/{c}/editions/{key}.json",
        "/{c}/editions/{key}.pdf",
        "/{c}/editions/{key}.pdf.sig",
        "/{c}/editions/{key}.zip",
        "/{c}/editions/{key}.zip.sig",
        "/{c}/feed.atom",
        "/{c}/proposals.docx",
        "/{c}/proposals.pdf",
        "/{c}/proposals/{n}.docx",
        "/{c}/working.docx",
        "/{c}/logo",
        "/.well-known/engross-key.pem",
        "/.well-known/engross-keys.json",
    }
)
"""Addresses of files."""

LEADING = frozenset(
    {
        "/me/name",
        "/me/sessions/{id}",
        "/login/account",
        "/login/account/back",
        "/me/account/unlink",
        "/me/password",
        "/me/password/remove",
        "/password/sign-in",
        "/me/passkeys",
        "/me/passkeys/options",
        "/me/passkeys/{id}/remove",
        "/passkeys/options",
        "/passkeys/sign-in",
        "/me/tokens",
        "/me/tokens/{id}",
        "/{c}/from-word/look",
        "/{c}/annexes/{a}/put",
        "/{c}/annexes/{a}/take-away",
        "/{c}/compare",
        "/{c}/settings/logo/take-away",
        "/notices/choices",
        "/notices/read",
        "/notices/{id}",
        "/notices/{id}/read",
        "/sessions",
        "/sign-out",
        *(f"/{{c}}/editions/{{key}}/{act}" for act in ("approve", "discard", "freeze", "publish", "redraft")),
        *(f"/{{c}}/editions/{{key}}/{act}" for act in ("sign-off", "thaw", "withdraw")),
        "/{c}/invitations/{i}/send",
        "/{c}/invitations/{i}/take-back",
        "/{c}/on/{day}",
        *(f"/{{c}}/people/{{p}}/{act}" for act in ("advises", "remove", "role")),
        *(f"{P}/{act}" for act in ("following", "partners", "recommendations", "return", "review-by", "reviews")),
        *(f"{P}/{act}" for act in ("sign", "submit", "unsign", "withdraw")),
        f"{P}/amendments/{{m}}/accept",
        f"{P}/partners/{{p}}/remove",
        "/{c}/threads/{t}/{act}",
    }
)
"""Addresses of forms and others that lead on to a page: whoever loads one again comes to where the form stands."""


@dataclass(frozen=True)
class Furnished:
    """What was made so that every page has something to show, by the names that addresses use."""

    names: dict[str, str]

    def address(self, template: str) -> str:
        """The address with what was made in it."""
        for name, value in self.names.items():
            template = template.replace(f"{{{name}}}", value)
        return template


def furnish(served: Served, folder: Path) -> Furnished:
    """Make a conflict to settle, a change that no longer fits, a comment, an invitation and mails; over `live`."""
    with ExitStack() as open_ones:
        mara, otto, gilda = (open_ones.enter_context(_client(served, name)) for name in (MARA, OTTO, GILDA))
        return _furnish(served, folder, mara, otto, gilda)


def _furnish(served: Served, folder: Path, mara: httpx2.Client, otto: httpx2.Client, gilda: httpx2.Client) -> Furnished:
    add_person(served.database, ADA, None, admin=True)
    text = {s["key"]: s for s in done(gilda.get(f"{API}/revisions/head"))["sections"]}
    mission, vision = text["mission"]["markdown"], text["vision"]
    block = vision["blocks"][0]
    wish = {"base_revision": 3, "submit": True, "rationale": "It says better what we mean."}

    def propose(by: httpx2.Client, title: str, key: str, markdown: str) -> int:
        sections = [{"key": key, "markdown": markdown}]
        return int(done(by.post(f"{API}/proposals", json={**wish, "title": title, "sections": sections}))["number"])

    def adopt(number: int) -> None:
        done(gilda.post(f"{API}/proposals/{number}/decisions", json=[{"change": 1, "outcome": "adopted"}]))

    mine = propose(mara, "One strong voice", "mission", mission.replace("a unified voice", "one strong voice"))
    # A form that began from its first version is behind from now on.
    tag = {"If-Match": mara.get(f"{API}/proposals/{mine}").headers["etag"]}
    done(mara.patch(f"{API}/proposals/{mine}", json={"title": "One strong voice for all"}, headers=tag))
    merged = propose(otto, "A common voice", "mission", mission.replace("a unified voice", "a common voice"))
    adopt(merged)
    done(gilda.post(f"{API}/merge", json={"changes": [f"{merged}.1"], "base_revision": 3}))
    for by, words in ((mara, "full partners"), (otto, "true partners")):
        adopt(propose(by, words.title(), "vision", vision["markdown"].replace("equal partners", words)))
    annexe = f"{API}/annexes/membership-and-funding"
    put_file(gilda, annexe, f"{annexe}/file", PDF, name="Model.pdf")
    put_file(gilda, annexe, f"{annexe}/file", OTHER_PDF, name="Model.pdf")
    put_file(gilda, f"{API}/logo/about", f"{API}/logo", SVG, name="logo.svg", alt="A square")
    about = {"revision": 4, "section": "vision", "block": block["id"], "quote": "partners"}
    done(mara.post(f"{API}/threads", json={**about, "text": "Which ones, @Otto?", "audience": "public"}))
    with served.database.writing() as session:
        charter, by = charter_row(session, "peps", lock=True), account(person_by_email(session, f"{GILDA}@example.org"))
        invitations.invite(session, charter, [("new@example.org", "New")], "member", by=by, now=clock.now())
    deliver(served.database, folder)
    with served.database.reading() as session:
        choice = session.get(NoticeChoice, person_by_email(session, f"{MARA}@example.org").id)
        assert choice is not None
        stop = choice.unsubscribe_secret
    return Furnished(
        {
            "block": block["id"],
            "invitation": link_in(mails(folder, "new@example.org")[-1], "/invitations/"),
            "link": f"/sign-in/{link(served.database, MARA)}",
            "unsubscribe": f"/unsubscribe/{stop}",
        }
    )


def done(answer: httpx2.Response) -> Any:
    """What came of an act that has to have worked."""
    assert answer.status_code < 300, answer.text
    return answer.json()


def _client(served: Served, name: str) -> httpx2.Client:
    with served.database.writing() as session:
        person = person_by_email(session, f"{name}@example.org")
        token = sessions.create_token(session, person, days=None, read_only=False, by=None, now=clock.now())
    return httpx2.Client(base_url=served.address, headers={"Authorization": f"Bearer {token}"})
