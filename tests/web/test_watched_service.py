"""A service as it runs: what its log says and never says, whom it believes who asks, and its figures."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from shutil import copy

import httpx2
import pytest
import sqlalchemy as sa

from app import clock
from app.db.engine import Database
from app.db.models.sessions import SignInRequest
from app.logs import scrubbed
from app.queries.people import person_by_email
from app.services import sessions
from app.tokens import fingerprint
from tests.support.serving import Served, free_port, served
from tests.support.site import API, Site

OURS = {"Sec-Fetch-Site": "same-origin"}
PROXY, ELSEWHERE = "127.0.0.2", "127.0.0.3"


@dataclass(frozen=True)
class Running:
    """One service with everything that can be logged turned on."""

    service: Served
    database: Database
    log: Path
    mail: Path
    figures: str

    def lines(self) -> list[dict]:
        """What it has logged so far; what is no JSON came from before the log was set up."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]

    def secret(self) -> str:
        """A link that signs Mara in."""
        with self.database.writing() as session:
            return sessions.make_link(session, person_by_email(session, "mara@example.org"), by=None, now=clock.now())


@pytest.fixture(scope="module")
def running(furnished_site: tuple[Path, Site], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("watched")
    database = Database(f"sqlite:///{copy(furnished_site[0], folder / 'engross.sqlite3')}")
    figures = f"127.0.0.1:{free_port()}"
    told = {
        "log_level": "debug",
        "log_format": "json",
        "trusted_proxies": PROXY,
        "metrics": figures,
        "passwords": "on",
    }
    with served(database, folder, 1, log=folder / "log", **told) as (service,):
        yield Running(service, database, folder / "log", folder / "mail", f"http://{figures}/metrics")
    database.close()


@pytest.mark.long
def test_nothing_that_lets_in_and_nobodys_address_gets_into_the_log_at_any_level(
    running: Running, furnished_site: tuple[Path, Site]
) -> None:
    token = str(furnished_site[1].member.headers["authorization"]).removeprefix("Bearer ")
    secrets = {"token": token, "link": running.secret(), "used link": running.secret(), "password": "Correct-Horse-9!"}
    with running.service.client() as someone:
        someone.get(f"/sign-in/{secrets['link']}")
        assert someone.post(f"/sign-in/{secrets['used link']}", headers=OURS).status_code == 303
        secrets["cookie"] = str(someone.cookies["engross_session"])
        someone.post(f"/sign-in/{secrets['used link']}", headers=OURS)
        someone.post("/sign-in", data={"email": "mara@example.org"}, headers=OURS)
        someone.post(
            "/password/sign-in", data={"email": "mara@example.org", "password": secrets["password"]}, headers=OURS
        )
        someone.get("/invitations/an-Invitation_0123456789-0123456789-01234567")
        someone.get("/unsubscribe/an-Unsubscribing_0123456789-0123456789-012")
        someone.get("/oidc/back", params={"code": "the-code-of-a-provider", "state": "its-state"})
    with running.service.client(token) as program:
        assert program.get(API).status_code == 200
        body = {
            "title": "Draft title of mine",
            "base_revision": 1,
            "sections": [{"key": "vision", "markdown": "My words."}],
        }
        number = program.post(f"{API}/proposals", json=body).json()["number"]
        with running.database.founding() as connection:
            connection.exec_driver_sql("UPDATE proposals SET state = 'of-no-kind'")
            connection.exec_driver_sql("ALTER TABLE proposal_versions RENAME TO hidden_versions")
        # A table that is gone in the middle of an act, with all that it was about to write; then what nobody foresees.
        busy = program.post(f"{API}/proposals", json=body, params={"secret": "in-a-query"})
        with running.database.founding() as connection:
            connection.exec_driver_sql("ALTER TABLE hidden_versions RENAME TO proposal_versions")
        failed = program.get(f"{API}/proposals/{number}", params={"secret": "in-a-query"})
        numbered = program.get(f"/sign-in/{secrets['link']}/", headers={"X-Request-ID": "from-the-proxy-1"})
    assert (busy.status_code, failed.status_code) == (503, 500)
    # The server closes the connection now, and says so: or the next request would go into it and be lost.
    assert failed.headers["connection"] == "close"
    said = running.log.read_text()
    for name, secret in secrets.items():
        assert secret not in said, name
    for words in (
        "Invitation_0123",
        "Unsubscribing_0123",
        "the-code-of",
        "its-state",
        "in-a-query",
        "My words",
        "example.org",
    ):
        assert words not in said, words
    lines = running.lines()
    assert any(line["level"] == "error" and "no such table" in line["words"] for line in lines)
    traces = {line["request"]: line["trace"] for line in lines if "trace" in line}
    assert "of-no-kind" in traces[failed.headers["x-request-id"]]
    assert failed.headers["x-request-id"] in failed.json()["detail"]
    assert numbered.headers["x-request-id"] == "from-the-proxy-1"


@pytest.mark.long
def test_each_request_is_a_line_with_its_number_and_without_its_query(running: Running) -> None:
    with running.service.client() as reader:
        number = reader.get("/peps?view=side", headers={"X-Request-ID": "not one\tat all"}).headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{16}", number)
    (line,) = [line for line in running.lines() if line.get("request") == number]
    assert (line["method"], line["path"], line["level"]) == ("GET", "/peps", "info")
    assert line["route"] == "/{c}"
    assert "side" not in json.dumps(line)


@pytest.mark.long
def test_only_a_proxy_that_is_trusted_is_believed_who_asks(running: Running) -> None:
    def place(comes_from: str, says: str) -> set[str]:
        with running.database.writing() as session:
            session.execute(sa.delete(SignInRequest))
        with running.service.client(comes_from=comes_from) as one:
            sent = one.post("/sign-in", data={"email": "a@example.org"}, headers={**OURS, "X-Forwarded-For": says})
        assert sent.status_code == 200
        with running.database.reading() as session:
            return set(session.scalars(sa.select(SignInRequest.place_hash)))

    assert place(PROXY, "192.0.2.7") == {fingerprint("192.0.2.7")}
    assert place(PROXY, "198.51.100.1, 192.0.2.8") == {fingerprint("192.0.2.8")}, (
        "only the last one is the proxy's word"
    )
    assert place(ELSEWHERE, "192.0.2.7") == {fingerprint(ELSEWHERE)}
    assert place("127.0.0.1", "192.0.2.7") == {fingerprint("127.0.0.1")}


@pytest.mark.long
def test_the_figures_count_routes_and_name_nobody(running: Running) -> None:
    with running.service.client() as reader:
        for path in ("/peps", "/isop-pateg", "/nothing/here/at/all/x", "/peps/proposals/7", "/sign-in/abc"):
            reader.get(path)
        reader.request("BREW", "/peps")
        assert reader.get("/metrics").status_code == 404
    told = httpx2.get(running.figures).text
    assert 'engross_requests_total{method="GET",route="/{c}",status="200"}' in told
    assert 'method="other"' in told
    assert "engross_outbox_waiting" in told
    assert "engross_database_up 1.0" in told
    assert "process_resident_memory_bytes" in told
    for word in ("peps", "isop", "abc", "nothing", "BREW", "example.org", "127.0.0"):
        assert word not in told, word


@pytest.mark.long
def test_readiness_says_why_not_and_nothing_else(running: Running) -> None:
    with running.service.client() as probe:
        assert probe.get("/readyz").json() == {"ready": True}
        with running.database.founding() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
        answer = probe.get("/readyz")
        with running.database.founding() as connection:
            connection.exec_driver_sql(
                f"UPDATE alembic_version SET version_num = '{answer.json()['needed']}'",
            )
        assert answer.status_code == 503
        assert answer.json()["why"].startswith("The database is at step 0003")
        assert probe.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("GET /sign-in/AbC_123 failed", "GET /sign-in/… failed"),
        ("550 <mara@example.org> unknown, o'neil+x@mail.example", "550 <…@…> unknown, …@…"),
        ("at postgresql+psycopg://me:pass@db/engross", "at postgresql+psycopg://…@db/engross"),
        ("Authorization: Bearer engross_abcdefghijklmnopqrstuvwxyz", "Authorization: Bearer …"),
        ("key engross_abcdefghijklmnopqrstuvwxyz.", "key engross_…."),
        ("/cb?code=1&state=2 next", "/cb?… next"),
        ("Cookie: engross_session=abc; other=1", "Cookie: engross_session=…; other=1"),
        ("DETAIL:  Failing row contains (1, my\nwords).\n[SQL: INSERT]", "DETAIL: …\n[SQL: INSERT]"),
        ("file " + "0a" * 32 + " is missing", "file " + "0a" * 32 + " is missing"),
        ("The database is at step 0003.", "The database is at step 0003."),
    ],
)
def test_a_line_is_cleaned_of_what_nobody_should_find_in_it(told: str, left: str) -> None:
    assert scrubbed(told) == left


@pytest.mark.long
def test_every_mail_that_was_sent_is_not_in_the_log(running: Running) -> None:
    for file in running.mail.glob("*.eml"):
        text = message_from_bytes(file.read_bytes(), policy=policy.default).as_string()
        for secret in re.findall(r"/(?:sign-in|invitations|unsubscribe)/([\w-]{20,})", text):
            assert secret not in running.log.read_text()
