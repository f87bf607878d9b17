"""`verify` names what was changed by hand of what people do together: partners, relations, advice, settings."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from app import clock
from app.db.engine import Database
from app.queries.charters import charter_row
from app.queries.people import person_by_email
from app.queries.verification import verify
from app.services import people
from tests.support.acts import by_hand, propose, words
from tests.support.reopening import Copy
from tests.support.site import API, Site, make_site

ANY = {"If-Match": "*"}


def live(site: Site) -> None:
    """A shared and signed proposal, an amendment taken over, an alternative, advice, a deadline, other settings."""
    text = words(site.member, "vision")

    def done(answer: object) -> None:
        assert answer.status_code < 300, answer.text  # type: ignore[attr-defined]

    ids = {p["name"]: p["id"] for p in site.member.get(f"{API}/people").json()}
    propose(site.member, "vision", text.replace("key partners", "equal partners"), submit=False)
    for name in ("Otto", "Gilda"):
        done(site.member.post(f"{API}/proposals/1/partners", json={"person": ids[name]}))
        done((site.other_member if name == "Otto" else site.governor).post(f"{API}/proposals/1/sign"))
    done(site.governor.post(f"{API}/proposals/1/unsign"))
    done(site.member.delete(f"{API}/proposals/1/partners/{ids['Gilda']}", headers=ANY))
    done(site.member.post(f"{API}/proposals/1/submit"))
    for kind, word in (("amendment", "trusted"), ("alternative", "main")):
        body = {
            "title": word,
            "base_revision": 1,
            "sections": [{"key": "vision", "markdown": text.replace("key partners", f"{word} partners")}],
            "relation": {"kind": kind, "to": 1},
            "submit": True,
        }
        done(site.other_member.post(f"{API}/proposals", json=body))
    done(site.member.post(f"{API}/proposals/1/amendments/2/accept"))
    day = (clock.today() + timedelta(days=3)).isoformat()
    done(site.governor.put(f"{API}/proposals/3/review-by", json={"review_by": day}, headers=ANY))
    done(site.governor.put(f"{API}/people/{ids['Otto']}/advises", json={"advises": True}, headers=ANY))
    better = text.replace("key partners", "good partners")
    advice = [{"change": 1, "outcome": "adopted_amended", "reason": "Plainer.", "text": better}]
    done(site.other_member.post(f"{API}/proposals/3/recommendations", json=advice))
    done(site.governor.patch(API, json={"rule": "majority", "quorum": 1}, headers=ANY))
    propose(site.member, "vision", text.replace("key", "hidden"), submit=False)


@pytest.fixture(scope="module")
def lived_in(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("together")
    shutil.copy(sqlite_template, folder / "engross.sqlite3")
    database = Database(f"sqlite:///{folder / 'engross.sqlite3'}")
    live(make_site(database, folder))
    database.close()
    return folder / "engross.sqlite3"


@pytest.fixture
def database(lived_in: Path, copied: Copy) -> Database:
    return copied(lived_in)


def faults(database: Database) -> str:
    with database.reading() as session:
        return "\n".join(verify(session).faults)


def test_what_was_done_through_the_product_has_no_fault(database: Database) -> None:
    assert faults(database) == ""


TAMPERED = {
    "the text a change is made on": ("UPDATE changes SET base_revision = 2", "change 1.1 of peps: what it is about"),
    "the block a change is found by": ("UPDATE changes SET block_id = 'other'", "change 1.1 of peps: what it is about"),
    "the section a change is found by": ("UPDATE changes SET section_id = 'x'", "change 1.1 of peps: what it is about"),
    "the kind of a change": ("UPDATE changes SET kind = 'delete'", "change 1.1 of peps: what it is about"),
    "the reason of a state": ("UPDATE proposals SET state_reason = 'No.'", "the reason for its state"),
    "the version of a proposal": ("UPDATE proposals SET version = version + 1", "its version is not the newest"),
    "a partner added": (
        "INSERT INTO proposal_partners (proposal_id, person_id, created_at) VALUES (4, 2, '2026-01-01 00:00:00')",
        "the partners of proposal 4",
    ),
    "a partner taken out": ("DELETE FROM proposal_partners", "the partners of proposal 1"),
    "a name put under it": ("UPDATE proposal_partners SET signed_version = 2", "the partners of proposal 1"),
    "a name taken off": (
        "UPDATE proposal_partners SET signed_at = NULL, signed_version = NULL",
        "the partners of proposal 1",
    ),
    "somebody else's name": ("UPDATE proposal_partners SET person_id = 3", "the partners of proposal 1"),
    "a recommendation": ("UPDATE recommendations SET outcome = 'rejected'", "recommendations on change 3.1"),
    "its reason": ("UPDATE recommendations SET reason = 'Because.'", "recommendations on change 3.1"),
    "its wording": ("UPDATE recommendations SET text = 'Else.'", "recommendations on change 3.1"),
    "who recommended": ("UPDATE recommendations SET person_id = 3", "recommendations on change 3.1"),
    "a recommendation taken out": ("DELETE FROM recommendations", "recommendations on change 3.1"),
    "a recommendation added": (
        "INSERT INTO recommendations (change_id, version, outcome, reason, person_id, created_at) "
        "SELECT id, 1, 'rejected', 'No.', 3, '2026-01-01 00:00:00' FROM changes WHERE proposal_id = 4",
        "recommendations on change 4.1",
    ),
    "an alternative": ("UPDATE proposals SET related = 2 WHERE number = 3", "proposal 3 of peps: what it is to"),
    "an amendment made of it": (
        "UPDATE proposals SET relation = 'amendment' WHERE number = 3",
        "proposal 3 of peps: what it is to",
    ),
    "into what it was taken": (
        "UPDATE proposals SET taken_into = 1 WHERE number = 2",
        "proposal 2 of peps: into which",
    ),
    "a taking over undone": (
        "UPDATE proposals SET taken_into = NULL, state = 'open' WHERE number = 2",
        "proposal 2 of peps: it is open",
    ),
    "a deadline": (
        "UPDATE proposals SET review_by = '2030-01-01' WHERE number = 3",
        "proposal 3 of peps: the day until",
    ),
    "a deadline added": (
        "UPDATE proposals SET review_by = '2030-01-01' WHERE number = 1",
        "proposal 1 of peps: the day until",
    ),
    "an author": ("UPDATE proposals SET author_id = 2 WHERE number = 1", "proposal 1 of peps: its author"),
    "a draft shown": (
        "UPDATE proposals SET shown_at = '2026-01-01 00:00:00' WHERE number = 4",
        "proposal 4 of peps: whether it was put",
    ),
    "what it wants": ("UPDATE proposals SET wording_hash = 'x' WHERE number = 3", "the hash of its wording"),
    "the rule": ("UPDATE charters SET rule = 'governors'", "charter peps: its settings"),
    "the quorum": ("UPDATE charters SET quorum = 0", "charter peps: its settings"),
    "who reads along": ("UPDATE charters SET open = false", "charter peps: its settings"),
    "an adviser": ("UPDATE roles SET advises = false WHERE person_id = 2", "person 2 in peps: whether they advise"),
    "an adviser added": (
        "UPDATE roles SET advises = true WHERE person_id = 1",
        "person 1 in peps: whether they advise",
    ),
}


@pytest.mark.parametrize(("statement", "named"), TAMPERED.values(), ids=TAMPERED.keys())
def test_what_was_changed_by_hand_is_found_and_named(database: Database, statement: str, named: str) -> None:
    by_hand(database, statement)
    assert named in faults(database)


def test_whoever_comes_back_into_a_role_begins_without_advising(database: Database) -> None:
    with database.writing() as session:
        otto, peps = person_by_email(session, "otto@example.org"), charter_row(session, "peps")
        people.set_role(session, otto, peps, None, by=None, now=clock.now())
        people.set_role(session, otto, peps, "member", by=None, now=clock.now())
    assert faults(database) == ""


def test_settings_never_changed_are_those_the_charter_began_with(sqlite_database: Database, tmp_path: Path) -> None:
    make_site(sqlite_database, tmp_path)
    assert faults(sqlite_database) == ""
    by_hand(sqlite_database, "UPDATE charters SET signoffs_required = 3")
    assert "its settings" in faults(sqlite_database)
