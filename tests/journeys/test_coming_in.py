"""Coming in, with a real mail server and a real browser: invited from a pasted list, or by a link asked for by mail."""

import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from app.cli.listening import listening
from app.db.engine import Database
from app.main import create_app
from app.services.sending import send_due
from app.settings import Settings
from tests.support.browser import Served, Watched
from tests.support.mailbox import Mailbox, mail_server
from tests.support.mails import words_of
from tests.web.life import live

pytestmark = pytest.mark.browser

PAGES = [
    "/help",
    "/sign-in",
    "/sign-out",
    "/me",
    "/notices/choices",
    "/peps/people",
    "/peps/people/invite",
    "/peps/settings",
    "/peps/welcome",
    "/peps/search",
    "/peps/search?q=partners",
    "/peps/search?q=zebra",
    "/nothing",
    "/peps/nothing",
]


@dataclass(frozen=True)
class Post:
    """A service that hands its mails in at a mail server, and what came there."""

    served: Served
    box: Mailbox

    def after(self, before: int, count: int = 1) -> list[EmailMessage]:
        """The mails that came after so many."""
        return self.box.wait_for(before + count)[before:]


@pytest.fixture(scope="module")
def post(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """The life of a charter behind a server that sends mail by itself."""
    tmp_path = tmp_path_factory.mktemp("post")
    shutil.copy(sqlite_template, tmp_path / "engross.sqlite3")
    listener = listening("127.0.0.1", 0)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with mail_server() as (box, port):
        settings = Settings(data_dir=tmp_path, public_url=address, smtp_url=f"smtp://127.0.0.1:{port}")
        database = Database(settings.database)
        live(database, tmp_path)
        # What was told until now is not what the journeys are about.
        send_due(database, Settings(data_dir=tmp_path, public_url=address))
        server = uvicorn.Server(uvicorn.Config(create_app(settings, database), log_level="warning", lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Post(Served(address, database), box)
        finally:
            server.should_exit = True
            thread.join()
            listener.close()
            database.close()


def link_of(mail: EmailMessage) -> str:
    """The path of the one-time link in a mail."""
    return re.findall(r"https?://[^/\s]+(/(?:sign-in|invitations)/[\w-]{20,})", words_of(mail))[0]


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


@pytest.mark.long
def test_a_governor_pastes_a_list_and_who_is_invited_begins_on_a_phone(chromium: Browser, post: Post) -> None:
    desk = Watched(chromium, post.served)
    desk.sign_in("gilda")
    page = desk.open("/peps")
    page.get_by_role("contentinfo").get_by_role("link", name="People").click()
    page.get_by_role("main").get_by_role("link", name="Invite people").first.click()
    page.get_by_label("Whom do you want to invite?").fill("Anna Weber <anna@example.org>\nben[at]example.org")
    page.get_by_role("button", name="Look at it before it is sent").click()
    page.get_by_text("There is no e-mail address here.").wait_for()
    page.get_by_label("The list").fill("Anna Weber <anna@example.org>\nben@example.org")
    page.get_by_role("button", name="Look at the list again").click()
    page.get_by_role("heading", name="2 people can be invited as members").wait_for()
    before = len(post.box.mails)
    page.get_by_role("button", name="Send 2 invitations").click()
    page.get_by_text("2 invitations are on their way").wait_for()
    mails = {str(mail["To"]): mail for mail in post.after(before, 2)}
    assert set(mails) == {"anna@example.org", "ben@example.org"}
    phone = Watched(chromium, post.served, width=360)
    page = phone.open(link_of(mails["anna@example.org"]))
    assert page.get_by_label("Your name").input_value() == "Anna Weber"
    page.get_by_role("button", name="Accept and begin").click()
    page.get_by_role("heading", name="Welcome, Anna Weber").wait_for()
    assert sideways(page) <= 360
    page.get_by_role("link", name="Propose other wording").click()
    page.wait_for_url("**/peps/propose")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("navigation", name="This charter").get_by_role("link", name="People").click()
    page.get_by_text("Anna Weber (you)").wait_for()
    phone.close()
    desk.close()


@pytest.mark.long
@pytest.mark.parametrize("scripts", [True, False])
def test_a_link_asked_for_by_mail_leads_back_to_the_page_one_wanted(
    chromium: Browser, post: Post, scripts: bool
) -> None:
    browser = Watched(chromium, post.served, width=360, scripts=scripts)
    page = browser.page
    answer = page.goto(post.served.address + "/peps/awaiting")
    assert answer is not None
    assert answer.status == 401
    browser.complaints.clear()
    before = len(post.box.mails)
    page.get_by_label("Your e-mail address").fill("mara@example.org")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Look into your mail").wait_for()
    link = link_of(post.after(before)[0])
    browser.open(link)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="What awaits you").wait_for()
    assert page.url.endswith("/peps/awaiting")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="You are signed out").wait_for()
    browser.page.goto(post.served.address + link)
    page.get_by_text("used already or is too old").wait_for()
    browser.complaints.clear()
    browser.close()


@pytest.mark.long
def test_the_keyboard_alone_finds_words(chromium: Browser, post: Post) -> None:
    browser = Watched(chromium, post.served)
    page = browser.open("/peps")
    page.get_by_role("search").get_by_role("searchbox").focus()
    page.keyboard.type("unified voice")
    page.keyboard.press("Enter")
    page.wait_for_url("**/peps/search?q=unified+voice")
    assert page.locator("mark").first.inner_text() == "unified"
    page.get_by_role("link", name="Mission").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/peps/working#b-*")
    browser.close()


@pytest.mark.long
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (360, "light"), (1280, "light")])
def test_no_page_about_people_scrolls_sideways_or_complains(
    chromium: Browser, post: Post, width: int, scheme: str
) -> None:
    browser = Watched(chromium, post.served, width=width, scheme=scheme)
    browser.sign_in("gilda")
    for path in PAGES:
        page = browser.open(path)
        assert sideways(page) <= width, path
        for summary in page.locator("summary").all():
            if summary.is_visible():
                summary.click()
        assert sideways(page) <= width, f"{path}, opened"
        browser.complaints[:] = [one for one in browser.complaints if "404" not in one]
    browser.close()
