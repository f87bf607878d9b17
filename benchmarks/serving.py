"""How fast a running server answers on SQLite: `python -m benchmarks.serving`.

Starts the real server on loopback over a fresh data folder with the PEPs charter, merges 200 changes one after the
other, publishes a second edition, and asks each address in turn. Prints a table of medians and 95th percentiles in
milliseconds.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROUNDS = 60
MERGES = 200


class Server:
    """A server of our own on a free loopback port."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.environment = {**os.environ, "ENGROSS_DATA_DIR": str(folder), "ENGROSS_PORT": str(port)}
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "start"], cwd=ROOT, env=self.environment, stderr=subprocess.DEVNULL
        )

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
            cwd=ROOT,
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


def median_and_p95(run, rounds: int = ROUNDS) -> tuple[float, float]:
    """Milliseconds of a call: the median and the 95th percentile, after five calls that do not count."""
    for _ in range(5):
        run()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        run()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[18]


def main() -> None:
    """Run it and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            server.wait()
            measure(server)
        finally:
            server.process.terminate()
            server.process.wait(timeout=30)


def measure(server: Server) -> None:
    """All figures, one line each."""
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
    print(f"| {MERGES} rounds of propose, decide, merge | {took / MERGES * 1000:.0f} a round | |")
    for told, path, token in (
        ("the edition in force, page", "/peps", None),
        ("working text, page", "/peps/working", None),
        ("the newest revision, interface", f"{api}/revisions/head", member),
        ("redline of two editions, page", "/peps/compare/2025-05...2026-11-21", None),
        ("redline of two editions, interface", f"{api}/compare/2025-05...2026-11-21", None),
        ("a proposal, page", f"/peps/proposals/{MERGES}", None),
        ("list of proposals, page", "/peps/proposals", None),
        ("PDF of an edition", "/peps/editions/2025-05.pdf", None),
        ("health", "/healthz", None),
    ):
        median, p95 = median_and_p95(lambda path=path, token=token: server.get(path, token))
        print(f"| {told} | {median:.1f} | {p95:.1f} |")
    print(server.engross("verify"), file=sys.stderr)


if __name__ == "__main__":
    main()
