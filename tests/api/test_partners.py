"""An author shares a draft with chosen members, who read it, put their name under it, and take it back."""

import pytest

from app.db.models.notices import Notice
from app.queries.people import person_by_email
from tests.support.acts import by_hand, counted, propose, refused, words
from tests.support.site import API, Site, add_person, client_of, found_charter

PARTNERS = f"{API}/proposals/1/partners"


def id_of(site: Site, name: str) -> int:
    with site.database.reading() as session:
        return person_by_email(session, f"{name}@example.org").id


def draft(site: Site) -> None:
    text = words(site.member, "vision")
    propose(site.member, "vision", text.replace("key partners", "equal partners"), submit=False)


def share(site: Site, name: str = "otto") -> None:
    answer = site.member.post(PARTNERS, json={"person": id_of(site, name)})
    assert answer.status_code == 201, answer.text


def told(site: Site, name: str) -> list[tuple[str, str]]:
    with site.database.reading() as session:
        rows = session.query(Notice).filter_by(person_id=id_of(site, name)).order_by(Notice.id)
        return [(row.kind, row.words) for row in rows]


def test_a_draft_is_there_for_those_it_is_shared_with_and_for_nobody_else(site: Site) -> None:
    draft(site)
    assert site.other_member.get(f"{API}/proposals/1").status_code == 404
    share(site)
    seen = site.other_member.get(f"{API}/proposals/1")
    assert seen.status_code == 200
    assert [p["number"] for p in site.other_member.get(f"{API}/proposals").json()] == [1]
    for client in (site.reader, site.governor, site.administrator, site.stranger):
        assert client.get(f"{API}/proposals/1").status_code == 404
        assert client.get(PARTNERS).status_code == 404
    assert (
        "shared",
        "Mara shares proposal 1 “Other words” with you. You can read it and put your name under it.",
    ) in (told(site, "otto"))


def test_whoever_it_is_shared_with_cannot_edit_or_submit_it(sqlite_site: Site) -> None:
    site = sqlite_site
    draft(site)
    share(site)
    tag = site.other_member.get(f"{API}/proposals/1").headers["etag"]
    answer = site.other_member.patch(f"{API}/proposals/1", json={"title": "Mine"}, headers={"If-Match": tag})
    refused(answer, 403, "not-allowed")
    refused(site.other_member.post(f"{API}/proposals/1/submit", json={}), 403, "not-allowed")
    refused(site.other_member.post(PARTNERS, json={"person": id_of(site, "gilda")}), 403, "not-allowed")


def test_a_name_stands_under_the_version_it_was_put_under(site: Site) -> None:
    draft(site)
    share(site)
    signed = site.other_member.post(f"{API}/proposals/1/sign")
    assert signed.status_code == 200
    assert [(p["name"], p["signed_version"]) for p in signed.json()["partners"]] == [("Otto", 1)]
    tag = signed.headers["etag"]
    edited = site.member.patch(f"{API}/proposals/1", json={"title": "Better"}, headers={"If-Match": tag}).json()
    assert [(p["signed_version"], p["on_earlier_version"]) for p in edited["partners"]] == [(1, True)]
    again = site.other_member.post(f"{API}/proposals/1/sign", json={}).json()
    assert [(p["signed_version"], p["on_earlier_version"]) for p in again["partners"]] == [(2, False)]
    assert [kind for kind, _ in told(site, "mara")].count("signed") == 2
    off = site.other_member.post(f"{API}/proposals/1/unsign", json={}).json()
    assert [(p["signed_at"], p["signed_version"]) for p in off["partners"]] == [(None, None)]
    assert "took their name off" in told(site, "mara")[-1][1]


def test_once_it_is_open_everybody_sees_who_signed_and_only_its_authors_side_whom_it_is_shared_with(
    sqlite_site: Site,
) -> None:
    site = sqlite_site
    draft(site)
    share(site)
    share(site, "gilda")
    site.other_member.post(f"{API}/proposals/1/sign")
    site.member.post(f"{API}/proposals/1/submit")
    for client, names in (
        (site.reader, ["Otto"]),
        (site.administrator, ["Otto"]),
        (site.member, ["Otto", "Gilda"]),
        (site.governor, ["Otto", "Gilda"]),
    ):
        assert [p["name"] for p in client.get(f"{API}/proposals/1").json()["partners"]] == names
        assert [p["name"] for p in client.get(PARTNERS).json()] == names


def test_unsharing_takes_a_draft_away_and_a_name_with_it(site: Site) -> None:
    draft(site)
    share(site)
    site.other_member.post(f"{API}/proposals/1/sign")
    otto = f"{PARTNERS}/{id_of(site, 'otto')}"
    refused(site.member.delete(otto), 428, "precondition-needed")
    refused(site.member.delete(otto, headers={"If-Match": '"partners-1-old"'}), 412, "stale")
    refused(site.other_member.delete(otto, headers={"If-Match": "*"}), 403, "not-allowed")
    refused(site.governor.delete(otto, headers={"If-Match": "*"}), 404, "not-found")
    tag = site.member.get(PARTNERS).headers["etag"]
    assert site.member.delete(otto, headers={"If-Match": tag}).json() == []
    assert site.other_member.get(f"{API}/proposals/1").status_code == 404
    assert "your name was taken off it" in told(site, "otto")[-1][1]
    refused(site.member.delete(otto, headers={"If-Match": "*"}), 404, "not-found")


def test_sharing_twice_is_sharing_once(sqlite_site: Site) -> None:
    site = sqlite_site
    draft(site)
    share(site)
    before = counted(site.database)
    share(site)
    assert counted(site.database) == before
    assert site.other_member.post(f"{API}/proposals/1/unsign").status_code == 200
    assert counted(site.database) == before


def test_an_address_finds_a_member_and_says_nothing_of_others(sqlite_site: Site) -> None:
    site = sqlite_site
    draft(site)
    assert site.member.post(PARTNERS, json={"email": " Otto@example.org "}).status_code == 201
    said = {
        refused(site.member.post(PARTNERS, json=body), 422, "not-a-member")["detail"]
        for body in (
            {"email": "stan@example.org"},
            {"email": "nobody@example.org"},
            {"email": "ada@example.org"},
            {"person": id_of(site, "stan")},
            {"person": 999},
        )
    }
    assert said == {"Nobody like this is a member of this charter. Choose one of its people."}
    refused(site.member.post(PARTNERS, json={"email": "mara@example.org"}), 422, "own-proposal")
    refused(site.member.post(PARTNERS, json={}), 422, "bad-input")
    both = {"email": "otto@example.org", "person": 2}
    refused(site.member.post(PARTNERS, json=both), 422, "bad-input")


@pytest.mark.parametrize("state", ["decided", "withdrawn"])
def test_what_is_settled_is_neither_shared_nor_signed(sqlite_site: Site, state: str) -> None:
    site = sqlite_site
    draft(site)
    share(site)
    site.member.post(f"{API}/proposals/1/submit")
    if state == "withdrawn":
        site.member.post(f"{API}/proposals/1/withdraw")
    else:
        verdict = [{"change": 1, "outcome": "rejected", "reason": "No."}]
        assert site.governor.post(f"{API}/proposals/1/decisions", json=verdict).status_code == 201
    before = counted(site.database)
    refused(site.member.post(PARTNERS, json={"person": id_of(site, "gilda")}), 409, "wrong-state")
    refused(site.other_member.post(f"{API}/proposals/1/sign"), 409, "wrong-state")
    refused(site.other_member.post(f"{API}/proposals/1/unsign"), 409, "wrong-state")
    otto = f"{PARTNERS}/{id_of(site, 'otto')}"
    refused(site.member.delete(otto, headers={"If-Match": "*"}), 409, "wrong-state")
    assert counted(site.database) == before


def test_only_partners_sign(sqlite_site: Site) -> None:
    site = sqlite_site
    draft(site)
    site.member.post(f"{API}/proposals/1/submit")
    for client in (site.member, site.other_member, site.governor, site.administrator, site.stranger):
        refused(client.post(f"{API}/proposals/1/sign"), 403, "not-allowed")
    assert site.reader.post(f"{API}/proposals/1/sign").status_code == 401


def test_whoever_loses_their_role_loses_the_draft(sqlite_site: Site) -> None:
    site = sqlite_site
    draft(site)
    share(site)
    by_hand(site.database, "DELETE FROM roles WHERE person_id = :id", id=id_of(site, "otto"))
    assert site.other_member.get(f"{API}/proposals/1").status_code == 404


def test_a_role_in_another_charter_opens_no_draft(sqlite_site: Site) -> None:
    site = sqlite_site
    found_charter(site.database, "isop-pateg")
    petra = client_of(site.service, add_person(site.database, "petra", "member", "isop-pateg"))
    draft(site)
    refused(site.member.post(PARTNERS, json={"email": "petra@example.org"}), 422, "not-a-member")
    assert petra.get(f"{API}/proposals/1").status_code == 404


def test_whose_name_stands_under_earlier_words_is_told_so_and_asked_again(sqlite_site: Site) -> None:
    site = sqlite_site
    draft(site)
    share(site)
    assert site.other_member.post(f"{API}/proposals/1/sign").status_code < 300
    assert site.member.post(f"{API}/proposals/1/submit", json={}).status_code == 200
    assert site.other_member.get(f"{API}/awaiting").json()["shared"] == []
    tag = {"If-Match": site.member.get(f"{API}/proposals/1").headers["etag"]}
    assert (
        site.member.patch(f"{API}/proposals/1", json={"rationale": "Another reason."}, headers=tag).status_code == 200
    )
    kind, said = told(site, "otto")[-1]
    assert kind == "edited"
    assert "Your name stands under the earlier words only" in said
    assert "earlier words only" not in str(told(site, "gilda"))
    assert [one["proposal"] for one in site.other_member.get(f"{API}/awaiting").json()["shared"]] == [1]
    assert site.other_member.post(f"{API}/proposals/1/sign").status_code < 300
    assert site.other_member.get(f"{API}/awaiting").json()["shared"] == []
