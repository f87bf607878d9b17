"""What the journeys in a browser share: Chromium, and a service with the life of a charter in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import Served, serving
from tests.web.life import live


@pytest.fixture(scope="module")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    shutil.copy(sqlite_template, folder / "engross.sqlite3")
    # With all the ways to sign in that have something to show; the provider is never asked.
    provider = {"oidc_issuer": "https://accounts.example.org", "oidc_client_id": "engross", "oidc_name": "The Society"}
    with serving(folder, passwords=True, **provider) as served:
        live(served.database, folder)
        yield served


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()
