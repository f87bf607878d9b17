"""The register of decisions through the interface: what it lists, how it is narrowed, and the table it makes."""

import csv
import io

import pytest

from app.render.tables import csv_line
from tests.support.acts import by_hand, decide, merge, propose, refused, words
from tests.support.site import API, Site


def decided(site: Site) -> None:
    """Five decisions on four proposals; the one on 3.1 is superseded by the last."""
    vision, mission = words(site.member, "vision"), words(site.member, "mission")
    propose(site.member, "vision", vision.replace("key partners", "equal partners"), title="Equal")
    propose(site.other_member, "mission", mission.replace("patients", "people", 1), title='=HYPERLINK("x")')
    propose(site.member, "vision", vision.replace("sustainable", "good"), title="Good, care")
    decide(site.governor, 1, {"change": 1, "outcome": "adopted", "reason": "=1+1, said “we”"})
    amended = {
        "outcome": "adopted_amended",
        "text": site.governor.get(f"{API}/proposals/2").json()["changes"][0]["before"],
    }
    decide(site.governor, 2, {"change": 1, **amended, "reason": "As it\nwas."})
    decide(site.governor, 3, {"change": 1, "outcome": "deferred", "reason": "Later."})
    decide(site.governor, 3, {"change": 1, "outcome": "rejected", "reason": "Not now."})
    merge(site.governor, "1.1")


def listed(client: object, more: str = "") -> list[dict]:
    answer = client.get(f"{API}/decisions{more}")  # type: ignore[attr-defined]
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_decision_stands_in_it_and_superseded_ones_say_so(site: Site) -> None:
    decided(site)
    found = listed(site.reader)
    assert [(d["ref"], d["outcome"]) for d in found] == [
        ("3.1", "rejected"),
        ("3.1", "deferred"),
        ("2.1", "adopted_amended"),
        ("1.1", "adopted"),
    ]
    newest, deferred, amended, adopted = found
    assert deferred["superseded_by"] == newest["id"]
    assert newest["superseded_by"] is None
    assert adopted["merged_revision"] == 2
    assert adopted["decided_by"] == "Gilda"
    assert adopted["section"] == "vision"
    assert "equal partners" in adopted["proposed"]
    assert "key partners" in adopted["before"]
    assert amended["adopted"] != amended["proposed"]


@pytest.mark.parametrize(
    ("asked", "refs"),
    [
        ("?outcome=adopted", ["1.1"]),
        ("?section=mission", ["2.1"]),
        ("?section=nowhere", []),
        ("?against_rule=true", []),
        ("?against_rule=false&outcome=deferred", ["3.1"]),
        ("?q=NOT%20now", ["3.1"]),
        ("?q=%25", []),
        ("?from=2020-01-01&to=2020-12-31", []),
        ("?from=2020-01-01&outcome=rejected", ["3.1"]),
    ],
)
def test_it_can_be_narrowed(sqlite_site: Site, asked: str, refs: list[str]) -> None:
    decided(sqlite_site)
    assert [d["ref"] for d in listed(sqlite_site.reader, asked)] == refs


def test_the_same_days_are_found_on_both_databases(site: Site) -> None:
    decided(site)
    day = listed(site.reader)[0]["decided_at"][:10]
    assert len(listed(site.reader, f"?from={day}&to={day}")) == 4


def test_pages_follow_each_other_without_gap_or_repeat(sqlite_site: Site) -> None:
    decided(sqlite_site)
    first = sqlite_site.reader.get(f"{API}/decisions?limit=3")
    following = sqlite_site.reader.get(first.links["next"]["url"])
    assert [d["id"] for d in (*first.json(), *following.json())] == [d["id"] for d in listed(sqlite_site.reader)]
    assert "next" not in following.links


@pytest.mark.parametrize("asked", ["?from=yesterday", "?to=2026-02-30", "?outcome=pending", "?q=%00", "?limit=0"])
def test_what_cannot_be_asked_is_refused(sqlite_site: Site, asked: str) -> None:
    answer = sqlite_site.reader.get(f"{API}/decisions{asked}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_closed_charter_shows_its_register_to_its_members_alone(sqlite_site: Site) -> None:
    decided(sqlite_site)
    by_hand(sqlite_site.database, "UPDATE charters SET open = false")
    for asked in ("", "?format=csv"):
        refused(sqlite_site.reader.get(f"{API}/decisions{asked}"), 404, "not-found")
        refused(sqlite_site.stranger.get(f"{API}/decisions{asked}"), 404, "not-found")
    assert len(listed(sqlite_site.member)) == 4


def test_the_table_opens_in_a_spreadsheet_as_it_is_meant(site: Site) -> None:
    decided(site)
    answer = site.reader.get(f"{API}/decisions?format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="peps-decisions.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbfDecision,")
    assert "\r\n" in answer.text
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row["Change"] for row in rows] == ["change 3.1", "change 3.1", "change 2.1", "change 1.1"]
    assert rows[3]["Reason"] == "'=1+1, said “we”"
    assert rows[2]["Proposal"] == '\'=HYPERLINK("x")'
    assert rows[2]["Outcome"] == "adopted amended"
    assert rows[1]["Superseded by decision"] == rows[0]["Decision"]
    assert rows[3]["In the text since revision"] == "2"


def test_a_long_register_is_sent_whole(sqlite_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    decided(sqlite_site)
    monkeypatch.setattr("app.files._AT_ONCE", 2)
    answer = sqlite_site.reader.get(f"{API}/decisions?format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row["Change"] for row in rows] == ["change 3.1", "change 3.1", "change 2.1", "change 1.1"]


@pytest.mark.parametrize("acting", ["=1", "+1", "-1", "@a", "\ta", "\ra", "＝1"])
def test_no_cell_acts_as_a_formula(acting: str) -> None:
    (read,) = csv.reader(io.StringIO(csv_line([acting, "a"]), newline=""))
    assert read == [f"'{acting}", "a"]


@pytest.mark.parametrize("text", ['say "we"', "a,b", "a\nb", "a\r\nb", " a ", "", "ä €"])
def test_a_cell_comes_back_as_it_was(text: str) -> None:
    (read,) = csv.reader(io.StringIO(csv_line([text, "a"]), newline=""))
    assert read == [text, "a"]
