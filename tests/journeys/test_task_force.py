"""A task force writes proposals that collide, a meeting decides, one merge makes them text, an edition follows."""

import re
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy
from fastapi.testclient import TestClient

from app.db.engine import Database
from app.queries.verification import verify
from tests.support.acts import head
from tests.support.site import API, add_person, client_of, make_site
from tests.support.task_force import PEOPLE, TEN, WISHES, Wish, written

WORD = re.compile(r"[\w'’-]+")
VERDICTS = {
    "Leading partners": ("rejected", "One of the two words, and we take the other."),
    "No exceptions": ("rejected", "Exceptions are at our discretion, and stay so."),
    "Without who we are": ("adopted", "The sentence says it twice."),
    "No annexe here": ("rejected", "People look for it there."),
    "Who governs": ("deferred", "We ask the chairs first."),
    "We grow": ("deferred", "Until we know whether we do."),
    "Full partners": ("rejected", "It says the same as equal ones."),
    "Affordable care": ("adopted_amended", "Care that people can pay."),
    "Independent": ("adopted_amended", "Of whom? Of nobody but patients."),
}
"""What the meeting does not simply adopt, and why; objections are answered with a reason."""
AMENDED = {
    "Affordable care": ("sustainable and affordable care", "sustainable care that people can pay"),
    "Independent": ("an independent voice", "a voice of its own"),
}


class Meeting:
    """Everybody at their own client, and what they have written so far."""

    def __init__(self, database: Database, folder: Path, wishes: tuple[Wish, ...]) -> None:
        self.database = database
        self.site = make_site(database, folder)
        tokens = {name: add_person(database, name, "member") for name in PEOPLE}
        self.people = {name: client_of(self.site.service, token) for name, token in tokens.items()}
        self.governor, self.public = self.site.governor, self.site.reader
        self.wishes = wishes
        self.numbers: dict[str, int] = {}
        self.authors: dict[str, str] = {}

    def done(self, by: TestClient, path: str, body: object, status: int = 201, method: str = "POST") -> dict:
        answer = by.request(method, f"{API}{path}", json=body)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:600])
        return answer.json()

    def proposal(self, title: str, by: TestClient | None = None) -> dict:
        answer = (by or self.public).get(f"{API}/proposals/{self.numbers[title]}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def settings(self, **changed: object) -> None:
        tag = self.governor.get(API).headers["etag"]
        answer = self.governor.patch(API, json=changed, headers={"If-Match": tag})
        assert answer.status_code == 200, answer.text

    # What they do

    def write(self) -> None:
        """Everybody writes on the same text, as drafts first, and puts them before the others."""
        text = head(self.governor)
        for place, wish in enumerate(self.wishes):
            name = self.authors[wish.title] = PEOPLE[place % len(PEOPLE)]
            body: dict[str, object] = {"title": wish.title, "rationale": "So we talked.", "base_revision": 1}
            body |= {"sections": written(wish, text), **({"front": wish.front} if wish.front else {})}
            if wish.kin is not None:
                body["relation"] = {"kind": wish.kin[0], "to": self.numbers[wish.kin[1]]}
            made = self.done(self.people[name], "/proposals", body)
            self.numbers[wish.title] = made["number"]
            assert made["state"] == "draft"
            other = self.people[PEOPLE[(place + 1) % len(PEOPLE)]]
            assert other.get(f"{API}/proposals/{made['number']}").status_code == 404, "a draft is its author's"
            self.done(self.people[name], f"/proposals/{made['number']}/submit", {}, 200)

    def discuss(self) -> None:
        """Each proposal is reviewed by three, and commented on with a name in it; some on words of the text."""
        for place, wish in enumerate(self.wishes):
            number = self.numbers[wish.title]
            for step, position in ((1, "support"), (2, "support"), (3, "object" if place % 3 == 0 else "support")):
                by = self.people[PEOPLE[(place + step) % len(PEOPLE)]]
                self.done(by, f"/proposals/{number}/reviews", {"position": position, "text": "So I see it."})
            author = self.authors[wish.title].title()
            said = {"text": f"@{author}, have you asked patients?", "audience": "public", "proposal": number}
            thread = self.done(self.people[PEOPLE[(place + 5) % len(PEOPLE)]], "/threads", said)["id"]
            self.done(self.people[self.authors[wish.title]], f"/threads/{thread}/replies", {"text": "I have."})
        text = head(self.governor)
        for key in ("vision", "mission", "goals"):
            block = next(
                b for s in text["sections"] if s["key"] == key for b in s["blocks"] if b["kind"] == "paragraph"
            )
            body = {"block": block["id"], "quote": " ".join(block["text"].split()[:4]), "audience": "members"}
            self.done(self.people["anna"], "/threads", {**body, "text": "Who reads this, @Ben?"})

    def advise(self) -> None:
        """The governor recommends on what is contested."""
        for title in (w.title for w in self.wishes if w.title in VERDICTS):
            outcome, reason = VERDICTS[title]
            advice = {"change": 1, "outcome": "adopted" if outcome == "adopted_amended" else outcome, "reason": reason}
            self.done(self.governor, f"/proposals/{self.numbers[title]}/recommendations", [advice])

    def take_amendment(self) -> None:
        """The author of a proposal takes better words over."""
        mine, theirs = (self.numbers[t] for t in ("Lasting capability", "Lasting and measured"))
        author = self.people[self.authors["Lasting capability"]]
        self.done(author, f"/proposals/{mine}/amendments/{theirs}/accept", {}, 200)
        assert self.proposal("Lasting capability")["version"] == 2
        assert self.proposal("Lasting and measured")["state"] == "withdrawn"

    def decide(self) -> None:
        """One meeting: everything in one go, against the rule only with a reason."""
        verdicts = []
        for wish in self.wishes:
            shown = self.proposal(wish.title, self.governor)
            outcome, reason = VERDICTS.get(wish.title, ("adopted", ""))
            for change in shown["changes"] if shown["state"] == "open" else ():
                verdict = {"ref": change["ref"], "outcome": outcome, "reason": reason}
                if outcome == "adopted_amended":
                    verdict["text"] = change["after"].replace(*AMENDED[wish.title])
                verdicts.append(verdict)
        without = self.governor.post(f"{API}/decisions", json=verdicts)
        assert without.status_code == 422, "somebody objects, and nobody has said why it is adopted all the same"
        assert without.json()["type"].endswith("/reason-needed"), without.text
        assert self.public.get(f"{API}/decisions").json() == [], "all or none"
        for verdict in verdicts:
            verdict["reason"] = verdict["reason"] or "We heard the objection, and want it all the same."
        self.done(self.governor, "/decisions", verdicts)

    def merge(self) -> dict[str, str]:
        """Everything adopted in one merge: conflicts chosen, combined sentences read. What each change met, by name."""
        refs = [
            c["ref"]
            for w in self.wishes
            for c in self.proposal(w.title, self.governor)["changes"]
            if c["outcome"].startswith("adopted")
        ]
        resolutions: dict[str, dict[str, str]] = {}
        met: dict[str, str] = {}
        while True:
            asked = {"changes": refs, "resolutions": resolutions}
            preview = self.done(self.governor, "/merge-preview", asked, 200)
            if not preview["conflicts"]:
                break
            body = {**asked, "base_revision": 1, "confirm_combined": True}
            assert self.governor.post(f"{API}/merge", json=body).status_code == 409
            for place, conflict in enumerate(preview["conflicts"]):
                assert conflict["id"] not in resolutions
                offered = [choice for choice in ("proposed", "both", "standing") if choice in conflict["choices"]]
                choice = offered[place % len(offered)]
                resolutions[conflict["id"]] = {"choice": choice}
                met |= dict.fromkeys(conflict["changes"], choice)
        assert resolutions, "they did collide"
        body = {"changes": refs, "base_revision": 1, "resolutions": resolutions, "message": "As decided in our meeting"}
        to_read = [c["id"] for c in preview["combined"]]
        if to_read:
            unread = self.governor.post(f"{API}/merge", json=body)
            assert unread.status_code == 409
            assert unread.json()["type"].endswith("/unconfirmed-combination")
        merged = self.done(self.governor, "/merge", {**body, "confirm_combined": to_read})
        assert merged["number"] == 2
        assert [s["markdown"] for s in merged["sections"]] == [s["markdown"] for s in preview["sections"]]
        return {ref: met.get(ref, "") for ref in refs}


def words(text: object) -> Counter[str]:
    return Counter(WORD.findall(str(text or "")))


def assert_every_word_is_somewhere(meeting: Meeting, met: dict[str, str]) -> None:
    """In the text, or in a decision that everybody can read, with the words it is about."""
    text = meeting.done(meeting.public, "/revisions/head", None, 200, "GET")
    blocks = {b["id"]: b["text"] for s in text["sections"] for b in s["blocks"]}
    everything = words(
        " ".join([*blocks.values(), *(s["heading"] for s in text["sections"]), *map(str, text["front"].values())])
    )
    register = {d["ref"]: d for d in meeting.public.get(f"{API}/decisions?limit=200").json()}
    chosen = set()
    for wish in meeting.wishes:
        shown = meeting.proposal(wish.title)
        if shown["state"] == "withdrawn":
            assert wish.kin is not None
            assert "took it over" in shown["state_reason"]
            continue
        for change in shown["changes"]:
            entry = register[change["ref"]]
            assert entry["reason"]
            assert entry["decided_by"] == "Gilda"
            assert entry["proposed"] == change["after"]
            new = words(entry["adopted"] or change["after"]) - words(change["before"])
            if entry["outcome"] in ("rejected", "deferred"):
                assert entry["outcome"] == VERDICTS[wish.title][0]
                assert change["merged_revision"] is None
                continue
            assert change["merged_revision"] == 2, (wish.title, change["ref"])
            if met[change["ref"]] in ("", "both") and change["kind"] in ("replace", "insert"):
                assert not new - words(blocks[change["block"]]), (wish.title, new)
            elif met[change["ref"]] == "":
                assert not new - everything, (wish.title, new)
            else:
                chosen.add(change["ref"])
    with meeting.database.reading() as session:
        said = session.execute(sqlalchemy.text("SELECT detail FROM records WHERE act = 'merge changes'")).scalar_one()
    for ref in chosen:
        assert ref in str(said), "the record of the merge names what was chosen about"


def assert_everybody_heard(meeting: Meeting) -> None:
    for wish in meeting.wishes:
        told = meeting.people[meeting.authors[wish.title]].get("/api/v1/me/notices?limit=200").json()
        about = [n for n in told if n["object"] == f"proposal {meeting.numbers[wish.title]}"]
        kinds = {n["kind"] for n in about}
        assert "reviewed" in kinds, wish.title
        if wish.kin is None or wish.kin[0] != "amendment":
            assert "decided" in kinds, wish.title
        assert any(n["kind"] == "mentioned" for n in told), "they were called by name"


def assert_the_public_can_ask(meeting: Meeting) -> None:
    """Whose words these are, who let them in, and why."""
    text = meeting.done(meeting.public, "/revisions/head", None, 200, "GET")
    block = next(
        b for s in text["sections"] if s["key"] == "mission" for b in s["blocks"] if "lasting and measured" in b["text"]
    )
    found = meeting.done(meeting.public, f"/blocks/{block['id']}/provenance", None, 200, "GET")
    assert "".join(span["text"] for span in found["spans"]) == block["text"]
    lasting = next(span for span in found["spans"] if "lasting and measured" in span["text"])
    assert (lasting["revision"], lasting["proposal"]) == (2, meeting.numbers["Lasting capability"])
    assert lasting["decided_by"] == "Gilda"
    for path in ("/peps/working", "/peps/history", "/peps/decisions", f"/peps/blocks/{block['id']}"):
        assert meeting.public.get(path).status_code == 200, path
    register = meeting.public.get(f"{API}/decisions?format=csv")
    assert register.status_code == 200
    assert all(wish.title in register.text for wish in meeting.wishes if wish.kin is None)


def hold(database: Database, folder: Path, wishes: tuple[Wish, ...]) -> Meeting:
    """From first words to a text that says what was decided."""
    meeting = Meeting(database, folder, wishes)
    meeting.settings(rule="no_objection", quorum=2)
    meeting.write()
    collisions = [c for w in wishes for c in meeting.proposal(w.title)["changes"] if c["collides_with"]]
    assert len(collisions) >= len(wishes) // 4, "they get into each other's way"
    meeting.discuss()
    meeting.advise()
    meeting.take_amendment()
    meeting.decide()
    met = meeting.merge()
    assert_every_word_is_somewhere(meeting, met)
    assert_everybody_heard(meeting)
    assert_the_public_can_ask(meeting)
    return meeting


def publish(meeting: Meeting) -> None:
    governor = meeting.governor
    meeting.done(governor, "/editions", {"revision": 2, "date": "2026-12"})
    for act, status in (("freeze", 200), ("signoffs", 201), ("approve", 200), ("publish", 200)):
        meeting.done(governor, f"/editions/2026-12/{act}", {}, status)
    page = meeting.public.get("/peps")
    assert page.status_code == 200
    assert "lasting and measured" in page.text
    file = meeting.public.get("/peps/editions/2026-12.pdf")
    assert file.status_code == 200
    assert file.content.startswith(b"%PDF-")
    for name in PEOPLE:
        told = meeting.people[name].get("/api/v1/me/notices?limit=200").json()
        assert [n["kind"] for n in told].count("published") == 1, name


def assert_whole(meeting: Meeting) -> None:
    with meeting.database.reading() as session:
        assert verify(session).faults == ()


@pytest.mark.long
def test_ten_proposals_of_a_task_force_become_text(database: Database, tmp_path: Path) -> None:
    assert_whole(hold(database, tmp_path, WISHES[:TEN]))


@pytest.mark.long
def test_forty_proposals_of_a_task_force_become_an_edition(database: Database, tmp_path: Path) -> None:
    meeting = hold(database, tmp_path, WISHES)
    publish(meeting)
    assert_whole(meeting)
