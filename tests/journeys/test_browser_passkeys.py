"""A passkey in a browser: added under my settings and used to come in, without an address being typed."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy
from playwright.sync_api import Browser

from app import clock
from app.db.models.sessions import BrowserSession
from tests.support import axe
from tests.support.browser import Served, Watched, serving
from tests.web.life import live

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module")
def named(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The service under a name: passkeys do not work under a bare number."""
    folder = tmp_path_factory.mktemp("named")
    shutil.copy(sqlite_template, folder / "engross.sqlite3")
    with serving(folder, host="localhost", passwords=True) as served:
        live(served.database, folder)
        yield served


def test_a_passkey_is_added_and_used(named: Served, chromium: Browser) -> None:
    watched = Watched(chromium, named, width=360)
    page = watched.page
    device = watched.context.new_cdp_session(page)
    device.send("WebAuthn.enable", {"enableUI": False})
    made = device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    watched.sign_in("mara")
    watched.open("/me")
    page.get_by_text("Add a passkey", exact=True).first.click()
    page.get_by_label("Its name").fill("Phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("The passkey is added").wait_for()
    assert page.get_by_role("button", name="Remove Phone").is_visible()
    kept = device.send("WebAuthn.getCredentials", {"authenticatorId": made["authenticatorId"]})["credentials"]
    assert [one["isResidentCredential"] for one in kept] == [True]
    # The same device is not added twice, and says so.
    page.get_by_text("Add a passkey", exact=True).first.click()
    page.get_by_label("Its name").fill("Phone again")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("This device has a passkey for you already.").wait_for()
    watched.open("/sign-out")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="You are signed out").wait_for()
    watched.open("/sign-in?to=/peps/awaiting")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/peps/awaiting")
    page.get_by_role("button", name="Sign out").wait_for()
    # Who stops their device, or has no passkey, is told so and can still get a mail.
    device.send("WebAuthn.clearCredentials", {"authenticatorId": made["authenticatorId"]})
    watched.open("/sign-out")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="You are signed out").wait_for()
    watched.open("/sign-in")
    device.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": made["authenticatorId"]})
    refusing = "() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    page.evaluate(refusing)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("Nothing was done").wait_for()
    assert page.get_by_role("button", name="Send me a link").is_enabled()
    watched.close()


@pytest.mark.axe
@pytest.mark.parametrize("width", [360, 1280])
def test_everything_about_signing_in_can_be_used_by_everybody(named: Served, chromium: Browser, width: int) -> None:
    watched = Watched(chromium, named, width=width)
    page = watched.page

    def look() -> None:
        page.evaluate("() => document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
            assert axe.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    watched.open("/sign-in")
    look()
    watched.sign_in("mara")
    watched.open("/me")
    look()
    with named.database.writing() as session:
        session.execute(sqlalchemy.update(BrowserSession).values(created_at=clock.now() - timedelta(hours=1)))
    watched.open("/me")
    look()
    page.evaluate(
        """() => { const form = document.createElement('form'); form.method = 'post'; form.action = '/me/passkeys';
        document.body.append(form); form.submit(); }"""
    )
    page.get_by_role("heading", name="Sign in once more").wait_for()
    look()
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_role("heading", name="Ask for your link").wait_for()
    watched.complaints.clear()
    watched.close()


def test_without_scripts_the_pages_say_what_there_is_instead(named: Served, chromium: Browser) -> None:
    watched = Watched(chromium, named, scripts=False)
    watched.open("/sign-in")
    assert not watched.page.get_by_role("button", name="Sign in with a passkey").is_visible()
    assert watched.page.get_by_role("button", name="Send me a link").is_visible()
    watched.sign_in("otto")
    watched.open("/me")
    watched.page.get_by_text("Add a passkey", exact=True).first.click()
    assert watched.page.get_by_text("needs a browser that knows passkeys").is_visible()
    watched.close()
