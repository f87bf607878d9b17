"""Mails about one thing are one conversation, a day's mail is put in order by them, and answers have a place."""

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app import clock
from app.queries.people import account, person_by_email
from app.services.choices import choose
from app.services.sending import send_due
from app.settings import Settings
from tests.support.acts import adopt, propose
from tests.support.mails import mails
from tests.support.site import API, Site


def settings(tmp_path: Path, **more: str) -> Settings:
    """Mails become files."""
    return Settings(data_dir=tmp_path, public_url="https://charter.example.org", **more)


def chosen(site: Site, name: str, mail: str) -> None:
    """Somebody chooses when to get mail."""
    with site.database.writing() as session:
        who = account(person_by_email(session, f"{name}@example.org"))
        choose(session, who, mail=mail, listing="shown", now=clock.now())


def shared(site: Site, client: TestClient, number: int, name: str) -> int:
    """A draft is shared with somebody; their id."""
    people = site.member.get(f"{API}/people").json()
    person = next(one["id"] for one in people if one["name"].lower() == name)
    assert client.post(f"{API}/proposals/{number}/partners", json={"person": person}).status_code == 201
    return int(person)


def test_all_mails_about_a_proposal_are_one_conversation(sqlite_site: Site, tmp_path: Path) -> None:
    site = sqlite_site
    first = propose(site.member, markdown="We see it so.", title="Start with the member")["number"]
    said = {"proposal": first, "audience": "members", "text": "@Mara, why?"}
    assert site.other_member.post(f"{API}/threads", json=said).status_code == 201
    adopt(site.governor, first)
    other = propose(site.governor, "mission", markdown="Otherwise.", title="Another one")["number"]
    on_text = {"section": "vision", "audience": "members", "text": "@Mara here"}
    assert site.other_member.post(f"{API}/threads", json=on_text).status_code == 201
    send_due(site.database, settings(tmp_path))
    got = [mail for mail in mails(tmp_path) if mail["To"] == "mara@example.org"]
    by_subject = {}
    for mail in got:
        by_subject.setdefault(str(mail["Subject"]), []).append(mail)
    assert set(by_subject) == {
        f"Proposal {first}: Start with the member",
        f"Proposal {other}: Another one",
        "Comment 2 on the section “Vision”",
    }
    assert len(by_subject[f"Proposal {first}: Start with the member"]) == 2
    roots = {subject: {str(mail["References"]) for mail in some} for subject, some in by_subject.items()}
    assert all(len(root) == 1 for root in roots.values())
    assert len(set.union(*roots.values())) == 3
    for mail in got:
        assert mail["In-Reply-To"] == mail["References"] != mail["Message-ID"]
        assert mail["List-Id"] == "<peps.charter.example.org>"
        assert mail["X-Auto-Response-Suppress"] == "All"
        assert mail["Reply-To"] is None
        for kind in ("plain", "html"):
            assert "nobody reads it" in mail.get_body((kind,)).get_content()


def test_a_days_mail_is_put_in_order_by_what_it_is_about(sqlite_site: Site, tmp_path: Path) -> None:
    site = sqlite_site
    chosen(site, "mara", "daily")
    numbers = [propose(site.governor, markdown=f"Words, {n}.", title=f"Wish {n}")["number"] for n in range(3)]
    for number in numbers:
        for client in (site.other_member, site.governor):
            said = {"proposal": number, "audience": "members", "text": "I see. " * 80}
            assert client.post(f"{API}/threads", json=said).status_code == 201
    said = {"proposal": numbers[2], "audience": "members", "text": "@Mara, you know."}
    assert site.other_member.post(f"{API}/threads", json=said).status_code == 201
    site.member.put(f"{API}/proposals/{numbers[1]}/following", json={"mode": "following"}, headers={"If-Match": "*"})
    for client in (site.other_member, site.governor):
        said = {"proposal": numbers[1], "audience": "members", "text": "Once more. " * 80}
        assert client.post(f"{API}/threads", json=said).status_code == 201
    later = clock.now() + timedelta(days=1)
    send_due(site.database, settings(tmp_path, mail_reply_to="office@example.org"), now=lambda: later)
    (mail,) = [mail for mail in mails(tmp_path) if mail["To"] == "mara@example.org"]
    assert str(mail["Subject"]).endswith(": 6 things happened, 1 of them for you")
    assert mail["Reply-To"] == "office@example.org"
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    headings = [line for line in plain.splitlines() if line.startswith("Proposal ")]
    assert headings == [f"Proposal {n}: Wish {n - numbers[0]}" for n in (numbers[2], numbers[0], numbers[1])]
    assert plain.count("* For you: ") == 1
    assert html.count("<h3") == 3
    assert "Once more. " * 40 not in plain
    assert "…" in plain
    assert "go to office@example.org, not into the charter" in plain


def test_whoever_no_longer_shares_a_draft_hears_no_more_of_it(sqlite_site: Site, tmp_path: Path) -> None:
    site = sqlite_site
    number = propose(site.member, markdown="A secret.", title="Not yet", submit=False)["number"]
    person = shared(site, site.member, number, "otto")
    said = {"proposal": number, "audience": "members", "text": "@Otto, look."}
    assert site.member.post(f"{API}/threads", json=said).json()["called"] == ["Otto"]
    assert len(site.other_member.get("/api/v1/me/notices").json()) == 2
    assert site.other_member.post(f"{API}/proposals/{number}/sign").status_code == 200
    gone = site.member.delete(f"{API}/proposals/{number}/partners/{person}", headers={"If-Match": "*"})
    assert gone.status_code < 300, gone.text
    (left,) = site.other_member.get("/api/v1/me/notices").json()
    assert "no longer shares" in left["words"]
    assert site.other_member.get(f"{API}/awaiting").json()["counts"].get("mentions", 0) == 0
    tag = {"If-Match": site.member.get(f"{API}/proposals/{number}").headers["etag"]}
    body = {"title": "Very secret", "base_revision": 1, "sections": [{"key": "vision", "markdown": "Hush."}]}
    assert site.member.patch(f"{API}/proposals/{number}", json=body, headers=tag).status_code == 200
    send_due(site.database, settings(tmp_path))
    (mail,) = [mail for mail in mails(tmp_path) if mail["To"] == "otto@example.org"]
    assert "no longer shares" in str(mail["Subject"])
    assert "Very secret" not in mail.as_string()


@pytest.mark.parametrize("listing", ["shown", "none"])
def test_a_mention_is_counted_where_it_can_be_read_and_until_it_is_answered(sqlite_site: Site, listing: str) -> None:
    site = sqlite_site
    with site.database.writing() as session:
        who = account(person_by_email(session, "otto@example.org"))
        choose(session, who, mail="at_once", listing=listing, now=clock.now())
    said = {"section": "vision", "audience": "members", "text": "@Otto?"}
    thread = site.member.post(f"{API}/threads", json=said).json()["id"]
    counted = site.other_member.get(f"{API}/awaiting").json()["counts"].get("mentions", 0)
    listed = [
        one for one in site.other_member.get("/api/v1/me/notices?unread=true").json() if one["kind"] == "mentioned"
    ]
    assert counted == len(listed) == (listing == "shown")
    assert site.other_member.post(f"{API}/threads/{thread}/replies", json={"text": "Yes."}).status_code == 201
    assert site.other_member.get("/api/v1/me/notices?unread=true").json() == []
    assert site.other_member.get(f"{API}/awaiting").json()["counts"].get("mentions", 0) == 0
