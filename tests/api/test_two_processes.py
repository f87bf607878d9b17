"""Two services over one database: twenty merge at once, some send twice, and one service is killed in the middle."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier, Lock

import httpx2
import pytest

from app import clock
from app.queries.people import person_by_email
from app.queries.verification import verify
from app.services import sessions
from tests.support.acts import adopt, counted, propose, section
from tests.support.serving import Served, served
from tests.support.site import API, Site
from tests.web.filling import fields_of
from tests.web.markup import Page

pytestmark = pytest.mark.long
MOST_TRIES = 400


def token_of(client: object) -> str:
    """The token somebody's client sends."""
    return str(client.headers["authorization"]).removeprefix("Bearer ")  # type: ignore[attr-defined]


def twenty_changes(site: Site) -> list[str]:
    """Twenty adopted changes of different paragraphs, by name."""
    changed = []
    for key in ("mission", "goals", "appendix", "definition"):
        blocks = section(site.member, key)["blocks"]
        changed.append({"key": key, "blocks": [{**b, "text": f"{b['text']} Yes"} for b in blocks]})
    refs = [c["ref"] for c in propose(site.member, sections=changed)["changes"]][:20]
    assert len(refs) == 20
    adopt(site.governor, 1, *range(1, 21))
    return refs


def together(acts: list[Callable[[], None]]) -> None:
    """Do all of this at the same moment."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], None]) -> None:
        barrier.wait(timeout=60)
        act()

    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(run, act) for act in acts]:
            done.result(timeout=300)


class Told:
    """What the services answered: the number and base of each merge they acknowledged, and the refusals by kind."""

    def __init__(self) -> None:
        self.acknowledged: dict[str, tuple[int, int]] = {}
        self.refusals: Counter[str] = Counter()
        self.broken = 0
        self.lock = Lock()
        self.after: dict[int, Callable[[], None]] = {}

    def landed(self, ref: str, base: int, number: int) -> None:
        with self.lock:
            assert ref not in self.acknowledged, "a merge was acknowledged twice"
            self.acknowledged[ref] = (base, number)
            act = self.after.pop(len(self.acknowledged), None)
        if act is not None:
            act()


def land(services: list[Served], mine: int, token: str, ref: str, told: Told) -> None:
    """Merge one change, looking again whenever somebody else was faster, at the other service if one is gone."""
    clients = [one.client(token) for one in services]
    at = mine % len(clients)
    for _ in range(MOST_TRIES):
        try:
            base = clients[at].get(API).json()["head"]
            body = {"changes": [ref], "base_revision": base}
            key = {"Idempotency-Key": f"{ref} on {base}"}
            try:
                answer = clients[at].post(f"{API}/merge", json=body, headers=key)
            except httpx2.TransportError:
                told.broken += 1
                at = (at + 1) % len(clients)
                # Nobody knows whether it was done: under the same key it is asked again, and done once.
                answer = clients[at].post(f"{API}/merge", json=body, headers=key)
        except httpx2.TransportError:
            told.broken += 1
            at = (at + 1) % len(clients)
            continue
        if answer.status_code == 201:
            told.landed(ref, base, answer.json()["number"])
            break
        assert answer.status_code == 409, answer.text[:500]
        kind = answer.json()["type"].rpartition("/")[2]
        assert kind == "text-has-moved", answer.text[:500]
        told.refusals[kind] += 1
    else:
        raise AssertionError(f"{ref} never landed")
    for client in clients:
        client.close()


def assert_all_landed_once(site: Site, refs: list[str], told: Told) -> None:
    revisions = site.reader.get(f"{API}/revisions?limit=200").json()
    assert [r["number"] for r in revisions] == list(range(21, 0, -1))
    assert [r["parent"] for r in revisions] == [*range(20, 0, -1), None]
    said = {r["number"]: r["message"] for r in revisions}
    assert sorted(said[n] for n in range(2, 22)) == sorted(f"Merged {ref}" for ref in refs), "each has landed once"
    assert told.acknowledged.keys() == set(refs)
    for ref, (base, number) in told.acknowledged.items():
        assert number == base + 1
        assert said[number] == f"Merged {ref}", "what was acknowledged is what is there"
    assert len({base for base, _ in told.acknowledged.values()}) == 20, "one winner on each text"
    with site.database.reading() as session:
        assert verify(session).faults == ()


def test_twenty_people_merge_at_once_through_two_services(site: Site, tmp_path: Path) -> None:
    refs, token, told = twenty_changes(site), token_of(site.governor), Told()
    with served(site.database, tmp_path) as services:
        together([partial(land, services, n, token, ref, told) for n, ref in enumerate(refs)])
    assert_all_landed_once(site, refs, told)
    assert told.broken == 0
    assert told.refusals["text-has-moved"] >= 1, "nobody ever met anybody: this was no race"


def test_one_of_two_services_is_killed_while_twenty_people_merge(site: Site, tmp_path: Path) -> None:
    refs, token, told = twenty_changes(site), token_of(site.governor), Told()
    with served(site.database, tmp_path) as services:
        told.after[5] = services[0].kill
        together([partial(land, services, n, token, ref, told) for n, ref in enumerate(refs)])
    assert_all_landed_once(site, refs, told)
    assert told.broken >= 1, "it was killed when nobody needed it any more"


def test_what_is_sent_to_two_services_under_one_key_is_made_once(site: Site, tmp_path: Path) -> None:
    body = {"title": "T", "base_revision": 1, "sections": [{"key": "vision", "markdown": "Another."}], "submit": True}
    token, answers = token_of(site.member), []
    with served(site.database, tmp_path) as services:

        def send(one: Served) -> None:
            with one.client(token) as client:
                answers.append(client.post(f"{API}/proposals", json=body, headers={"Idempotency-Key": "the same"}))

        together([partial(send, one) for one in services * 5])
    assert {a.status_code for a in answers} == {201}
    assert len({a.text for a in answers}) == 1
    assert counted(site.database)["proposals"] == 1


def test_a_form_sent_twice_to_two_services_is_taken_once(site: Site, tmp_path: Path) -> None:
    with site.database.writing() as session:
        mara = person_by_email(session, "mara@example.org")
        secret = sessions.make_link(session, mara, by=None, now=clock.now())
    ours, answers = {"Sec-Fetch-Site": "same-origin"}, []
    with served(site.database, tmp_path) as services, services[0].client() as first:
        assert first.post(f"/sign-in/{secret}", headers=ours).status_code == 303
        page = Page(first.get("/peps/propose/vision").text)
        form = next(f for f in page.all("form") if any(e.attrib.get("name") == "once" for e in f.iter("input")))
        fields = fields_of(form)
        words = next(name for name, value in fields.items() if "key partners" in value)
        fields |= {words: fields[words].replace("key partners", "equal partners"), "title": "Equal", "act": "submit"}

        def send(one: Served) -> None:
            with one.client() as client:
                client.cookies.update(dict(first.cookies))
                answers.append(client.post("/peps/propose/vision", data=fields, headers=ours))

        together([partial(send, one) for one in services * 4])
    assert {a.status_code for a in answers} == {303}, [a.text[:300] for a in answers if a.status_code != 303]
    assert len({a.headers["location"] for a in answers}) == 1
    assert counted(site.database)["proposals"] == 1
    with site.database.reading() as session:
        assert verify(session).faults == ()
