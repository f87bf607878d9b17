"""Where words come from, asked through the interface: by members, readers, and readers of a closed charter."""

from tests.support.acts import adopt, by_hand, decide, merge, propose, refused, section, words
from tests.support.site import API, Site


def told(client: object, block: str, more: str = "") -> dict:
    answer = client.get(f"{API}/blocks/{block}/provenance{more}")  # type: ignore[attr-defined]
    assert answer.status_code == 200, answer.text
    return answer.json()


def rewritten(site: Site) -> str:
    """The vision with one adopted and one amended change in it; the id of its block."""
    text = words(site.member, "vision")
    propose(site.member, "vision", text.replace("key partners", "equal partners"), title="Equal partners")
    propose(site.other_member, "vision", text.replace("sustainable", "good"), title="Good care")
    amended = {"outcome": "adopted_amended", "text": text.replace("sustainable", "lasting"), "reason": "Good is vague."}
    adopt(site.governor, 1)
    decide(site.governor, 2, {"change": 1, **amended})
    merge(site.governor, "1.1")
    merge(site.governor, "2.1", confirm_combined=True)
    return section(site.member, "vision")["blocks"][0]["id"]


def test_every_word_names_its_revision_its_proposal_and_who_decided(site: Site) -> None:
    block = rewritten(site)
    found = told(site.reader, block)
    assert found["revision"] == 3
    assert found["section"] == "vision"
    assert "".join(span["text"] for span in found["spans"]) == found["text"]
    for span in found["spans"]:
        assert found["text"][span["start"] : span["end"]] == span["text"]
    lasting = next(span for span in found["spans"] if "lasting" in span["text"])
    assert lasting | {"created_at": "", "decided_at": "", "start": 0, "end": 0, "message": ""} == {
        "start": 0,
        "end": 0,
        "text": "lasting",
        "revision": 3,
        "created_at": "",
        "author": "Gilda",
        "message": "",
        "proposal": 2,
        "change": 1,
        "ref": "2.1",
        "title": "Good care",
        "proposed_by": "Otto",
        "signed_by": [],
        "words_by": [],
        "decided_by": "Gilda",
        "decided_at": "",
        "reason": "Good is vague.",
        "outcome": "adopted_amended",
        "against_rule": False,
    }
    first = found["spans"][0]
    assert (first["revision"], first["proposal"], first["decided_by"]) == (1, None, None)
    assert first["message"] == "Imported from source"


def test_an_earlier_revision_is_told_as_it_was(sqlite_site: Site) -> None:
    block = rewritten(sqlite_site)
    assert {span["revision"] for span in told(sqlite_site.reader, block, "?revision=2")["spans"]} == {1, 2}
    assert {span["revision"] for span in told(sqlite_site.reader, block, "?revision=1")["spans"]} == {1}


def test_a_block_that_was_taken_out_is_told_as_it_last_read(sqlite_site: Site) -> None:
    found = section(sqlite_site.member, "appendix")
    block = found["blocks"][-1]["id"]
    kept = [b for b in found["blocks"] if b["id"] != block]
    propose(sqlite_site.member, sections=[{"key": "appendix", "blocks": kept}])
    adopt(sqlite_site.governor, 1)
    merge(sqlite_site.governor, "1.1")
    assert told(sqlite_site.reader, block)["gone"] is True
    refused(sqlite_site.reader.get(f"{API}/blocks/{block}/provenance?revision=2"), 404, "not-found")


def test_what_is_no_block_or_no_revision_is_not_there(sqlite_site: Site) -> None:
    block = section(sqlite_site.member, "vision")["blocks"][0]["id"]
    for id, more in ((block, "?revision=99"), ("nothing", ""), ("%00", ""), ("b" * 64, "?revision=1")):
        refused(sqlite_site.member.get(f"{API}/blocks/{id}/provenance{more}"), 404, "not-found")


def test_in_a_closed_charter_readers_ask_of_published_editions_alone(site: Site) -> None:
    block = rewritten(site)
    by_hand(site.database, "UPDATE charters SET open = false")
    refused(site.reader.get(f"{API}/blocks/{block}/provenance"), 404, "not-found")
    site.governor.post(f"{API}/editions", json={"revision": 2, "date": "2026-01"})
    by_hand(
        site.database,
        "UPDATE editions SET state = 'published', published_at = created_at, approved_at = created_at",
    )
    assert told(site.reader, block)["revision"] == 2
    assert told(site.stranger, block, "?revision=2")["spans"][1]["proposed_by"] == "Mara"
    for hidden in (1, 3):
        refused(site.reader.get(f"{API}/blocks/{block}/provenance?revision={hidden}"), 404, "not-found")
    assert told(site.member, block)["revision"] == 3
