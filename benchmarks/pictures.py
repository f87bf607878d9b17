"""The pictures of the README, taken from the program as it is: `python -m benchmarks.pictures`.

A service over a database of its own, with the PEPs charter and what a few people propose, is looked at with Debian's
Chromium. The pictures go to docs/pictures.
"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from app.cli.listening import listening
from app.db.engine import Database
from app.db.schema import migrate
from app.main import create_app
from app.settings import Settings
from tests.support.browser import Served, Watched
from tests.web.life import live

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
WIDTH, HEIGHT = 1280, 860


@contextmanager
def service() -> Iterator[Served]:
    """The life of a charter in short, served on loopback."""
    with TemporaryDirectory() as name, listening("127.0.0.1", 0) as listener:
        folder = Path(name)
        database = Database(f"sqlite:///{folder / 'engross.sqlite3'}")
        migrate(database)
        live(database, folder)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        application = create_app(Settings(data_dir=folder, public_url=address), database)
        server = uvicorn.Server(uvicorn.Config(application, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield Served(address, database)
        server.should_exit = True
        thread.join()
        database.close()


def looking(browser: Browser, served: Served, name: str | None, path: str, *, width: int = WIDTH) -> Page:
    """A page of the service in the browser of that person."""
    watched = Watched(browser, served, width=width)
    watched.page.set_viewport_size({"width": width, "height": HEIGHT})
    if name is not None:
        watched.sign_in(name)
    page = watched.open(path)
    page.evaluate("document.fonts.ready.then(() => true)")
    return page


def keep(page: Page, name: str) -> None:
    """One picture."""
    page.screenshot(path=FOLDER / f"{name}.png")
    print(FOLDER / f"{name}.png")


def write(page: Page) -> None:
    """Some changes typed into the editor."""
    page.locator("#page\\.editor[data-ready]").wait_for()
    words = page.locator("[contenteditable=true] p")
    words.nth(1).dblclick(position={"x": 150, "y": 12})
    page.keyboard.type("largest")
    words.filter(has_text="Speaking as").click()
    page.keyboard.press("End")
    page.keyboard.type(", wherever it works")
    page.locator(".island").wait_for()
    page.fill("#page\\.title", "Say what we are, and where")
    page.fill("#page\\.reason", "Others were founded since, and members work on five continents.")
    page.evaluate("window.scrollTo(0, 260)")


def main() -> None:
    """Take all of them anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with service() as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        page = looking(browser, served, None, "/peps")
        page.locator("#definition").scroll_into_view_if_needed()
        page.evaluate("document.getElementById('definition').scrollIntoView()")
        keep(page, "edition")
        page = looking(browser, served, "otto", "/peps/propose/mission")
        write(page)
        keep(page, "editor")
        page = looking(browser, served, "gilda", "/peps/desk")
        keep(page, "desk")
        page = looking(browser, served, None, "/peps/compare/2025-05...working")
        keep(page, "comparison")
        browser.close()


if __name__ == "__main__":
    main()
