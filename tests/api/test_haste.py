"""How often one visitor may come for what costs, and that nobody else waits for it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app import throttle
from app.main import create_app
from app.settings import Settings, load_settings
from app.throttle import WORKING, WRITING, Measure, Throttle
from tests.support.site import Site, client_of
from tests.web.filling import fields_of, form_to
from tests.web.markup import Page

API = "/api/v1/charters/peps"


def hurried(site: Site, folder: Path) -> TestClient:
    settings = Settings(data_dir=folder, public_url="http://testserver", rate_limits=True)
    return client_of(create_app(settings, site.database), token(site.member))


def after_many(ask: Callable[[], Response], measure: Measure, let_in: int) -> Response:
    """The first refusal; as many as may come at once were let in before, and those that came in time meanwhile."""
    for count in range(3 * measure.at_once):
        answer = ask()
        if answer.status_code == 429:
            assert count >= measure.at_once
            return answer
        assert answer.status_code == let_in
    raise AssertionError("nobody was told to wait")


def token(client: TestClient) -> str:
    return client.headers["authorization"].removeprefix("Bearer ")


def test_an_even_stream_passes_and_a_rush_waits() -> None:
    now = [100.0]
    gate = Throttle(lambda: now[0])
    measure = Measure(a_minute=60, at_once=3)
    assert [gate.wait("a", measure) for _ in range(5)] == [0, 0, 0, 1, 1]
    # Another one is not concerned, and who waits as long as they were told comes in.
    assert gate.wait("b", measure) == 0
    now[0] += 1
    assert [gate.wait("a", measure) for _ in range(2)] == [0, 1]
    for _ in range(100):
        now[0] += 1
        assert gate.wait("a", measure) == 0


def test_what_is_remembered_is_bounded_and_the_quiet_ones_are_forgotten_first() -> None:
    now = [0.0]
    gate = Throttle(lambda: now[0])
    measure = Measure(a_minute=1, at_once=1)
    assert gate.wait("busy", measure) == 0
    for n in range(throttle.MOST_VISITORS):
        assert gate.wait(f"one of many {n}", measure) == 0
        if n % 10_000 == 0:
            assert gate.wait("busy", measure) > 0
    assert len(gate._even) == throttle.MOST_VISITORS
    assert gate.wait("busy", measure) > 0


def test_who_writes_without_end_is_told_when_to_go_on_and_nobody_else_is_hindered(
    sqlite_site: Site, tmp_path: Path
) -> None:
    client = hurried(sqlite_site, tmp_path)
    refused = after_many(lambda: client.post("/api/v1/me/notices/read", content=b"["), WRITING["visitor"], 422)
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "/problems/too-many"
    assert int(refused.headers["retry-after"]) >= 1
    assert "content-security-policy" in refused.headers
    # It is about writing; whoever else writes, or reads, goes on.
    assert client.get(f"{API}/proposals").status_code == 200
    other = client_of(client.app, token(sqlite_site.other_member))
    assert other.post("/api/v1/me/notices/read", content=b"[").status_code == 422
    # On a page it is said in words.
    page = next(p for p in (client.post("/peps/settings", data={"x": "y"}) for _ in range(900)) if p.status_code == 429)
    assert "Wait " in page.text
    assert page.headers["retry-after"]


def test_a_form_that_came_too_soon_is_handed_back_with_what_was_typed(
    sqlite_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(throttle.WRITING, "visitor", Measure(a_minute=1, at_once=1))
    client = hurried(sqlite_site, tmp_path)
    typed = {
        "title": "Mine",
        "reason": "First\r\n<b>second</b>",
        "act": "submit",
        "t.b1": "Words “as typed”\r\n",
        "top": "",
    }
    form = {"data": typed, "headers": {"Sec-Fetch-Site": "same-origin"}}
    client.post("/peps/propose/vision?relation=alternative&to=1", **form)
    answer = client.post("/peps/propose/vision?relation=alternative&to=1", **form)
    assert answer.status_code == 429
    page = Page(answer.text)
    action = "/peps/propose/vision?relation=alternative&to=1"
    assert fields_of(form_to(page, action)) == typed
    assert "nothing you typed is lost" in page.text
    # What nobody may read over a shoulder is left to the browser, and what another site sent is shown to nobody.
    for other in ({"data": {"password": "long enough"}}, {"files": {"file": ("a.pdf", b"%PDF", "application/pdf")}}):
        bare = client.post("/peps/propose/vision", **other, headers={"Sec-Fetch-Site": "same-origin"})
        assert bare.status_code == 429
        assert "go back" in bare.text
        assert "long enough" not in bare.text


def test_what_is_worked_out_for_each_who_asks_is_counted_and_pages_are_not(sqlite_site: Site, tmp_path: Path) -> None:
    client = hurried(sqlite_site, tmp_path)
    after_many(lambda: client.get("/peps/search?q=patient"), WORKING["visitor"], 200)
    assert client.get("/peps/working").status_code == 200


def test_every_installation_has_limits_unless_it_says_otherwise() -> None:
    assert load_settings({}).rate_limits
    assert not load_settings({"ENGROSS_RATE_LIMITS": "off"}).rate_limits
