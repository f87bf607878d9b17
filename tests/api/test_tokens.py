"""Tokens by the interface: scoped, ending, shown once, revocable, and never a way to more than they are themselves."""

from datetime import timedelta

import sqlalchemy

from app import clock
from app.db.models.sessions import ApiToken
from app.queries.verification import verify
from app.services.imports import import_source
from tests.support.acts import refused
from tests.support.site import API, Site, client_of, shipped_source

TOKENS = "/api/v1/me/tokens"
WISH = {"name": "Nightly copy", "days": 30}


def test_a_token_is_made_shown_once_listed_and_revoked(site: Site) -> None:
    answer = site.member.post(TOKENS, json=WISH, headers={"Idempotency-Key": "one"})
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    made = answer.json()
    token = made.pop("token")
    assert (made["name"], made["read_only"], made["charter"], made["used_at"]) == ("Nightly copy", True, None, None)
    bearer = client_of(site.service, token)
    assert bearer.get("/api/v1/me").json()["email"] == "mara@example.org"
    listed = site.member.get(TOKENS)
    assert token not in listed.text
    assert listed.json()[0]["used_at"] is not None
    with site.database.engine.connect() as connection:
        for table in ("api_tokens", "kept_answers", "records"):
            rows = connection.execute(sqlalchemy.text(f"SELECT * FROM {table}")).all()
            assert not any(token in str(value) for row in rows for value in row), table
    assert site.other_member.delete(f"{TOKENS}/{made['id']}").status_code == 404
    assert site.member.delete(f"{TOKENS}/{made['id']}").status_code == 200
    refused(bearer.get("/api/v1/me"), 401, "bad-token")
    with site.database.reading() as session:
        assert verify(session).faults == ()


def test_a_token_is_never_taken_from_an_address(site: Site) -> None:
    token = site.member.post(TOKENS, json=WISH).json()["token"]
    nobody = client_of(site.service)
    for name in ("token", "access_token", "api_key", "authorization"):
        assert nobody.get("/api/v1/me", params={name: token}).status_code == 401


def test_a_token_that_reads_writes_nothing_and_makes_none(site: Site) -> None:
    reader = client_of(site.service, site.member.post(TOKENS, json=WISH).json()["token"])
    refused(reader.post(f"{API}/threads", json={"section": "vision", "text": "?"}), 403, "read-only-token")
    refused(reader.post(TOKENS, json=WISH), 403, "read-only-token")
    refused(reader.post(f"{API}/leave"), 403, "read-only-token")


def test_a_token_makes_none_that_lives_longer(site: Site) -> None:
    short = site.member.post(TOKENS, json={**WISH, "days": 2, "read_only": False}).json()
    made = client_of(site.service, short["token"]).post(TOKENS, json={**WISH, "days": 365}).json()
    assert made["ends_at"] == short["ends_at"]


def test_a_token_for_one_charter_is_nobody_elsewhere(site: Site) -> None:
    assert site.governor.get(API).status_code == 200
    wish = {**WISH, "read_only": False, "charter": "peps"}
    bearer = client_of(site.service, site.member.post(TOKENS, json=wish).json()["token"])
    assert bearer.get(f"{API}/people").status_code == 200
    for path in (TOKENS, "/api/v1/me/notices", "/api/v1/me/notice-choices"):
        refused(bearer.get(path), 403, "token-scope")
    refused(bearer.post(TOKENS, json=WISH), 403, "token-scope")
    assert bearer.get("/api/v1/me").json()["charter"] == "peps"
    refused(site.member.post(TOKENS, json={**WISH, "charter": "nowhere"}), 404, "not-found")


def test_a_token_for_another_charter_opens_nothing_here(site: Site) -> None:
    with site.database.writing() as session:
        import_source(session, shipped_source("isop-pateg"), key="other", now=clock.now())
    site.governor.patch(API, json={"open": False}, headers={"If-Match": site.governor.get(API).headers["etag"]})
    wish = {**WISH, "read_only": False, "charter": "other"}
    bearer = client_of(site.service, site.member.post(TOKENS, json=wish).json()["token"])
    assert site.member.get(f"{API}/revisions/head").status_code == 200
    assert bearer.get(f"{API}/revisions/head").status_code == 404
    assert bearer.get(f"{API}/people").status_code == 404
    assert bearer.post(f"{API}/threads", json={"section": "vision", "text": "?"}).status_code == 401
    assert [one["key"] for one in bearer.get("/api/v1/charters").json()] == ["other"]


def test_a_token_ends(site: Site) -> None:
    token = site.member.post(TOKENS, json=WISH).json()["token"]
    with site.database.writing() as session:
        over = clock.now() - timedelta(seconds=1)
        session.execute(sqlalchemy.update(ApiToken).where(ApiToken.ends_at.is_not(None)).values(ends_at=over))
    refused(client_of(site.service, token).get("/api/v1/me"), 401, "bad-token")


def test_what_no_token_can_be_is_refused(site: Site) -> None:
    for wrong in ({"days": 0}, {"days": 366}, {"days": True}, {"name": ""}, {"name": "\u202e"}, {"person_id": 1}):
        assert site.member.post(TOKENS, json={**WISH, **wrong}).status_code == 422, wrong
    assert site.member.post(TOKENS, json={**WISH, "email": "gilda@example.org", "admin": True}).status_code == 422
