"""Services in processes of their own, over one database, on ports of this machine alone."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx2

from app.db.engine import Database

ROOT = Path(__file__).parents[2]
LONGEST_START = 90


@dataclass(frozen=True)
class Served:
    """One process that serves, and where."""

    process: subprocess.Popen[str]
    address: str

    def client(self, token: str | None = None, *, comes_from: str | None = None) -> httpx2.Client:
        """A client of this process, at a network address of this machine (127.…) if one is named."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        way = None if comes_from is None else httpx2.HTTPTransport(local_address=comes_from)
        return httpx2.Client(base_url=self.address, headers=headers, timeout=60, follow_redirects=False, transport=way)

    def ready(self) -> None:
        """Wait until it answers."""
        limit = time.monotonic() + LONGEST_START
        while True:
            if self.process.poll() is not None:
                said = self.process.stderr.read() if self.process.stderr else ""
                raise AssertionError(f"The service ended at once: {said}")
            try:
                if httpx2.get(f"{self.address}/healthz", timeout=5).status_code == 200:
                    return
            except httpx2.TransportError:
                pass
            assert time.monotonic() < limit, "The service does not answer."
            time.sleep(0.05)

    def end(self) -> None:
        """End it as an operator does."""
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=30)
        if self.process.stderr is not None:
            self.process.stderr.close()

    def kill(self) -> None:
        """End it as a power cut does."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)


def free_port() -> int:
    """A port of this machine that nobody uses just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def begin(
    database: Database, folder: Path, port: int, said: IO[str] | int = subprocess.PIPE, **settings: str
) -> Served:
    """Start one process; it is not waited for. ``said`` is where its stderr goes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "serve"],
        cwd=ROOT,
        env={
            **os.environ,
            "ENGROSS_DATABASE_URL": database.url,
            "ENGROSS_DATA_DIR": str(folder),
            "ENGROSS_HOST": "127.0.0.1",
            "ENGROSS_PORT": str(port),
            "ENGROSS_PUBLIC_URL": "http://testserver",
            "ENGROSS_RATE_LIMITS": "off",
            **{f"ENGROSS_{name.upper()}": value for name, value in settings.items()},
        },
        stdout=subprocess.DEVNULL,
        stderr=said,
        text=True,
    )
    return Served(process, f"http://127.0.0.1:{port}")


@contextmanager
def served(
    database: Database, folder: Path, count: int = 2, *, log: Path | None = None, **settings: str
) -> Iterator[list[Served]]:
    """So many processes over one database, ready to answer; ended at the end.

    Further ``settings`` by their names without ENGROSS_; what is logged goes into the file ``log``.
    """
    with ExitStack() as ending:
        made = []
        for _ in range(count):
            said = subprocess.PIPE if log is None else ending.enter_context(log.open("a"))
            made.append(begin(database, folder, free_port(), said, **settings))
            ending.callback(made[-1].end)
        for one in made:
            one.ready()
        yield made
