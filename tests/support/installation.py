"""An installation in which everything has happened at least once, so that no table of the record is empty."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from fastapi.testclient import TestClient

from app import clock
from app.db.engine import Database
from app.db.models.signing_in import Passkey
from app.main import create_app
from app.queries.charters import charter_row
from app.queries.people import account, person_by_email
from app.services import accounts, invitations, keys, passkeys, passwords, people, sessions
from app.settings import Settings
from tests.support.acts import adopt, decide, head, merge, propose, section, words
from tests.support.files import OTHER_PDF
from tests.support.published import ANNEXE, put_file
from tests.support.site import API, add_person, client_of
from tests.support.threads import comment, comment_on_words

ANY = {"If-Match": "*"}


def furnish(database: Database, folder: Path) -> None:
    """Over a charter with two published editions: everything people do together, done once."""
    service = create_app(Settings(data_dir=folder, public_url="http://testserver"), database)
    tokens = {}
    with database.writing() as session:
        for name in ("mara", "otto", "gilda"):
            person = person_by_email(session, f"{name}@example.org")
            tokens[name] = sessions.create_token(
                session, person, days=30, read_only=False, by=person.id, now=clock.now()
            )
    mara, otto, gilda = (client_of(service, token) for token in tokens.values())
    dana = client_of(service, add_person(database, "dana", "member"))
    ids = {p["name"]: p["id"] for p in mara.get(f"{API}/people").json()}
    _write_together(mara, otto, gilda, ids)
    _discuss(mara, otto, gilda)
    _decide_and_merge(mara, otto, gilda)
    _edit_editions(gilda)
    _settle_in(mara, otto, gilda, ids)
    assert dana.get(API).status_code == 200
    _come_and_go(database)


def _done(answer: object) -> dict:
    assert answer.status_code < 300, answer.text  # type: ignore[attr-defined]
    return answer.json() if answer.content else {}  # type: ignore[attr-defined]


def _write_together(mara: TestClient, otto: TestClient, gilda: TestClient, ids: Mapping[str, int]) -> None:
    """Proposals 4 to 8: a signed one that is edited, an amendment taken over, an alternative, one returned, a draft."""
    text, mission = words(mara, "vision"), words(mara, "mission")
    sections = [
        {"key": "vision", "markdown": text.replace("equal partners", "trusted partners") + "\n\nAnd more."},
        {"key": "mission", "markdown": mission.replace("a unified voice", "a strong voice")},
    ]
    propose(mara, sections=sections, submit=False, title="Trusted")
    for client, name in ((otto, "Otto"), (gilda, "Gilda")):
        _done(mara.post(f"{API}/proposals/4/partners", json={"person": ids[name]}))
        _done(client.post(f"{API}/proposals/4/sign"))
    _done(gilda.post(f"{API}/proposals/4/unsign"))
    _done(mara.delete(f"{API}/proposals/4/partners/{ids['Gilda']}", headers=ANY))
    _done(mara.post(f"{API}/proposals/4/submit"))
    tag = {"If-Match": mara.get(f"{API}/proposals/4").headers["etag"]}
    fewer = [{"key": "vision", "markdown": text.replace("equal partners", "trusted partners")}]
    _done(
        mara.patch(f"{API}/proposals/4", json={"sections": fewer, "base_revision": head(mara)["number"]}, headers=tag)
    )
    for kind, word in (("amendment", "wise"), ("alternative", "main")):
        markdown = text.replace("equal partners", f"{word} partners")
        body = {
            "title": word,
            "base_revision": head(mara)["number"],
            "sections": [{"key": "vision", "markdown": markdown}],
        }
        _done(otto.post(f"{API}/proposals", json={**body, "relation": {"kind": kind, "to": 4}, "submit": True}))
    _done(mara.post(f"{API}/proposals/4/amendments/5/accept"))
    propose(otto, "mission", mission.replace("a unified voice", "one voice"), title="One")
    _done(gilda.post(f"{API}/proposals/7/return", json={"reason": "Too short."}))
    propose(mara, "mission", mission + "\n\nA draft.", submit=False, title="Draft")
    day = (clock.today() + timedelta(days=3)).isoformat()
    _done(gilda.put(f"{API}/proposals/6/review-by", json={"review_by": day}, headers=ANY))
    _done(gilda.put(f"{API}/people/{ids['Otto']}/advises", json={"advises": True}, headers=ANY))


def _discuss(mara: TestClient, otto: TestClient, gilda: TestClient) -> None:
    """Reviews, advice and threads of every sort."""
    last = mara.get(f"{API}/proposals/4").json()["changes"][0]["number"]
    _done(otto.post(f"{API}/proposals/4/reviews", json={"position": "object", "text": "Why?"}))
    _done(otto.post(f"{API}/proposals/4/reviews", json={"position": "support", "text": "Now I see."}))
    _done(otto.post(f"{API}/proposals/4/reviews", json={"position": "support", "text": "This.", "change": last}))
    change = mara.get(f"{API}/proposals/6").json()["changes"][0]
    advice = [{"change": 1, "outcome": "adopted_amended", "reason": "Plainer.", "text": change["after"] + " So."}]
    _done(otto.post(f"{API}/proposals/6/recommendations", json=advice))
    comment_on_words(mara, "equal partners", text="Which ones, @Otto?", audience="public")
    _done(otto.post(f"{API}/threads/1/replies", json={"text": "All of them."}))
    _done(gilda.post(f"{API}/threads/1/resolve"))
    comment(otto, proposal=4)
    comment(mara, "And this?", change=f"4.{last}")
    comment_on_words(otto, "unified voice", key="mission")
    block = section(mara, "vision")["blocks"][0]
    _done(otto.post(f"{API}/threads/4/reattach", json={"block": block["id"], "quote": block["text"].split()[0]}))
    _done(gilda.put(f"{API}/threads/4/following", json={"mode": "muted"}, headers=ANY))


def _decide_and_merge(mara: TestClient, otto: TestClient, gilda: TestClient) -> None:
    """Proposals 9 and 10 meet; one is merged, what it met is chosen about, the merge reverted and done again."""
    goals = section(mara, "mission")
    mission = words(mara, "mission")
    propose(mara, "mission", mission.replace("a unified voice", "a clear voice"), title="Clear")
    propose(otto, "mission", mission.replace("a unified voice", "a common voice"), title="Common")
    decide(gilda, 9, {"change": 1, "outcome": "rejected", "reason": "Not clear."})
    decide(gilda, 9, {"change": 1, "outcome": "adopted", "supersedes": True, "reason": "Clear after all."})
    other = str(otto.get(f"{API}/proposals/10").json()["changes"][0]["after"]).replace(
        "a common voice", "a joint voice"
    )
    decide(gilda, 10, {"change": 1, "outcome": "adopted_amended", "text": other, "reason": "Better."})
    first = merge(gilda, "9.1", message="As decided")["number"]
    _done(gilda.post(f"{API}/revisions/{first}/revert", json={"base_revision": first, "message": "Too early"}))
    merge(gilda, "9.1")
    asked = {"changes": ["10.1"]}
    (conflict,) = _done(gilda.post(f"{API}/merge-preview", json=asked))["conflicts"]
    merge(gilda, "10.1", resolutions={conflict["id"]: {"choice": "proposed"}}, confirm_combined=True)
    adopt(gilda, 4, mara.get(f"{API}/proposals/4").json()["changes"][0]["number"])
    assert goals["blocks"]


def _edit_editions(gilda: TestClient) -> None:
    """A candidate with a sign-off, one that was thawed, one discarded, and a published one withdrawn."""
    for key in ("2027-01", "2027-02", "2027-03"):
        _done(gilda.post(f"{API}/editions", json={"revision": 3, "date": key}))
    for key, acts in (("2027-01", "freeze signoffs"), ("2027-02", "freeze signoffs thaw")):
        for act in acts.split():
            _done(gilda.post(f"{API}/editions/{key}/{act}", json={}))
    tag = {"If-Match": gilda.get(f"{API}/editions/2027-03").headers["etag"]}
    _done(gilda.delete(f"{API}/editions/2027-03", headers=tag))
    _done(gilda.post(f"{API}/editions/2025-05/withdraw", json={"reason": "A newer one is there."}))
    put_file(gilda, f"{API}/annexes/{ANNEXE}", f"{API}/annexes/{ANNEXE}/file", OTHER_PDF, name="Other.pdf")


def _settle_in(mara: TestClient, otto: TestClient, gilda: TestClient, ids: Mapping[str, int]) -> None:
    _done(gilda.patch(API, json={"rule": "majority", "quorum": 1, "signoffs_required": 2}, headers=ANY))
    _done(mara.put("/api/v1/me/notice-choices", json={"mail": "daily", "listing": "shown"}, headers=ANY))
    body = {"title": "Once", "base_revision": 1, "sections": [{"key": "vision", "markdown": "Once."}], "submit": False}
    _done(otto.post(f"{API}/proposals", json=body, headers={"Idempotency-Key": "once"}))
    assert ids


def _come_and_go(database: Database) -> None:
    """Invitations of each sort, a new name, ways to sign in, somebody who leaves and somebody who is removed."""
    add_person(database, "rosa", "member")
    with database.writing() as session:
        now = clock.now()
        charter = charter_row(session, "peps", lock=True)
        gilda, mara, dana = (
            account(person_by_email(session, f"{name}@example.org")) for name in ("gilda", "mara", "dana")
        )
        wanted = [(f"{name}@example.com", name) for name in ("open", "back", "again", "come")]
        made = invitations.invite(session, charter, wanted, "member", by=gilda, now=now - timedelta(hours=1))
        invitations.take_back(session, charter, made[1].id, by=gilda, now=now)
        invitations.send_again(session, charter, made[2].id, by=gilda, now=now)
        people.change_name(session, mara, "Mara Bel", now=now)
        people.leave(session, charter, by=dana, now=now)
        people.remove_person(session, person_by_email(session, "rosa@example.org"), by=None, now=now)
        sessions.begin(session, person_by_email(session, "mara@example.org"), now=now, device="", way=sessions.Way.LINK)
        passwords.keep(session, mara, "$argon2id$not-a-real-one", here=None, now=now)
        accounts.sign_in(session, "https://id.example.org", "mara", "mara@example.org", now=now)
        key = Passkey(
            person_id=mara.id, name="Phone", handle="h", credential="c", public_key=b"k", uses=0, created_at=now
        )
        session.add(key)
        session.flush()
        passkeys._record(session, mara, key.id, "add passkey", now)
        token = sessions.create_token(
            session, person_by_email(session, "otto@example.org"), days=1, read_only=True, by=None, now=now
        )
        assert token
        sessions.make_link(session, person_by_email(session, "otto@example.org"), by=None, now=now)
        keys.rotate(session, by=None, now=now)
