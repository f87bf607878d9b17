"""How fast a running server answers on SQLite: `python -m benchmarks.serving [CHECKOUT...]`.

Starts the real server on loopback over a fresh data folder with the PEPs charter, merges 200 changes one after the
other, publishes a second edition, and asks each address in turn. Prints a table of medians and 95th percentiles in
milliseconds, and of the processor time the server took for one answer.

Other checkouts of the program, built, can be named: each has a server of its own, and every address is asked of all of
them turn about, so that whatever else the machine does slows all of them alike. Each row then has their figures side
by side, this checkout's first.
"""

import json
import math
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROUNDS = 60
MERGES = 200


class Server:
    """A server of our own on a free loopback port."""

    def __init__(self, folder: Path, checkout: Path = ROOT) -> None:
        self.checkout = checkout
        port = self.free_port()
        self.environment = {
            **os.environ,
            "ENGROSS_DATA_DIR": str(folder),
            "ENGROSS_PORT": str(port),
            # One address asks for everything here, without end.
            "ENGROSS_RATE_LIMITS": "off",
        }
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "start"], cwd=checkout, env=self.environment, stderr=subprocess.DEVNULL
        )

    @staticmethod
    def free_port() -> int:
        """A port of loopback that nobody listens at."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    def wait(self) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                self.get("/readyz")
                return
            except OSError:
                time.sleep(0.2)
        raise SystemExit("the server did not start")

    def engross(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *words],
            cwd=self.checkout,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def get(self, path: str, token: str | None = None) -> bytes:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        with urllib.request.urlopen(urllib.request.Request(self.address + path, headers=headers), timeout=60) as answer:
            return answer.read()

    def post(self, path: str, value: object, token: str) -> dict:
        request = urllib.request.Request(
            self.address + path,
            data=json.dumps(value).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def used(self) -> float:
        """Milliseconds of processor time that all its threads have taken; NaN where the system does not tell."""
        told = list(Path(f"/proc/{self.process.pid}/task").glob("*/schedstat"))
        return sum(int(file.read_text().split()[0]) for file in told) / 1e6 if told else math.nan


class Answers:
    """What one server took for one address."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.wall: list[float] = []
        self.processor: list[float] = []

    def ask(self, path: str, token: str | None) -> None:
        used, began = self.server.used(), time.perf_counter()
        self.server.get(path, token)
        self.wall.append((time.perf_counter() - began) * 1000)
        self.processor.append(self.server.used() - used)

    def told(self) -> str:
        """The median, the 95th percentile, and the median of the processor time."""
        p95 = statistics.quantiles(self.wall, n=20)[18]
        return f"{statistics.median(self.wall):.1f} | {p95:.1f} | {statistics.median(self.processor):.1f}"


def in_turn(servers: list[Server], path: str, token: list[str | None], rounds: int = ROUNDS) -> list[Answers]:
    """The same question to all servers, turn about; five that do not count come first."""
    for server, said in zip(servers, token, strict=True):
        for _ in range(5):
            server.get(path, said)
    answers = [Answers(server) for server in servers]
    for _ in range(rounds):
        for answer, said in zip(answers, token, strict=True):
            answer.ask(path, said)
    return answers


def main() -> None:
    """Run it and print the table."""
    checkouts = [ROOT, *(Path(name).resolve() for name in sys.argv[1:])]
    with ExitStack() as stack:
        servers = [stack.enter_context(running(checkout)) for checkout in checkouts]
        tokens = [prepare(server) for server in servers]
        measure(servers, tokens)
        for server in servers:
            print(server.engross("verify"), file=sys.stderr)


@contextmanager
def running(checkout: Path) -> Iterator[Server]:
    """A server of that checkout over a fresh data folder, ready."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), checkout)
        try:
            server.wait()
            yield server
        finally:
            server.process.terminate()
            server.process.wait(timeout=30)


def prepare(server: Server) -> str:
    """Merge, publish, and give back a token to read with."""
    for name, role in (("mara", "member"), ("gil", "governor")):
        server.engross("user", "add", f"{name}@example.org", "--name", name, "--charter", "peps", "--role", role)
    member, governor = (server.engross("token", "create", f"{n}@example.org") for n in ("mara", "gil"))
    api = "/api/v1/charters/peps"
    words = server.get(f"{api}/revisions/head", member)
    vision = next(s for s in json.loads(words)["sections"] if s["key"] == "vision")["markdown"]
    began = time.perf_counter()
    for n in range(MERGES):
        text = vision.replace("key partners", f"key partners {n}")
        body = {
            "title": f"Change {n}",
            "base_revision": n + 1,
            "sections": [{"key": "vision", "markdown": text}],
            "submit": True,
        }
        number = server.post(f"{api}/proposals", body, member)["number"]
        server.post(f"{api}/proposals/{number}/decisions", [{"change": 1, "outcome": "adopted"}], governor)
        server.post(f"{api}/merge", {"changes": [f"{number}.1"], "base_revision": n + 1}, governor)
    took = time.perf_counter() - began
    for act, body in (
        ("", {"revision": MERGES + 1, "date": "2026-11-21"}),
        ("/2026-11-21/freeze", {}),
        ("/2026-11-21/signoffs", {}),
        ("/2026-11-21/approve", {}),
        ("/2026-11-21/publish", {}),
    ):
        server.post(f"{api}/editions{act}", body, governor)
    print(f"| {MERGES} rounds of propose, decide, merge | {took / MERGES * 1000:.0f} a round | | |")
    return member


def measure(servers: list[Server], tokens: list[str]) -> None:
    """All figures, one line for each address."""
    api = "/api/v1/charters/peps"
    nobody: list[str | None] = [None] * len(servers)
    for told, path, asking in (
        ("the edition in force, page", "/peps", nobody),
        ("working text, page", "/peps/working", nobody),
        ("the newest revision, interface", f"{api}/revisions/head", tokens),
        ("redline of two editions, page", "/peps/compare/2025-05...2026-11-21", nobody),
        ("redline of two editions, interface", f"{api}/compare/2025-05...2026-11-21", nobody),
        ("a proposal, page", f"/peps/proposals/{MERGES}", nobody),
        ("list of proposals, page", "/peps/proposals", nobody),
        ("PDF of an edition", "/peps/editions/2025-05.pdf", nobody),
        ("health", "/healthz", nobody),
    ):
        answers = in_turn(servers, path, [*asking])
        print(f"| {told} | {' | '.join(answer.told() for answer in answers)} |")


if __name__ == "__main__":
    main()
