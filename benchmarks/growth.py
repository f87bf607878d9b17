"""What a charter costs when it has grown: `python -m benchmarks.growth [SQLite] [PostgreSQL] [NUMBER]`.

Two real servers on loopback, each over a database of its own: one charter with ten open proposals and ten threads, and
the same one with a thousand, or that number, and ten thousand. Each page is asked of both turn about, as a governor, on
SQLite and, where it is installed, on PostgreSQL. Prints the medians in milliseconds of time and of the server's
processor time, the ratio; by the clock, how long writing a proposal takes, kept as a draft and submitted at once; and
how long a merge takes that touches one section, which classifies all open changes there anew.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy

from app.db.engine import Database
from app.db.schema import migrate
from benchmarks.serving import Server, in_turn
from tests.support.growth import grow
from tests.support.postgres import find_binaries, postgres_server
from tests.support.site import add_person, found_charter

API = "/api/v1/charters/peps"
SMALL = {"proposals": 10, "decided": 10, "threads": 10, "notices": 10}
LARGE = {"proposals": 1_000, "decided": 1_000, "threads": 10_000, "notices": 1_000}
PEOPLE = 12
ROUNDS = 25
MERGES = 5
WRITINGS = 15
PAGES = (
    ("proposals", "/peps/proposals"),
    ("proposals that await me (API)", "/api/v1/charters/peps/proposals?awaiting=me"),
    ("proposals of a section (API)", "/api/v1/charters/peps/proposals?section=vision"),
    ("what awaits me", "/peps/awaiting"),
    ("threads", "/peps/threads"),
    ("threads of a section (API)", "/api/v1/charters/peps/threads?section=vision"),
    ("desk", "/peps/desk"),
    ("register of decisions", "/peps/decisions"),
    ("history", "/peps/history"),
    ("notices", "/notices"),
    ("working text", "/peps/working"),
    ("search, a word that stands everywhere", "/peps/search?q=words"),
    ("search, words that stand nowhere", "/peps/search?q=giraffe+elephant"),
    ("search, a rare word with a common one", "/peps/search?q=4999th+words"),
    ("search, a word that stands everywhere (API)", "/api/v1/charters/peps/search?q=words"),
)


@contextmanager
def setting(name: str, value: str) -> Iterator[None]:
    """A setting in the environment for as long as it takes to start a server."""
    os.environ[name] = value
    try:
        yield
    finally:
        del os.environ[name]


def furnished(url: str, size: dict[str, int]) -> str:
    """A database with the charter, people in it and so much of everything; the answer is a governor's token."""
    database = Database(url)
    migrate(database)
    found_charter(database)
    for n in range(PEOPLE):
        add_person(database, f"member{n}", "member")
    token = add_person(database, "gilda", "governor")
    grow(database, **size)
    if database.engine.dialect.name == "postgresql":
        # What its own housekeeping does soon after so many rows have come.
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sqlalchemy.text("ANALYZE"))
    database.close()
    return token


def _longest_section(server: Server, token: str) -> dict:
    """The section of the working text with most wordy blocks: there most open changes are."""
    text = json.loads(server.get(f"{API}/revisions/head", token))
    return max(text["sections"], key=lambda s: sum(len(b["text"].split()) > 3 for b in s["blocks"]))


def writing_times(servers: Sequence[tuple[Server, str]], submit: bool) -> list[list[float]]:
    """Milliseconds by the clock of writing proposals, turn about, each with words of its own.

    They are for a paragraph that a share of all open proposals changes too, so that all of these are looked at.
    """
    section = _longest_section(*servers[0])
    words = max((block["text"] for block in section["blocks"]), key=len)
    found: list[list[float]] = [[] for _ in servers]
    for n in range(WRITINGS + 2):
        markdown = section["markdown"].replace(words, f"{words} Number {n}, {submit}.")
        body = {
            "title": f"One more, {n}",
            "rationale": "It says better what we mean.",
            "base_revision": 1,
            "sections": [{"key": section["key"], "markdown": markdown}],
            "submit": submit,
        }
        for times, (server, token) in zip(found, servers, strict=True):
            began = time.perf_counter()
            server.post(f"{API}/proposals", body, token)
            times.append((time.perf_counter() - began) * 1000)
    # The first ones fill what is kept between questions and do not count.
    return [times[2:] for times in found]


def merge_times(server: Server, token: str) -> tuple[str, list[float]]:
    """The section with most open changes, and the milliseconds of merges of one change in it.

    Each merge brings all open changes there, and every thread on the text, to the new revision.
    """
    section = _longest_section(server, token)
    found: list[float] = []
    for n in range(MERGES):
        head = 1 + n
        blocks = json.loads(server.get(f"{API}/revisions/head", token))["sections"]
        markdown = next(s for s in blocks if s["key"] == section["key"])["markdown"]
        body = {
            "title": f"One merge, {n}",
            "base_revision": head,
            "sections": [{"key": section["key"], "markdown": markdown.rstrip() + f"\n\nAnd so on, {n} times.\n"}],
            "submit": True,
        }
        number = server.post(f"{API}/proposals", body, token)["number"]
        server.post(f"{API}/proposals/{number}/decisions", [{"change": 1, "outcome": "adopted"}], token)
        began = time.perf_counter()
        server.post(f"{API}/merge", {"changes": [f"{number}.1"], "base_revision": head}, token)
        found.append((time.perf_counter() - began) * 1000)
    return section["key"], found


@contextmanager
def grown(folder: Path, url: str, size: dict[str, int]) -> Iterator[tuple[Server, str]]:
    """A server over a database with so much in it, ready, and a governor's token."""
    token = furnished(url, size)
    with setting("ENGROSS_DATABASE_URL", url):
        server = Server(folder)
    try:
        server.wait()
        yield server, token
    finally:
        server.process.terminate()
        server.process.wait(timeout=30)


def measure(kind: str, servers: Sequence[tuple[Server, str]]) -> None:
    """All figures of one kind of database, one line for each address."""
    few, many = servers
    print(f"\n| {kind} | ten: ms | processor | many: ms | processor | ratio | of processor time |")
    print("|---|---|---|---|---|---|---|")
    for told, path in PAGES:
        try:
            answers = in_turn([few[0], many[0]], path, [few[1], many[1]], ROUNDS)
        except OSError as error:
            print(f"| {told} | {error} | | | | | |")
            continue
        wall = [statistics.median(answer.wall) for answer in answers]
        used = [statistics.median(answer.processor) for answer in answers]
        print(
            f"| {told} | {wall[0]:.1f} | {used[0]:.1f} | {wall[1]:.1f} | {used[1]:.1f} "
            f"| {wall[1] / wall[0]:.2f} | {used[1] / used[0]:.2f} |",
            flush=True,
        )
    for told, submit in (("writing a draft", False), ("writing a proposal and submitting it", True)):
        medians = tuple(statistics.median(times) for times in writing_times(servers, submit))
        print(
            f"| {told}, by the clock | {medians[0]:.0f} | | {medians[1]:.0f} | | {medians[1] / medians[0]:.2f} | |",
            flush=True,
        )
    (name, first), (_, second) = (merge_times(*server) for server in servers)
    medians = (statistics.median(first), statistics.median(second))
    print(
        f"| a merge that touches one section ({name}) | {medians[0]:.0f} | | {medians[1]:.0f} | "
        f"| {medians[1] / medians[0]:.2f} | |",
        flush=True,
    )


def main() -> None:
    """Run it and print the tables."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="engross-growth-")))
        kinds = {"SQLite": [f"sqlite:///{folder}/{name}.sqlite3" for name in ("small", "large")]}
        binaries = find_binaries()
        if binaries is None:
            print("PostgreSQL is not installed here: left out.", file=sys.stderr)
        else:
            place = stack.enter_context(TemporaryDirectory(prefix="engross-growth-postgres-"))
            address = stack.enter_context(postgres_server(binaries, Path(place)))
            plain = sqlalchemy.create_engine(f"{address}/postgres", isolation_level="AUTOCOMMIT")
            with plain.connect() as connection:
                for name in ("small", "large"):
                    connection.exec_driver_sql(f"CREATE DATABASE {name}")
            plain.dispose()
            kinds["PostgreSQL"] = [f"{address}/{name}" for name in ("small", "large")]
        number = next((int(word) for word in sys.argv[1:] if word.isdigit()), LARGE["proposals"])
        large = {**LARGE, "proposals": number, "decided": number}
        wanted = [word for word in sys.argv[1:] if not word.isdigit()] or list(kinds)
        for kind, urls in kinds.items():
            if kind not in wanted:
                continue
            with ExitStack() as servers:
                measure(
                    kind,
                    [
                        servers.enter_context(grown(folder / f"{kind}-{name}", url, size))
                        for name, url, size in zip(("small", "large"), urls, (SMALL, large), strict=True)
                    ],
                )


if __name__ == "__main__":
    main()
