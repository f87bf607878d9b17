"""A real browser at a service on this machine, and everything it complains about or asks of others."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Request

from app.cli.door import server_of
from app.cli.listening import listening
from app.db.engine import Database
from app.main import create_app
from app.settings import Settings
from tests.web.visits import link


@dataclass(frozen=True)
class Served:
    """A service at an address of this machine."""

    address: str
    database: Database


@contextmanager
def serving(folder: Path, host: str = "127.0.0.1", **more: Any) -> Iterator[Served]:
    """The service over the database in a folder, at a free port of this machine, until the block ends.

    ``host`` is what browsers call this machine, ``more`` are settings.
    """
    listener = listening("127.0.0.1", 0)
    # Who comes before the server is ready waits.
    listener.listen()
    address = f"http://{host}:{listener.getsockname()[1]}"
    settings = Settings(data_dir=folder, public_url=address, **more)
    database = Database(settings.database)
    server = server_of(create_app(settings, database), lifespan="off")
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield Served(address, database)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
        database.close()


class Watched:
    """A page whose every complaint and every request is noted."""

    def __init__(
        self, browser: Browser, served: Served, *, width: int = 1280, scheme: str = "light", scripts: bool = True
    ) -> None:
        self.address = served.address
        self.database = served.database
        self.context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=scripts,
        )
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", self._note_failure)
        self.page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        if not url.startswith((self.address, "data:")):
            self.strangers.append(url)

    def _note_failure(self, request: Request) -> None:
        # Going on to the next page ends what the last one still asked for.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url}")

    def open(self, path: str) -> Page:
        """Go to a page and wait until everything it asks for is there."""
        self.page.goto(self.address + path, wait_until="load")
        return self.page

    def sign_in(self, name: str) -> None:
        """Sign in as that person, as with the link of a mail."""
        self.open(f"/sign-in/{link(self.database, name)}")
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("button", name="Sign out").wait_for()

    def close(self) -> None:
        """Done, without a complaint and without a word to strangers."""
        self.context.close()
        assert self.complaints == [], self.complaints
        assert self.strangers == [], self.strangers
