"""How fast the stored PDF of an edition is served, beside nginx: `python -m benchmarks.files [SECONDS]`.

The real server on loopback over a fresh data folder, and nginx (Debian: nginx-light) with one worker over the same
file, are asked turn about by wrk (Debian: wrk), over sixteen connections that stay open: for the file, and whether it
changed.
Prints requests a second by the clock and the processor time that each server took for one request; the ratio is of
processor time, because on two cores the one that asks takes its share of the clock.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.serving import Server, running

_ROUNDS = 5
_FILE = "/peps/editions/2025-05.pdf"
_CONFIGURATION = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 512; }}
http {{
  access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; keepalive_requests 100000000;
  types {{ application/pdf pdf; }}
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; }}
}}
"""


@dataclass
class Figures:
    """What one server did in all rounds: requests a second, and microseconds of processor time for one request."""

    rate: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)

    def told(self) -> str:
        return f"{statistics.median(self.rate):,.0f} | {statistics.median(self.cost):.1f}"


def processor_time(process: int) -> float:
    """Microseconds of processor time of a process, all its threads together."""
    told = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(file.read_text().split()[0]) for file in told) / 1e3


@contextmanager
def nginx(content: bytes) -> Iterator[tuple[str, int]]:
    """nginx with that content as a file: its address, and the number of the process that answers."""
    tool = shutil.which("nginx") or "/usr/sbin/nginx"
    port = Server.free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "www").mkdir()
        (folder / "www" / "edition.pdf").write_bytes(content)
        (folder / "conf").write_text(_CONFIGURATION.format(folder=folder, port=port))
        process = subprocess.Popen([tool, "-c", str(folder / "conf")], stderr=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}/edition.pdf"
            wait_for(address)
            (worker,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            yield address, int(worker)
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(address: str) -> None:
    """Until a server answers there."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.1)
    raise SystemExit(f"nothing answers at {address}")


def tag_of(address: str) -> str:
    """The ETag under which a server gives a file."""
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.headers["etag"])


def ask(address: str, process: int, seconds: int, condition: str, into: Figures) -> None:
    """Have wrk ask for some seconds."""
    used = processor_time(process)
    headers = ["-H", f"If-None-Match: {condition}"] if condition else []
    done = subprocess.run(
        ["wrk", "-t1", "-c16", f"-d{seconds}s", *headers, address], capture_output=True, text=True, check=True
    ).stdout
    used = processor_time(process) - used
    told = dict(line.split(":") for line in done.splitlines() if line.startswith("Requests/sec"))
    count = int(next(line for line in done.splitlines() if " requests in " in line).split()[0])
    if "Non-2xx" in done:
        raise SystemExit(done)
    into.rate.append(float(told["Requests/sec"]))
    into.cost.append(used / count)


def main() -> None:
    """Run it and print the table."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing: on Debian, apt install wrk nginx-light")
    with running(Path(__file__).parents[1]) as server:
        content = server.get(_FILE)
        ours = server.address + _FILE
        with nginx(content) as (theirs, worker):
            print(f"{len(content):,} bytes\n")
            print("| what | Engross: a second | µs of processor time | nginx: a second | µs | ratio |")
            print("|---|--:|--:|--:|--:|--:|")
            for name, conditional in (("the whole file", False), ("not modified (304)", True)):
                mine, other = Figures(), Figures()
                for _ in range(_ROUNDS):
                    for address, process, into in ((ours, server.process.pid, mine), (theirs, worker, other)):
                        ask(address, process, seconds, tag_of(address) if conditional else "", into)
                ratio = statistics.median(other.cost) / statistics.median(mine.cost)
                print(f"| {name} | {mine.told()} | {other.told()} | {ratio:.0%} |", flush=True)


if __name__ == "__main__":
    main()
