"""Many people at work through services that are killed again and again, and whether all that was answered is there.

Each act carries words that nobody else ever wrote, so that it can be found afterwards: an act that was acknowledged has
to be there exactly once, one that nobody knows of at most once.
"""

import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx2
import sqlalchemy as sa

from app.db.engine import Database
from app.db.models.decisions import Decision
from app.db.models.proposals import ProposalVersion
from app.db.models.reviews import Review
from app.db.models.revisions import Revision
from app.db.models.threads import ThreadComment
from app.queries.verification import verify
from tests.support.serving import LONGEST_START, Served, begin, free_port
from tests.support.site import API

_PLACES = {
    "proposal": ProposalVersion.title,
    "comment": ThreadComment.text,
    "review": Review.text,
    "decision": Decision.reason,
    "merge": Revision.message,
}
_SECTIONS = ("vision", "mission", "goals", "definition", "notice")


@dataclass
class Told:
    """What was asked for and what was answered, by sort of act and the words that name it."""

    asked: set[tuple[str, str]] = field(default_factory=set)
    acknowledged: set[tuple[str, str]] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    kills: int = 0
    failures: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Services:
    """Processes over one database that can be killed and come back at the same place."""

    def __init__(self, database: Database, folder: Path, count: int) -> None:
        self._database, self._folder = database, folder
        self._ports = [free_port() for _ in range(count)]
        self._log = (folder / "services.log").open("a")
        self._running: list[Served] = []

    @contextmanager
    def run(self) -> Iterator["Services"]:
        """They serve; at the end they are stopped."""
        with ExitStack() as ending:
            ending.callback(self._log.close)
            for port in self._ports:
                self._running.append(self._begin(port))
            ending.callback(lambda: [one.end() for one in self._running])
            for one in self._running:
                one.ready()
            yield self

    @property
    def addresses(self) -> Sequence[str]:
        """Where they answer, when they do."""
        return [f"http://127.0.0.1:{port}" for port in self._ports]

    def kill(self, at: int) -> None:
        """Kill one with -9, and have it back."""
        self._running[at].kill()
        self._running[at] = self._begin(self._ports[at])
        self._running[at].ready()

    def _begin(self, port: int) -> Served:
        # More people than one network address may be: they all come from this machine.
        return begin(self._database, self._folder, port, self._log, rate_limits="off")


class Actor:
    """Somebody who proposes, comments and reviews; a governor decides and merges too."""

    def __init__(self, services: Services, token: str, told: Told, *, governs: bool, seed: int) -> None:
        self._services, self._told, self._governs = services, told, governs
        self._random = random.Random(seed)
        self._clients = [
            httpx2.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60)
            for address in services.addresses
        ]

    def act_while(self, going_on: Callable[[], bool]) -> None:
        """Do one thing after the other."""
        try:
            while going_on():
                self._act()
        except BaseException as error:
            with self._told.lock:
                self._told.failures.append(f"{type(error).__name__}: {error}"[:2000])
        finally:
            for client in self._clients:
                client.close()

    def _act(self) -> None:
        acts = [self._propose, self._comment, self._review]
        weights = [3, 3, 2]
        if self._governs:
            acts, weights = [*acts, self._decide_and_merge], [1, 1, 1, 4]
        self._random.choices(acts, weights)[0]()

    def _propose(self) -> None:
        text = self._ask("GET", f"{API}/revisions/head").json()
        key = self._random.choice(_SECTIONS)
        section = next(section for section in text["sections"] if section["key"] == key)
        blocks = [dict(block) for block in section["blocks"]]
        changed = self._random.choice([block for block in blocks if block["kind"] in ("paragraph", "item")])
        name = self._name()
        changed["text"] = f"{changed['text']} {name}"
        sections = [{"key": section["key"], "blocks": blocks}]
        body = {"title": name, "base_revision": text["number"], "submit": True, "sections": sections}
        self._do("proposal", name, f"{API}/proposals", body)

    def _comment(self) -> None:
        number, name = self._some_proposal(), self._name()
        if number is not None:
            self._do("comment", name, f"{API}/threads", {"proposal": number, "audience": "public", "text": name})

    def _review(self) -> None:
        number, name = self._some_proposal(), self._name()
        if number is not None:
            body = {"position": self._random.choice(["support", "object", "abstain"]), "text": name}
            self._do("review", name, f"{API}/proposals/{number}/reviews", body)

    def _decide_and_merge(self) -> None:
        number = self._some_proposal()
        if number is None:
            return
        name = self._name()
        verdict = [{"change": 1, "outcome": "adopted", "reason": name}]
        if self._do("decision", name, f"{API}/proposals/{number}/decisions", verdict):
            base, name = self._ask("GET", API).json()["head"], self._name()
            body = {"changes": [f"{number}.1"], "base_revision": base, "message": name}
            self._do("merge", name, f"{API}/merge", body)

    def _some_proposal(self) -> int | None:
        there = self._ask("GET", f"{API}/proposals?state=open&limit=50").json()
        return self._random.choice(there)["number"] if there else None

    def _name(self) -> str:
        return str(UUID(int=self._random.getrandbits(128)))

    def _do(self, sort: str, name: str, path: str, body: object) -> bool:
        """Do one thing; sent again under the same key until somebody answers. Whether it was done."""
        with self._told.lock:
            self._told.asked.add((sort, name))
        answer = self._ask("POST", path, body, key=name)
        with self._told.lock:
            if answer.status_code in (200, 201):
                self._told.acknowledged.add((sort, name))
                return True
            self._told.refused[answer.json()["type"].rpartition("/")[2]] += 1
        return False

    def _ask(self, method: str, path: str, body: object = None, *, key: str = "") -> httpx2.Response:
        headers = {"Idempotency-Key": key} if key else {}
        limit = time.monotonic() + 2 * LONGEST_START
        while True:
            client = self._random.choice(self._clients)
            try:
                answer = client.request(method, path, json=body, headers=headers)
            except httpx2.TransportError:
                with self._told.lock:
                    self._told.broken += 1
                assert time.monotonic() < limit, "no service answers any more"
                time.sleep(0.25)
                continue
            # 503 says that nothing was changed and it may be tried again.
            if answer.status_code == 503 and time.monotonic() < limit:
                with self._told.lock:
                    self._told.refused["busy, tried again"] += 1
                continue
            assert answer.status_code < 500, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
            return answer


def let_them_act(
    services: Services,
    tokens: Sequence[tuple[str, bool]],
    told: Told,
    *,
    going_on: Callable[[], bool],
    kill_when: Callable[[int], bool],
    kills: int,
    seed: int,
) -> None:
    """Everybody acts while it goes on; a service is killed ``kills`` times, each time when ``kill_when`` says so."""
    chance = random.Random(seed)
    actors = [Actor(services, token, told, governs=governs, seed=seed + n) for n, (token, governs) in enumerate(tokens)]
    acting = [threading.Thread(target=one.act_while, args=(going_on,)) for one in actors]
    for one in acting:
        one.start()
    try:
        while told.kills < kills and not told.failures and any(one.is_alive() for one in acting):
            if kill_when(told.kills):
                services.kill(chance.randrange(len(services.addresses)))
                told.kills += 1
            else:
                acting[0].join(0.02)
    except (AssertionError, OSError, subprocess.SubprocessError) as error:
        told.failures.append(str(error))
    finally:
        for one in acting:
            one.join()


def lost_or_doubled(database: Database, told: Told) -> list[str]:
    """What was acknowledged and is not there, or is there twice; and what does not fit its records."""
    faults = list(told.failures)
    with database.reading() as session:
        for sort, column in _PLACES.items():
            there = Counter(session.scalars(sa.select(column)))
            for _, name in sorted(one for one in told.asked if one[0] == sort):
                if there[name] > 1:
                    faults.append(f"{sort} {name} is there {there[name]} times")
                elif not there[name] and (sort, name) in told.acknowledged:
                    faults.append(f"{sort} {name} was acknowledged and is lost")
                elif there[name] and (sort, name) not in told.acknowledged:
                    faults.append(f"{sort} {name} is there, though it was refused")
        faults += verify(session).faults
    return faults
