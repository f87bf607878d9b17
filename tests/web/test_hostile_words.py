"""Hostile words in every act of deciding together: on pages, in mails and tables they are only characters."""

import csv
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app import clock
from app.db.engine import Database
from app.main import create_app
from app.queries.charters import charter_row
from app.queries.people import person_by_email
from app.services import people, sessions
from app.services.imports import import_source
from app.services.sending import send_due
from app.settings import Settings
from tests.support.acts import counted
from tests.support.site import client_of, shipped_source
from tests.web.markup import Page
from tests.web.visits import browser

API = "/api/v1/charters/peps"
OURS = {"Sec-Fetch-Site": "same-origin"}
SCRIPT = "<script>alert('in')</script>"
NAMED = f'=Eva"><b onclick=alert(1)>{SCRIPT}'
WORDS = (
    f'=HYPERLINK("https://evil.example") {SCRIPT} <img src=x onerror=alert(1)> [click](javascript:alert(2)) '
    "{{ 7 * 7 }} </textarea></title></style> \u202eoverride\u202c zero\u200bwidth &lt;i&gt; \"' onmouseover=alert(3) x="
)
TITLE = f"Title {WORDS[:180]}\r\nBcc: everybody@evil.example"
PLAIN = ("<img src=x onerror=alert(1)>", "{{ 7 * 7 }}", "&lt;i&gt;", "zero\u200bwidth")

PAGES = (
    "/peps/proposals",
    "/peps/proposals/1",
    "/peps/proposals/2",
    "/peps/proposals/3",
    "/peps/proposals/4",
    "/peps/proposals/4/edit/notice",
    "/peps/threads",
    "/peps/threads/1",
    "/peps/threads/2",
    "/peps/threads/new?section=vision",
    "/peps/decisions",
    "/peps/history",
    "/peps/awaiting",
    "/peps/desk",
    "/peps/desk/merge?take=2.1&take=5.1",
    "/peps/desk/merged/2",
    "/peps/revisions/2/revert",
    "/peps/working",
    "/peps/compare/1...2",
    "/peps/people",
    "/peps/people/invite",
    "/peps/welcome",
    "/peps/settings",
    "/peps/search?q=script",
    "/peps/search?q=a",
    "/me",
    "/peps/propose",
    "/peps/propose/vision",
    "/notices",
    "/BLOCK",
)
SAYING = ("/peps/proposals/1", "/peps/threads/1", "/peps/threads/2", "/peps/decisions", "/notices")
"""Pages that show what somebody wrote, whole."""


@dataclass(frozen=True)
class Haunted:
    """A service in which somebody wrote hostile words wherever words can be written."""

    database: Database
    settings: Settings
    reader: TestClient
    browsers: dict[str, TestClient]
    block: str
    clients: dict[str, TestClient]


@pytest.fixture(scope="module")
def haunted(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Haunted]:
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copy(sqlite_template, folder / "engross.sqlite3")
    database = Database(f"sqlite:///{folder / 'engross.sqlite3'}")
    settings = Settings(data_dir=folder, public_url="http://testserver")
    with database.writing() as session:
        import_source(session, shipped_source("peps"), key="peps", now=clock.now())
    service = create_app(settings, database)
    clients, browsers = {}, {}
    for name, role in (("eva", "member"), ("mallory", "member"), ("gilda", "governor")):
        with database.writing() as session:
            now = clock.now()
            person = people.add_person(session, f"{name}@example.org", f"{NAMED} {name}", by=None, now=now)
            people.set_role(session, person, charter_row(session, "peps"), role, by=None, now=now)
            token = sessions.create_token(session, person, days=None, read_only=False, by=None, now=now)
            secret = sessions.make_link(session, person, by=None, now=now)
        clients[name] = client_of(service, token)
        browsers[name] = browser(service)
        assert browsers[name].post(f"/sign-in/{secret}", headers=OURS).status_code == 303
    block = write(clients, database)
    yield Haunted(database, settings, browser(service), browsers, block, clients)
    database.close()


def write(clients: dict[str, TestClient], database: Database) -> str:
    """Everything that takes words gets hostile ones; the answer is the id of a block that says them."""
    eva, mallory, gilda = (clients[n] for n in ("eva", "mallory", "gilda"))

    def done(by: TestClient, path: str, body: object, method: str = "POST", **headers: str) -> dict:
        answer = by.request(method, API + path, json=body, headers=headers)
        assert answer.status_code < 300, (path, answer.text)
        return answer.json()

    def propose(by: TestClient, key: str, text: str, **more: object) -> None:
        body = {"title": TITLE, "rationale": f"{WORDS}\n\n# {WORDS}", "base_revision": 1, "submit": True, **more}
        done(by, "/proposals", {**body, "sections": [{"key": key, "markdown": text, "heading": f"Heading {SCRIPT}"}]})

    with database.reading() as session:
        partner = person_by_email(session, "mallory@example.org").id
    propose(eva, "vision", f"A vision: {WORDS}\n")
    propose(mallory, "vision", f"Another vision: {WORDS}\n", relation={"kind": "alternative", "to": 1})
    propose(mallory, "vision", f"A better vision: {WORDS}\n", relation={"kind": "amendment", "to": 1})
    propose(eva, "notice", f"A draft of {WORDS}\n", submit=False)
    propose(eva, "vision", f"A third vision: {WORDS}\n")
    done(eva, "/proposals/1/partners", {"person": partner})
    done(mallory, "/proposals/1/sign", {})
    done(mallory, "/proposals/1/reviews", {"position": "object", "text": WORDS})
    done(gilda, "/proposals/1/recommendations", [{"change": 1, "outcome": "rejected", "reason": WORDS}])
    done(eva, "/threads", {"proposal": 1, "text": f"@{NAMED} mallory {WORDS}", "audience": "public"})
    vision = next(s for s in done(eva, "/revisions/head", None, "GET")["sections"] if s["key"] == "vision")
    block = vision["blocks"][0]["id"]
    done(eva, "/threads", {"block": block, "quote": "key partners", "text": WORDS, "audience": "members"})
    for thread in (1, 2):
        done(gilda, f"/threads/{thread}/replies", {"text": f"{WORDS}\n\n{WORDS}"})
    for number in (1, 2, 5):
        ready = done(gilda, f"/proposals/{number}", None, "GET")["changes"]
        verdicts = [{"change": c["number"], "outcome": "adopted", "reason": WORDS} for c in ready]
        done(gilda, f"/proposals/{number}/decisions", verdicts)
    refs = [c["ref"] for c in done(gilda, "/proposals/1", None, "GET")["changes"]]
    done(gilda, "/merge", {"changes": refs, "base_revision": 1, "message": TITLE, "confirm_combined": True})
    done(gilda, "/proposals/3/return", {"reason": WORDS})
    return next(b["id"] for b in vision["blocks"])


def inert(page: Page, where: str) -> None:
    """Nothing that was written has become a part of the page."""
    for element in page.elements():
        assert element.tag not in {"img", "iframe", "object", "embed", "base"}, (where, element.tag)
        assert element.tag != "script" or element.attrib.get("src", "").startswith("/static/"), where
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on"), (where, name)
            assert name not in ("style", "srcdoc"), (where, name)
            if name in ("href", "action", "formaction", "src"):
                assert value.startswith(("/", "#", "mailto:info@wearepeps.org", "?")), (where, value[:80])
                assert not value.startswith("//"), (where, value[:80])
    assert len(page.ids) == len(set(page.ids)), where
    assert "49" not in [e.text for e in page.elements()], where


@pytest.mark.parametrize("place", PAGES)
def test_hostile_words_are_no_part_of_any_page(haunted: Haunted, place: str) -> None:
    path = place.replace("/BLOCK", f"/peps/blocks/{haunted.block}")
    seen = {}
    for name, one in {**haunted.browsers, "reader": haunted.reader}.items():
        answer = one.get(path)
        assert answer.status_code in (200, 302, 303, 401, 403, 404, 409), (name, answer.status_code)
        seen[name] = answer.status_code
        if answer.status_code not in (302, 303):
            inert(Page(answer.text), f"{path} for {name}")
    assert 200 in seen.values(), seen


@pytest.mark.parametrize("place", SAYING)
def test_every_character_of_hostile_words_is_shown(haunted: Haunted, place: str) -> None:
    text = " ".join(Page(haunted.browsers["eva"].get(place).text).text.split())
    for words in (*PLAIN, SCRIPT):
        assert words in text, (place, words)


@pytest.mark.parametrize("place", [p for p in PAGES if "propose/" not in p and "/edit/" not in p])
def test_what_turns_the_direction_of_writing_is_always_shown_as_a_sign(haunted: Haunted, place: str) -> None:
    path = place.replace("/BLOCK", f"/peps/blocks/{haunted.block}")
    page = Page(haunted.browsers["gilda"].get(path).text)
    signed = {id(inner) for e in page.all("span", class_="unseen") for inner in e.iter()}
    for element in page.elements():
        # What stands in a field is what will be sent, so it stays as it is there; a tab shows no signs.
        if element.tag in ("textarea", "title", "option") or id(element) in signed:
            continue
        assert "\u202e" not in (element.text or ""), (path, element.tag, element.attrib)
        for child in element:
            assert "\u202e" not in (child.tail or ""), (path, element.tag, element.attrib)


def test_hostile_words_get_into_no_header_and_are_inert_in_mails(haunted: Haunted) -> None:
    send_due(haunted.database, haunted.settings)
    files = sorted(haunted.settings.mail_folder.glob("*.eml"))
    assert len(files) > 10
    for file in files:
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        assert "bcc" not in {name.lower() for name in mail}
        assert mail["to"] in {f"{name}@example.org" for name in haunted.browsers}
        assert "\n" not in mail["subject"]
        assert "\u202e" not in mail["subject"]
        html, text = mail.get_body(("html",)), mail.get_body(("plain",))
        assert html is not None
        assert text is not None
        page = Page(html.get_content())
        for element in page.elements():
            assert element.tag not in {"script", "img", "iframe", "form", "b"}, file
            assert not any(name.lower().startswith("on") for name in element.attrib)
        assert all(link.startswith("http://testserver/") for link in page.links)
        assert "\u202e" not in text.get_content()
        assert "\u202e" not in page.text


def test_no_cell_of_the_register_is_a_formula(haunted: Haunted) -> None:
    for path in ("/peps/decisions.csv", f"{API}/decisions?format=csv"):
        answer = haunted.reader.get(path)
        assert answer.status_code == 200
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert len(rows) > 3
        assert len({len(row) for row in rows}) == 1, "no word ended a cell or a line"
        for cell in (cell for row in rows for cell in row):
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell[:40]
        assert any("HYPERLINK" in cell for row in rows for cell in row)


TAKING_WORDS = (
    (
        "POST",
        "/proposals",
        lambda w: {"title": w, "base_revision": 1, "sections": [{"key": "vision", "markdown": "X."}]},
    ),
    (
        "POST",
        "/proposals",
        lambda w: {"title": "T", "base_revision": 1, "sections": [{"key": "vision", "markdown": w}]},
    ),
    ("POST", "/proposals/5/reviews", lambda w: {"position": "object", "text": w}),
    ("POST", "/proposals/3/return", lambda w: {"reason": w}),
    (
        "POST",
        "/proposals/5/decisions",
        lambda w: [{"change": 1, "outcome": "rejected", "reason": w, "supersedes": True}],
    ),
    ("POST", "/proposals/3/recommendations", lambda w: [{"change": 1, "outcome": "rejected", "reason": w}]),
    ("POST", "/merge", lambda w: {"changes": ["5.1"], "base_revision": 2, "message": w}),
    ("POST", "/threads", lambda w: {"proposal": 1, "text": w, "audience": "public"}),
    ("POST", "/threads/1/replies", lambda w: {"text": w}),
    ("POST", "/proposals/1/partners", lambda w: {"email": w}),
)


@pytest.mark.parametrize("bad", ["a\x00b", "a\x1bb", "a\ud800b"], ids=["nul", "escape", "surrogate"])
@pytest.mark.parametrize("taking", TAKING_WORDS, ids=lambda t: t[1])
def test_what_is_no_text_is_refused_in_words(haunted: Haunted, taking: tuple, bad: str) -> None:
    method, path, body = taking
    before = counted(haunted.database)
    who = "eva" if path.endswith("/partners") else "gilda"
    sent = json.dumps(body(bad))
    headers = {"Content-Type": "application/json"}
    answer = haunted.clients[who].request(method, API + path, content=sent, headers=headers)
    assert answer.status_code in (409, 422), (answer.status_code, answer.text[:300])
    assert answer.json()["detail"]
    assert counted(haunted.database) == before


FORMS = (
    ("/peps/propose/vision", ("title", "reason", "heading", "top")),
    ("/peps/threads", ("text", "quote", "section")),
    ("/peps/threads/1/replies", ("text",)),
    ("/peps/proposals/5/reviews", ("text", "position")),
    ("/peps/proposals/3/return", ("reason",)),
    ("/peps/proposals/1/partners", ("email",)),
    ("/peps/proposals/3/recommendations", ("reason.1", "outcome.1")),
    ("/peps/proposals/3/review-by", ("review_by",)),
    ("/peps/desk", ("reason.5.1", "decide", "ticked", "order", "common")),
    ("/peps/desk/merge", ("message", "take", "base")),
    ("/peps/editions", ("label", "day", "month", "year", "effective")),
    ("/peps/settings", ("rule", "quorum", "signoffs_required")),
    ("/peps/revisions/2/revert", ("message", "base")),
)


@pytest.mark.parametrize("bad", ["a\x00b", WORDS, "x" * 1_000_000], ids=["nul", "hostile", "one-line-of-a-megabyte"])
@pytest.mark.parametrize("form", FORMS, ids=lambda f: f[0])
def test_a_form_full_of_anything_is_answered_in_words(haunted: Haunted, form: tuple, bad: str) -> None:
    path, names = form
    for name in ("gilda", "eva"):
        sent = {"base": "2", "seen": "", "audience": "public", "proposal": "1", **dict.fromkeys(names, bad)}
        answer = haunted.browsers[name].post(path, data=sent, headers=OURS)
        assert answer.status_code < 500, (path, answer.status_code)
        if answer.status_code != 303:
            inert(Page(answer.text), path)
