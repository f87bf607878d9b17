"""Where words come from is written down with every revision, for the touched blocks alone, and can be checked."""

import json

import pytest
import sqlalchemy

from app.db.engine import Database
from app.db.models.charters import Charter
from app.db.models.origins import Origins
from app.queries.charters import charter_row
from app.queries.lineage import recomputed, spans_of_blocks
from app.queries.revisions import head_snapshot
from app.queries.verification import verify
from app.services.origins import catch_up
from tests.support.acts import adopt, by_hand, decide, merge, propose, section, words
from tests.support.site import API, Site


def stored(database: Database) -> dict[tuple[str, int], str]:
    """Every row of the PEPs charter."""
    with database.reading() as session:
        rows = session.scalars(
            sqlalchemy.select(Origins).join(Charter, Charter.id == Origins.charter_id).where(Charter.key == "peps")
        )
        return {(row.block_id, row.revision): row.spans for row in rows}


def told(database: Database, block: str) -> list[tuple[str, tuple[int | None, ...]]]:
    """The words of a block of the working text, each run with its source."""
    with database.reading() as session:
        charter = charter_row(session, "peps")
        text = next(b.text for _, _, b in head_snapshot(session, charter).placed_blocks() if b.id == block)
        spans = spans_of_blocks(session, charter, [block], charter.head)[block]
        return [(text[low:high], (s.revision, s.proposal, s.change)) for low, high, s in spans.ranges()]


def faults(database: Database) -> str:
    with database.reading() as session:
        return "\n".join(verify(session).faults)


def amended_and_merged(site: Site) -> str:
    """Two revisions in one paragraph of the vision: proposal 1 adopted as it is, proposal 2 amended; its block's id."""
    text = words(site.member, "vision")
    propose(site.member, "vision", text.replace("key partners", "equal partners"))
    propose(site.other_member, "vision", text.replace("sustainable", "good"))
    adopt(site.governor, 1)
    decide(
        site.governor,
        2,
        {"change": 1, "outcome": "adopted_amended", "text": text.replace("sustainable", "lasting"), "reason": "Short."},
    )
    merge(site.governor, "1.1")
    merge(site.governor, "2.1", confirm_combined=True)
    return section(site.member, "vision")["blocks"][0]["id"]


def test_an_import_is_the_source_of_every_word(site: Site) -> None:
    blocks = [b["id"] for b in section(site.member, "vision")["blocks"]]
    assert {source for _, source in told(site.database, blocks[0])} == {(1, None, None)}


def test_words_have_the_change_that_brought_them_and_amended_ones_are_those_adopted(site: Site) -> None:
    block = amended_and_merged(site)
    new = {words.strip(): source for words, source in told(site.database, block) if source[0] > 1}
    assert new == {"equal": (2, 1, 1), "lasting": (3, 2, 1)}


def test_a_revision_writes_rows_for_the_blocks_it_touched_alone(site: Site) -> None:
    before = stored(site.database)
    block = amended_and_merged(site)
    assert stored(site.database).keys() - before.keys() == {(block, 2), (block, 3)}


def test_what_an_older_version_left_out_is_caught_up_with_at_the_start(site: Site) -> None:
    amended_and_merged(site)
    expected = stored(site.database)
    by_hand(site.database, "DELETE FROM origins")
    by_hand(site.database, "UPDATE charters SET origins_up_to = 0")
    catch_up(site.database)
    assert stored(site.database) == expected
    assert faults(site.database) == ""


def test_the_next_revision_catches_up_too(site: Site) -> None:
    amended_and_merged(site)
    expected = stored(site.database)
    by_hand(site.database, "DELETE FROM origins")
    by_hand(site.database, "UPDATE charters SET origins_up_to = 0")
    text = words(site.member, "mission")
    propose(site.member, "mission", text.replace("patients", "people", 1))
    adopt(site.governor, 3)
    merge(site.governor, "3.1")
    assert expected.items() <= stored(site.database).items()


def test_words_that_a_revert_brings_back_keep_their_first_source(site: Site) -> None:
    block = amended_and_merged(site)
    before = told(site.database, block)
    answer = site.governor.post(f"{API}/revisions/3/revert", json={"base_revision": 3, "message": ""})
    assert answer.status_code == 201, answer.text
    after = told(site.database, block)
    assert ("equal", (2, 1, 1)) in [(words.strip(), source) for words, source in after]
    assert {source[0] for _, source in after} == {1, 2}
    assert {source[0] for _, source in before} == {1, 2, 3}
    assert not faults(site.database)


def test_a_change_the_text_already_has_takes_no_words_from_who_wrote_them(site: Site) -> None:
    text = words(site.member, "vision")
    better = text.replace("key partners", "equal partners")
    propose(site.member, "vision", better)
    propose(site.other_member, "vision", better)
    for number in (1, 2):
        adopt(site.governor, number)
    merge(site.governor, "1.1")
    merge(site.governor, "2.1")
    block = section(site.member, "vision")["blocks"][0]["id"]
    assert {s for _, s in told(site.database, block)} == {(1, None, None), (2, 1, 1)}
    assert faults(site.database) == ""


def test_what_is_written_down_is_what_follows_from_texts_and_merges(site: Site) -> None:
    amended_and_merged(site)
    with site.database.reading() as session:
        charter = charter_row(session, "peps")
        found = {(block, n) for n, written in recomputed(session, charter, charter.head) for block in written}
    assert found == set(stored(site.database))
    assert faults(site.database) == ""


TAMPERED = {
    "another source": ("UPDATE origins SET spans = replace(spans, '[2,1,1,', '[2,2,1,')", "is not what follows"),
    "a row taken out": ("DELETE FROM origins WHERE revision = 2", "is missing"),
    "a row for a revision that left the block alone": (
        "INSERT INTO origins SELECT charter_id, block_id, 3, spans FROM origins WHERE revision = 1 AND block_id NOT IN "
        "(SELECT block_id FROM origins WHERE revision = 3)",
        "was added",
    ),
    "a row of a revision there is not": (
        "INSERT INTO origins SELECT charter_id, block_id, 9, spans FROM origins WHERE revision = 2",
        "from revision 9 of peps on: it was added",
    ),
    "how far it goes": ("UPDATE charters SET origins_up_to = 9", "written down up to revision 9"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_verify_names_provenance_that_was_changed_by_hand(site: Site, what: str) -> None:
    amended_and_merged(site)
    statement, named = TAMPERED[what]
    by_hand(site.database, statement)
    assert named in faults(site.database)


def test_a_source_that_cannot_be_read_is_told_and_no_error(site: Site) -> None:
    amended_and_merged(site)
    by_hand(site.database, "UPDATE origins SET spans = :spans", spans=json.dumps({"no": 1}))
    assert "is not what follows" in faults(site.database)
