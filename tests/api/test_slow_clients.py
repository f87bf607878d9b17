"""Connections that drip: nobody keeps a place taken, nobody keeps the others waiting."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from httpx2 import Client

from app.cli.door import server_of
from app.cli.listening import listening
from app.main import create_app
from app.settings import Settings
from tests.support.site import Site


@contextmanager
def served(site: Site, folder: Path, *, head: float, body: float) -> Iterator[tuple[str, int]]:
    """The service at a door of this machine, with so many seconds of patience for heads and bodies."""
    listener = listening("127.0.0.1", 0)
    listener.listen()
    settings = Settings(data_dir=folder, public_url=f"http://127.0.0.1:{listener.getsockname()[1]}")
    server = server_of(create_app(settings, site.database, patience=body), patience=head, lifespan="off")
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def told(connection: socket.socket) -> bytes:
    """Everything that comes until the other side closes."""
    came = b""
    while piece := connection.recv(65536):
        came += piece
    return came


CLOSED = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


@pytest.mark.parametrize("begun", [b"", b"GET /peps HTTP/1.1\r\nhost: x"])
def test_who_does_not_say_what_they_want_is_shown_the_door(sqlite_site: Site, tmp_path: Path, begun: bytes) -> None:
    with (
        served(sqlite_site, tmp_path, head=0.2, body=30) as door,
        socket.create_connection(door, timeout=30) as slow,
    ):
        slow.sendall(begun)
        assert told(slow) == CLOSED


def test_a_second_request_that_does_not_come_is_not_waited_for(sqlite_site: Site, tmp_path: Path) -> None:
    with (
        served(sqlite_site, tmp_path, head=0.2, body=30) as door,
        socket.create_connection(door, timeout=30) as slow,
    ):
        slow.sendall(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        came = b""
        while not came.endswith(b"ok"):
            came += slow.recv(65536)
        slow.sendall(b"GET /hea")
        assert told(slow) == CLOSED


def post(token: str, path: str, length: int) -> bytes:
    lines = (
        f"POST {path} HTTP/1.1",
        "host: x",
        f"authorization: Bearer {token}",
        "content-type: application/json",
        f"content-length: {length}",
        "",
        "",
    )
    return "\r\n".join(lines).encode()


def test_a_body_that_does_not_come_is_given_up_and_nothing_is_done(sqlite_site: Site, tmp_path: Path) -> None:
    token = sqlite_site.governor.headers["authorization"].removeprefix("Bearer ")
    with (
        served(sqlite_site, tmp_path, head=30, body=0.2) as door,
        socket.create_connection(door, timeout=30) as slow,
    ):
        slow.sendall(post(token, "/api/v1/charters/peps/threads", 100) + b"{")
        answer = told(slow)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"application/problem+json" in answer
        assert b"/problems/too-slow" in answer


@pytest.mark.parametrize("path", ["/api/v1/charters/peps/proposals", "/peps/threads", "/peps/settings", "/sign-in"])
def test_others_write_while_somebodys_body_drips(sqlite_site: Site, tmp_path: Path, path: str) -> None:
    token = sqlite_site.governor.headers["authorization"].removeprefix("Bearer ")
    with (
        served(sqlite_site, tmp_path, head=30, body=600) as door,
        socket.create_connection(door, timeout=30) as slow,
        Client(base_url=f"http://127.0.0.1:{door[1]}", headers={"authorization": f"Bearer {token}"}) as other,
    ):
        slow.sendall(post(token, path, 100) + b"{")
        for _ in range(3):
            about = {"section": "vision", "audience": "members", "text": "What about this?"}
            assert other.post("/api/v1/charters/peps/threads", json=about).status_code == 201
        slow.shutdown(socket.SHUT_WR)
