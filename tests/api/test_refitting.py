"""What becomes of open changes when the text moves under them: noted for lists, and told to whom it concerns."""

import time

import pytest
import sqlalchemy

from app import clock
from app.db.engine import Database
from app.queries.charters import charter_row
from app.queries.people import account, person_by_email
from app.services.proposals import propose as write
from app.text.blocks import block_from_json
from app.text.derive import Submission, SubmittedSection
from tests.support.acts import adopt, decide, merge, propose, section, words
from tests.support.site import API, Site

OLD = "key partners"


def fits(database: Database) -> dict[str, tuple[str, int]]:
    """The noted class of each change, and since which revision."""
    query = (
        "SELECT p.number, c.number, c.fit, c.fit_revision FROM changes c JOIN proposals p ON p.id = c.proposal_id "
        "WHERE c.last_version IS NULL ORDER BY p.number, c.number"
    )
    with database.engine.connect() as connection:
        return {f"{p}.{c}": (fit, at) for p, c, fit, at in connection.execute(sqlalchemy.text(query))}


def notices(database: Database, kind: str | None = None) -> list[tuple[str, str]]:
    """What people were told, as name and words."""
    query = "SELECT people.name, n.words, n.kind FROM notices n JOIN people ON people.id = n.person_id ORDER BY n.id"
    with database.engine.connect() as connection:
        rows = connection.execute(sqlalchemy.text(query)).all()
    return [(name, told) for name, told, k in rows if kind is None or k == kind]


def other_vision(site: Site, new: str, by: str = "member", **more: object) -> dict:
    text = words(site.member, "vision")
    return propose(getattr(site, by), "vision", text.replace(OLD, new), **more)


def test_what_was_rewritten_and_what_is_gone_and_what_is_said_already_is_noted_and_told(site: Site) -> None:
    blocks = section(site.member, "mission")["blocks"]
    edited = [blocks[0], {**blocks[1], "text": "PEPs is a community."}, *blocks[2:]]
    other_vision(site, "equal partners")
    other_vision(site, "full partners", "other_member")
    other_vision(site, "equal partners", "other_member")
    propose(site.member, sections=[{"key": "mission", "blocks": edited}])
    propose(site.other_member, sections=[{"key": "mission", "blocks": [blocks[0], *blocks[2:]]}])
    assert {fit for fit, _ in fits(site.database).values()} == {"applies"}
    adopt(site.governor, 1)
    adopt(site.governor, 5)
    merge(site.governor, "1.1", "5.1")
    now = fits(site.database)
    assert now["2.1"] == ("conflict", 2)
    assert now["3.1"] == ("already", 2)
    assert now["4.1"] == ("orphaned", 2)
    needed = notices(site.database, "needs-author")
    assert [name for name, _ in needed] == ["Otto", "Mara"]
    assert "rewrote the same words as change 2.1 of your proposal" in needed[0][1]
    assert "took out what change 4.1 of your proposal" in needed[1][1]
    assert any("says already what change 3.1" in told for name, told in notices(site.database) if name == "Otto")
    shown = {n: site.member.get(f"{API}/proposals/{n}").json() for n in (2, 3, 4)}
    assert [shown[n]["changes"][0]["class"] for n in (2, 3, 4)] == ["conflict", "already", "orphaned"]
    assert {shown[n]["state"] for n in shown} == {"open"}, "nothing is returned by itself"


def test_what_a_revision_did_not_touch_is_left_as_it_is(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, sections=[{"key": "mission", "heading": "Our mission"}])
    other_vision(site, "equal partners")
    adopt(site.governor, 2)
    merge(site.governor, "2.1")
    assert fits(site.database)["1.1"] == ("applies", 1)
    assert notices(site.database, "needs-author") == []


def test_a_proposal_written_on_an_old_text_is_held_against_the_new_one(sqlite_site: Site) -> None:
    site = sqlite_site
    text = words(site.member, "vision")
    other_vision(site, "equal partners")
    propose(site.other_member, "vision", text.replace(OLD, "whole partners"), submit=False)
    adopt(site.governor, 1)
    merge(site.governor, "1.1")
    propose(site.other_member, "vision", text.replace(OLD, "full partners"), base=1)
    assert fits(site.database)["3.1"] == ("conflict", 2)
    assert fits(site.database)["2.1"] == ("applies", 1), "a draft is looked at when it is shown"
    site.other_member.post(f"{API}/proposals/2/submit", json={})
    assert fits(site.database)["2.1"] == ("conflict", 2)


def test_a_change_that_follows_a_block_into_another_section_is_found(sqlite_site: Site) -> None:
    site = sqlite_site
    mission, goals = section(site.member, "mission")["blocks"], section(site.member, "vision")["blocks"]
    edited = [mission[0], {**mission[1], "text": "PEPs is a community."}, *mission[2:]]
    propose(site.member, sections=[{"key": "mission", "blocks": edited}])
    moved = [
        {"key": "mission", "blocks": [mission[0], *mission[2:]]},
        {"key": "vision", "blocks": [*goals, mission[1]]},
    ]
    refs = [c["number"] for c in propose(site.other_member, sections=moved)["changes"]]
    adopt(site.governor, 2, *refs)
    merge(site.governor, *(f"2.{n}" for n in refs))
    assert fits(site.database)["1.1"] == ("moved", 2)
    propose(site.other_member, sections=[{"key": "vision", "blocks": goals}])
    adopt(site.governor, 3)
    merge(site.governor, "3.1")
    assert fits(site.database)["1.1"] == ("orphaned", 3)


def test_an_adopted_change_that_waits_for_its_merge_is_looked_at_too(sqlite_site: Site) -> None:
    site = sqlite_site
    other_vision(site, "equal partners")
    other_vision(site, "full partners", "other_member")
    adopt(site.governor, 1)
    adopt(site.governor, 2)
    merge(site.governor, "1.1")
    assert fits(site.database)["2.1"] == ("conflict", 2)
    assert [name for name, _ in notices(site.database, "needs-author")] == ["Otto"]


def test_whoever_put_the_text_there_hears_of_their_own_words_as_well(sqlite_site: Site) -> None:
    site = sqlite_site
    other_vision(site, "equal partners")
    other_vision(site, "full partners", "governor")
    adopt(site.governor, 1)
    merge(site.governor, "1.1")
    assert [name for name, _ in notices(site.database, "needs-author")] == ["Gilda"]


def test_a_rejected_change_is_looked_at_again_when_it_is_adopted_after_all(sqlite_site: Site) -> None:
    site = sqlite_site
    other_vision(site, "equal partners")
    other_vision(site, "full partners", "other_member")
    adopt(site.governor, 1)
    decide(site.governor, 2, {"change": 1, "outcome": "rejected"})
    merge(site.governor, "1.1")
    assert fits(site.database)["2.1"] == ("applies", 1)
    decide(site.governor, 2, {"change": 1, "outcome": "deferred", "supersedes": True})
    assert fits(site.database)["2.1"] == ("conflict", 2)


@pytest.mark.long
def test_a_thousand_open_proposals_are_refitted_in_less_than_a_second(sqlite_site: Site) -> None:
    site = sqlite_site
    blocks = {key: section(site.member, key)["blocks"] for key in ("vision", "mission", "goals", "appendix")}
    with site.database.writing() as session:
        charter, by = charter_row(session, "peps"), account(person_by_email(session, "mara@example.org"))
        for n in range(1_000):
            key = list(blocks)[n % len(blocks)]
            changed = [block_from_json(dict(block)) for block in blocks[key]]
            at = next(i for i, block in enumerate(changed) if len(block.text) > 60)
            changed[at] = changed[at].with_text(f"{changed[at].text} Said {n}.")
            write(
                session,
                charter,
                by=by,
                now=clock.now(),
                title="T",
                rationale="",
                base_revision=1,
                submission=Submission((SubmittedSection(key, blocks=tuple(changed)),)),
                submit=True,
            )
    other_vision(site, "equal partners")
    adopt(site.governor, 1_001)
    began = time.perf_counter()
    merge(site.governor, "1001.1")
    assert time.perf_counter() - began < 2, "the merge with everything that follows"
    assert sum(at == 2 for _, at in fits(site.database).values()) == 250
