"""How much one process answers when sixteen ask at once: `python -m benchmarks.load [SECONDS]`.

The real server on loopback over SQLite, with the PEPs charter, two hundred merges and a proposal with forty comments,
is asked by wrk (Debian: wrk) over sixteen connections. Beside it, turn about, a service made of FastAPI and uvicorn
alone that has the same bytes ready: what it manages is what these leave to anybody, so the ratio says what our own work
costs.
Prints requests a second and the 95th percentile in milliseconds; one core answers, the other asks. And how long
somebody waits who asks alone, over one connection that stays open.
"""

import http.client
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.files import wait_for
from benchmarks.serving import MERGES, Server, prepare, running

ROUNDS = 3
COMMENTS = 40
QUESTIONS = 40
API = "/api/v1/charters/peps"
PERCENTILE = 'done = function(s, latency) io.write(string.format("p95 %.2f\\n", latency:percentile(95) / 1000)) end\n'
BARE = """
import sys
from pathlib import Path
import uvicorn
from fastapi import FastAPI, Response
content, port = Path(sys.argv[1]).read_bytes(), int(sys.argv[2])
service = FastAPI(openapi_url=None)
@service.get("/ready")
def ready() -> Response:
    return Response(content, media_type="text/html")
uvicorn.run(service, port=port, log_level="warning", access_log=False)
"""


@contextmanager
def bare(content: bytes, folder: Path) -> Iterator[str]:
    """A service that does nothing but give these bytes; its address."""
    (folder / "content").write_bytes(content)
    port = Server.free_port()
    process = subprocess.Popen([sys.executable, "-c", BARE, str(folder / "content"), str(port)])
    try:
        address = f"http://127.0.0.1:{port}/ready"
        wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def asked(address: str, seconds: int, token: str | None, script: Path) -> tuple[float, float]:
    """Requests a second and the 95th percentile."""
    headers = ["-H", f"Authorization: Bearer {token}"] if token else []
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "--timeout", "30s", "-s", str(script), *headers, address]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told:
        raise SystemExit(told)
    rate, late = re.search(r"Requests/sec:\s+([\d.]+)", told), re.search(r"p95 ([\d.]+)", told)
    assert rate is not None
    assert late is not None
    return float(rate[1]), float(late[1])


def alone(address: str, token: str | None) -> float:
    """Milliseconds from question to answer for somebody who asks alone over a connection that stays open: a median."""
    host, path = address.removeprefix("http://").split("/", 1)
    connection, took = http.client.HTTPConnection(host), []
    for _ in range(QUESTIONS):
        began = time.perf_counter()
        connection.request("GET", f"/{path}", headers={"Authorization": f"Bearer {token}"} if token else {})
        connection.getresponse().read()
        took.append(time.perf_counter() - began)
    connection.close()
    return statistics.median(took) * 1000


def main() -> None:
    """Run it and print the table."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing: on Debian, apt install wrk")
    with running(Path(__file__).parents[1]) as server, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (script := folder / "late.lua").write_text(PERCENTILE)
        token = prepare(server)
        for n in range(COMMENTS):
            server.post(f"{API}/threads", {"proposal": MERGES, "audience": "public", "text": f"Comment {n}."}, token)
        print("\n| what | a second | 95 % | one alone | FastAPI alone | 95 % | one alone | ratio |")
        print("|---|--:|--:|--:|--:|--:|--:|--:|")
        for told, path, who in (
            ("the edition in force, page", "/peps", None),
            ("working text, page", "/peps/working", None),
            ("the newest revision, interface", f"{API}/revisions/head", token),
            (f"a proposal with {COMMENTS} comments, page", f"/peps/proposals/{MERGES}", None),
            ("list of proposals, page", "/peps/proposals", None),
        ):
            with bare(server.get(path, who), folder) as reference:
                one, other = alone(server.address + path, who), alone(reference, None)
                pairs = [
                    (asked(server.address + path, seconds, who, script), asked(reference, seconds, None, script))
                    for _ in range(ROUNDS)
                ]
            ours, theirs = (
                [statistics.median(one) for one in zip(*side, strict=True)] for side in zip(*pairs, strict=True)
            )
            print(
                f"| {told} | {ours[0]:,.0f} | {ours[1]:.0f} ms | {one:.1f} ms | {theirs[0]:,.0f} | {theirs[1]:.0f} ms "
                f"| {other:.1f} ms | {ours[0] / theirs[0]:.0%} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
