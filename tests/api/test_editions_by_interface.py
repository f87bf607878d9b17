"""Editions by the interface: from a draft to what the public cites, and nothing that changes it afterwards."""

import pytest
import sqlalchemy
from fastapi.testclient import TestClient

from app.queries.verification import verify
from tests.support.acts import adopt, by_hand, counted, head, merge, propose, refused, section
from tests.support.site import API, Site, add_person, client_of

KEY = "2027-01"
AT = f"{API}/editions/{KEY}"


def draft(site: Site, date: str = KEY, **more: object) -> dict:
    answer = site.governor.post(
        f"{API}/editions", json={"revision": head(site.governor)["number"], "date": date, **more}
    )
    assert answer.status_code == 201, answer.text[:300]
    return answer.json()


def act(client: TestClient, name: str, status: int = 200, **body: object) -> dict:
    answer = client.post(f"{AT}/{name}", json=body)
    assert answer.status_code == status, answer.text[:300]
    return answer.json()


@pytest.mark.parametrize(
    ("date", "label", "effective"),
    [("2027-01", "January 2027", "2027-01-01"), ("2028-02-29", "29 February 2028", "2028-02-29")],
)
def test_a_date_gives_key_label_and_effective_day(sqlite_site: Site, date: str, label: str, effective: str) -> None:
    made = draft(sqlite_site, date)
    assert (made["key"], made["label"], made["effective"], made["state"]) == (date, label, effective, "draft")
    assert (made["signoffs"], made["signoffs_required"], made["pdf"]) == ([], 1, None)
    assert sqlite_site.governor.get(f"{API}/editions/{date}").json() == made


def test_label_and_effective_day_may_be_others(sqlite_site: Site) -> None:
    made = draft(sqlite_site, label=" Winter  edition ", effective="2027-03-01")
    assert (made["label"], made["effective"]) == ("Winter edition", "2027-03-01")


def test_a_date_that_is_taken_is_refused(sqlite_site: Site) -> None:
    draft(sqlite_site)
    rows = counted(sqlite_site.database)
    body = {"revision": 1, "date": KEY}
    refused(sqlite_site.governor.post(f"{API}/editions", json=body), 409, "taken")
    assert counted(sqlite_site.database) == rows
    assert draft(sqlite_site, "2027-01-01")["key"] == "2027-01-01"


def test_a_draft_can_be_changed_and_taken_back_by_whoever_has_read_it(sqlite_site: Site) -> None:
    governor = sqlite_site.governor
    text = section(governor, "vision")["markdown"].replace("key partners", "equal partners")
    adopt(governor, propose(sqlite_site.member, markdown=text)["number"])
    merge(governor, "1.1")
    draft(sqlite_site, label="Winter", effective="2027-02-01")
    tag = governor.get(AT).headers["etag"]
    refused(governor.patch(AT, json={"revision": 1}), 428, "precondition-needed")
    changed = governor.patch(AT, json={"revision": 1}, headers={"If-Match": tag})
    assert changed.status_code == 200, changed.text
    assert [changed.json()[name] for name in ("revision", "label", "effective")] == [1, "Winter", "2027-02-01"]
    refused(governor.patch(AT, json={"label": None}, headers={"If-Match": tag}), 412, "stale")
    tag = changed.headers["etag"]
    for body, kind in (
        ({"revision": 3}, "no-such-base"),
        ({"label": " "}, "bad-input"),
        ({"effective": "x"}, "bad-date"),
    ):
        refused(governor.patch(AT, json=body, headers={"If-Match": tag}), 422, kind)
    plain = governor.patch(AT, json={"label": None, "effective": None}, headers={"If-Match": tag})
    assert [plain.json()[name] for name in ("label", "effective")] == ["January 2027", "2027-01-01"]
    act(governor, "freeze")
    any_tag = {"If-Match": "*"}
    refused(governor.patch(AT, json={"revision": 2}, headers=any_tag), 409, "wrong-state")
    refused(governor.delete(AT, headers=any_tag), 409, "wrong-state")
    act(governor, "thaw")
    gone = governor.delete(AT, headers=any_tag)
    assert (gone.status_code, gone.json()) == (200, [])
    assert governor.get(AT).status_code == 404
    draft(sqlite_site)
    with sqlite_site.database.reading() as session:
        assert verify(session).faults == ()


@pytest.mark.parametrize(
    ("markdown", "target"),
    [("A [place](#nowhere).", "#nowhere"), ("An [annexe](annexe:nowhere).", "annexe:nowhere")],
)
def test_a_text_that_refers_to_what_is_not_there_cannot_be_frozen(
    sqlite_site: Site, markdown: str, target: str
) -> None:
    site = sqlite_site
    made = propose(site.member, "vision", markdown)
    adopt(site.governor, 1, *[c["number"] for c in made["changes"]])
    merge(site.governor, *[c["ref"] for c in made["changes"]])
    draft(site)
    rows = counted(site.database)
    told = refused(site.governor.post(f"{AT}/freeze", json={}), 409, "dangling")
    assert [(f["target"], f["section"]) for f in told["findings"]] == [(target, "vision")]
    assert target.removeprefix("annexe:") in told["detail"]
    # Each is named in words, with the page that shows where it stands.
    assert [f["words"] in told["detail"] for f in told["findings"]] == [True]
    address = told["findings"][0]["address"]
    assert address == f"/peps/editions/{KEY}#b-{told['findings'][0]['block']}"
    assert f'id="{address.partition("#")[2]}"' in site.governor.get(address).text
    assert counted(site.database) == rows
    assert site.governor.get(AT).json()["state"] == "draft"


def test_a_note_that_nobody_cites_and_an_annexe_without_a_file_are_warnings(sqlite_site: Site) -> None:
    site = sqlite_site
    markdown = section(site.member, "notice")["markdown"].replace("[^survey]", "")
    propose(site.member, "notice", markdown)
    adopt(site.governor, 1)
    merge(site.governor, "1.1")
    draft(site)
    frozen = act(site.governor, "freeze")
    assert frozen["state"] == "candidate"
    assert [(w["fault"], w["target"]) for w in frozen["warnings"]] == [
        ("unused-note", "survey"),
        ("annexe-without-file", "membership-and-funding"),
    ]


def test_sign_offs_are_counted_one_a_governor_and_lapse_when_thawed(sqlite_site: Site) -> None:
    site = sqlite_site
    assert site.governor.patch(API, json={"signoffs_required": 2}, headers={"If-Match": "*"}).status_code == 200
    second = client_of(site.service, add_person(site.database, "gus", "governor"))
    draft(site)
    refused(site.governor.post(f"{AT}/signoffs", json={}), 409, "wrong-state")
    act(site.governor, "freeze")
    assert [s["person"] for s in act(site.governor, "signoffs", 201)["signoffs"]] == ["Gilda"]
    refused(site.governor.post(f"{AT}/signoffs", json={}), 409, "already-signed")
    rows = counted(site.database)
    told = refused(site.governor.post(f"{AT}/approve", json={}), 409, "signoffs-missing")
    assert "2" in told["detail"]
    assert counted(site.database) == rows
    assert len(act(second, "signoffs", 201)["signoffs"]) == 2
    assert act(site.governor, "thaw", reason="A comma.")["signoffs"] == []
    act(site.governor, "freeze")
    refused(site.governor.post(f"{AT}/approve", json={}), 409, "signoffs-missing")
    assert len(act(second, "signoffs", 201)["signoffs"]) == 1
    with site.database.reading() as session:
        assert verify(session).faults == ()


AFTER = {
    "freeze": {"draft": "candidate"},
    "thaw": {"candidate": "draft"},
    "signoffs": {"candidate": "candidate"},
    "publish": {"approved": "published"},
    "withdraw": {"published": "withdrawn"},
}
STATES = ("draft", "candidate", "approved", "published", "withdrawn")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", [*AFTER, "approve"])
def test_every_act_leads_where_it_should_or_is_refused_in_every_state(sqlite_site: Site, name: str, state: str) -> None:
    site = sqlite_site
    draft(site)
    by_hand(site.database, "UPDATE editions SET state = :state", state=state)
    rows = counted(site.database)
    answer = site.governor.post(f"{AT}/{name}", json={"reason": "Because."})
    following = AFTER.get(name, {}).get(state)
    if following is not None:
        assert answer.status_code in (200, 201)
        assert answer.json()["state"] == following
        return
    refused(answer, 409, "signoffs-missing" if (name, state) == ("approve", "candidate") else "wrong-state")
    assert counted(site.database) == rows


def test_withdrawing_a_published_edition_needs_a_reason(sqlite_site: Site) -> None:
    site = sqlite_site
    draft(site)
    by_hand(site.database, "UPDATE editions SET state = 'published'")
    refused(site.governor.post(f"{AT}/withdraw", json={}), 422, "reason-needed")
    assert act(site.governor, "withdraw", reason="It was a mistake.")["state_reason"] == "It was a mistake."
    assert site.reader.get(AT).json()["standing"] == "Withdrawn"


@pytest.mark.parametrize("state", ["approved", "published", "withdrawn"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE editions SET revision = 2",
        "UPDATE editions SET label = 'Other'",
        "UPDATE editions SET effective = '2020-01-01'",
        "UPDATE editions SET key = '2020-01'",
        "UPDATE editions SET pdf_hash = NULL, state = 'draft'",
        "DELETE FROM editions",
        "UPDATE revisions SET outline_hash = front_hash",
        "DELETE FROM revisions",
    ],
)
def test_the_database_itself_keeps_an_approved_edition(sqlite_site: Site, state: str, statement: str) -> None:
    site = sqlite_site
    draft(site)
    by_hand(site.database, "UPDATE editions SET state = :state", state=state)
    with pytest.raises(sqlalchemy.exc.DBAPIError):
        by_hand(site.database, statement)


def test_an_edition_goes_its_whole_way_and_stays_what_it_is(sqlite_site: Site) -> None:
    site = sqlite_site
    draft(site, effective="2020-01-01")
    act(site.governor, "freeze")
    act(site.governor, "signoffs", 201)
    approved = act(site.governor, "approve")
    assert (approved["state"], approved["pdf"]["pages"] > 3) == ("approved", True)
    refused(site.reader.get(AT), 404, "not-found")
    assert site.reader.get("/peps/editions/2027-01.pdf").status_code == 404
    published = act(site.governor, "publish")
    assert published["standing"] == "In force"
    assert site.reader.get(API).json()["edition"] == KEY
    pdf = site.reader.get("/peps/editions/2027-01.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert len(pdf.content) == published["pdf"]["size"]
    again = site.reader.get("/peps/editions/2027-01.pdf", headers={"if-none-match": pdf.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["x-content-type-options"] == "nosniff"
    for name in ("freeze", "thaw", "signoffs", "approve", "publish"):
        refused(site.governor.post(f"{AT}/{name}", json={}), 409, "wrong-state")
    assert site.governor.put(AT, json={"label": "Other"}).status_code == 405
    any_tag = {"If-Match": "*"}
    refused(site.governor.patch(AT, json={"label": "Other"}, headers=any_tag), 409, "wrong-state")
    refused(site.governor.delete(AT, headers=any_tag), 409, "wrong-state")
    propose(site.member, sections=[{"key": "vision", "heading": "Our vision"}])
    adopt(site.governor, 1)
    merge(site.governor, "1.1")
    assert site.reader.get(f"{API}/compare/{KEY}...working").json()["changed"] is True
    assert site.reader.get("/peps/editions/2027-01.pdf").content == pdf.content
    assert site.reader.get(AT).json() == published
    with site.database.reading() as session:
        assert verify(session).faults == ()
