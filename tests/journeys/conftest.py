"""What the journeys in a browser share: Chromium, and a service with the life of a charter in it."""

import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from app.db.engine import Database
from app.main import create_app
from app.settings import Settings
from tests.support.browser import Served
from tests.web.life import live


@pytest.fixture(scope="module")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    shutil.copy(sqlite_template, folder / "engross.sqlite3")
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = Settings(data_dir=folder, public_url=address)
    database = Database(settings.database)
    live(database, folder)
    server = uvicorn.Server(uvicorn.Config(create_app(settings, database), log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield Served(address, database)
    server.should_exit = True
    thread.join()
    listener.close()
    database.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()
