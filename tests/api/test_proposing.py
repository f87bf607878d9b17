"""Every typed change by the interface: derived from Markdown or from blocks with ids, never asked for in a form."""

from collections.abc import Callable

import pytest

from tests.support.acts import adopt, counted, head, merge, propose, refused, section, words
from tests.support.site import API, Site

Sections = list[dict]


def kinds(proposal: dict) -> list[str]:
    return [change["kind"] for change in proposal["changes"]]


def bare(block: dict) -> dict:
    """A block without its id, as a stranger would send it."""
    return {name: value for name, value in block.items() if name != "id"}


def find(revision: dict, key: str) -> dict:
    return next(s for s in revision["sections"] if s["key"] == key)


def blocks_of(revision: dict, key: str) -> list[dict]:
    return find(revision, key)["blocks"]


def mission(revision: dict, turn: Callable[[list[dict]], list[dict]]) -> Sections:
    return [{"key": "mission", "blocks": turn(blocks_of(revision, "mission"))}]


def with_text(blocks: list[dict], place: int, text: str) -> list[dict]:
    return [{**b, "text": text} if n == place else b for n, b in enumerate(blocks)]


NEW = {"kind": "paragraph", "depth": 0, "text": "A paragraph that nobody wrote before this day."}

BY_BLOCKS: dict[str, tuple[Callable[[dict], Sections], list[str]]] = {
    "replace": (lambda r: mission(r, lambda b: with_text(b, 1, "PEPs is a community.")), ["replace"]),
    "insert": (lambda r: mission(r, lambda b: [*b[:1], NEW, *b[1:]]), ["insert"]),
    "insert first": (lambda r: mission(r, lambda b: [NEW, *b]), ["insert"]),
    "delete": (lambda r: mission(r, lambda b: [*b[:1], *b[2:]]), ["delete"]),
    "move": (lambda r: mission(r, lambda b: [b[1], b[0], *b[2:]]), ["move"]),
    "move between sections": (
        lambda r: [
            {"key": "mission", "blocks": blocks_of(r, "mission")[1:]},
            {"key": "vision", "blocks": [*blocks_of(r, "vision"), blocks_of(r, "mission")[0]]},
        ],
        ["move"],
    ),
    "retype": (
        lambda r: mission(r, lambda b: [*b[:1], {**bare(b[1]), "id": b[1]["id"], "kind": "quote"}, *b[2:]]),
        ["retype"],
    ),
    "rename": (lambda _: [{"key": "mission", "heading": "What we are here for"}], ["rename"]),
    "add_section": (
        lambda _: [{"key": "values", "heading": "Values", "after": "vision", "markdown": "We care."}],
        ["add_section", "insert"],
    ),
    "add_section without text": (lambda _: [{"key": "values", "heading": "Values"}], ["add_section"]),
    "remove_section": (lambda _: [{"key": "vision", "remove": True}], ["remove_section"]),
    "move_section": (lambda _: [{"key": "vision", "after": "mission"}], ["move_section"]),
    "move_section to the front": (lambda _: [{"key": "goals", "after": None}], ["move_section"]),
}


@pytest.mark.parametrize(("sections", "expected"), BY_BLOCKS.values(), ids=BY_BLOCKS.keys())
def test_a_change_is_derived_shown_and_merged_as_it_was_meant(
    sqlite_site: Site, sections: Callable[[dict], Sections], expected: list[str]
) -> None:
    site = sqlite_site
    before = head(site.member)
    sent = sections(before)
    made = propose(site.member, sections=sent)
    assert kinds(made) == expected
    numbers = [change["number"] for change in made["changes"]]
    assert numbers == list(range(1, len(numbers) + 1))
    for change in made["changes"]:
        assert change["class"] == "applies"
        assert change["outcome"] == "pending"
        assert change["confirm"] is False
        assert change["collides_with"] == []
        assert change["ref"] == f"1.{change['number']}"
    assert site.other_member.get(f"{API}/proposals/1").json()["changes"] == made["changes"]
    assert site.reader.get(f"{API}/proposals/1/redline").json()["changed"] is True
    adopt(site.governor, 1, *numbers)
    after = merge(site.governor, *(f"1.{n}" for n in numbers))
    assert after["number"] == 2
    assert after["parent"] == 1
    assert_sent(before, after, sent)


def assert_sent(before: dict, after: dict, sent: Sections) -> None:
    """The new text says what was sent, where it was sent to, under the ids there were; the rest is as it was."""
    named = {one["key"]: one for one in sent}
    for one in before["sections"]:
        if one["key"] not in named:
            assert find(after, one["key"]) == one
    for key, one in named.items():
        if one.get("remove"):
            assert key not in [s["key"] for s in after["sections"]]
            continue
        got = find(after, key)
        if "heading" in one:
            assert got["heading"] == one["heading"]
        if "markdown" in one:
            assert got["markdown"].strip() == one["markdown"]
        if "blocks" in one:
            assert [bare(b) for b in got["blocks"]] == [bare(b) for b in one["blocks"]]
            for wanted, is_there in zip(one["blocks"], got["blocks"], strict=True):
                assert wanted.get("id") in (None, is_there["id"])
        if "after" in one:
            order = [s["key"] for s in after["sections"]]
            place = order.index(key)
            assert (order[place - 1] if place else None) == one["after"]


def test_the_front_changes_field_by_field(sqlite_site: Site) -> None:
    site = sqlite_site
    made = propose(site.member, front={"title": "Charter", "contact": "By post"})
    assert kinds(made) == ["front", "front"]
    assert {c["field"]: c["after"] for c in made["changes"]} == {"title": "Charter", "contact": "By post"}
    assert {c["before"] for c in made["changes"] if c["field"] == "title"} == {"Draft Charter"}
    title = next(c["number"] for c in made["changes"] if c["field"] == "title")
    adopt(site.governor, 1, title)
    after = merge(site.governor, f"1.{title}")
    assert after["front"]["title"] == "Charter"
    assert after["front"]["contact"] == head(site.member)["front"]["contact"] != "By post"


def test_markdown_without_ids_finds_its_blocks_again(sqlite_site: Site) -> None:
    site = sqlite_site
    before = section(site.member, "mission")
    text = before["markdown"].replace("first global community", "first worldwide community")
    made = propose(site.member, "mission", text)
    assert kinds(made) == ["replace"]
    assert made["changes"][0]["block"] == before["blocks"][1]["id"]
    assert made["changes"][0]["section"] == "mission"
    assert made["changes"][0]["needs"] == []
    adopt(site.governor, 1)
    after = find(merge(site.governor, "1.1"), "mission")
    assert [b["id"] for b in after["blocks"]] == [b["id"] for b in before["blocks"]]
    assert after["markdown"] == text


def test_the_same_text_by_markdown_and_by_blocks_gives_the_same_changes(sqlite_site: Site) -> None:
    site = sqlite_site
    before = section(site.member, "mission")
    text = before["markdown"].replace("B. Being", "B. Becoming").replace("first global", "global")
    one = propose(site.member, "mission", text)
    sent = [
        {**b, "text": b["text"].replace("Being", "Becoming").replace("first global", "global")}
        for b in before["blocks"]
    ]
    other = propose(site.member, sections=[{"key": "mission", "blocks": sent}])
    said = [[(c["kind"], c["block"], c["before"], c["after"]) for c in made["changes"]] for made in (one, other)]
    assert said[0] == said[1]
    assert len(said[0]) == 2


def test_a_note_written_in_another_section_goes_to_the_footnotes_and_is_needed(sqlite_site: Site) -> None:
    site = sqlite_site
    text = (
        words(site.member, "vision").replace("sustainable care", "sustainable care[^care]")
        + "\n\n[^care]: In all its forms."
    )
    made = propose(site.member, "vision", text)
    by_section = {change["section"]: change for change in made["changes"]}
    assert set(by_section) == {"vision", "footnotes"}
    cites, note = by_section["vision"], by_section["footnotes"]
    assert cites["needs"] == [note["number"]]
    adopt(site.governor, 1, cites["number"], note["number"])
    rows = counted(site.database)
    body = {"changes": [cites["ref"]], "base_revision": 1}
    told = refused(site.governor.post(f"{API}/merge", json=body), 409, "missing-change")
    assert told["missing"] == [{"change": cites["ref"], "needs": note["ref"]}]
    assert counted(site.database) == rows
    merge(site.governor, cites["ref"], note["ref"])
    assert "[^care]" in words(site.member, "vision")
    labels = [block["label"] for block in section(site.member, "footnotes")["blocks"]]
    # By first citation: the survey note of the notice, those of the definition, then this one.
    assert labels.index("care") == 6
    assert section(site.member, "vision")["markdown"].count("In all its forms") == 0


def test_what_is_needed_may_have_gone_in_before(sqlite_site: Site) -> None:
    site = sqlite_site
    made = propose(site.member, sections=[{"key": "values", "heading": "Values", "markdown": "We care.\n\nWe share."}])
    assert kinds(made) == ["add_section", "insert", "insert"]
    assert made["changes"][1]["needs"]
    adopt(site.governor, 1, 1, 2, 3)
    body = {"changes": ["1.2", "1.3"], "base_revision": 1}
    told = refused(site.governor.post(f"{API}/merge", json=body), 409, "missing-change")
    assert {m["needs"] for m in told["missing"]} == {"1.1"}
    merge(site.governor, "1.1")
    merge(site.governor, "1.2", "1.3")
    assert words(site.member, "values") == "We care.\n\nWe share."


def test_leaving_a_definition_out_never_deletes_a_note(sqlite_site: Site) -> None:
    site = sqlite_site
    text = words(site.member, "notice").replace("[^survey]", "")
    assert kinds(propose(site.member, "notice", text)) == ["replace"]
    adopt(site.governor, 1)
    merge(site.governor, "1.1")
    labels = [block["label"] for block in section(site.member, "footnotes")["blocks"]]
    assert labels[-1] == "survey"
    assert len(labels) == 7


def test_the_text_as_it_stands_is_nothing_to_propose(sqlite_site: Site) -> None:
    site = sqlite_site
    rows = counted(site.database)
    for sections in (
        [{"key": "vision", "markdown": words(site.member, "vision")}],
        [{"key": "vision", "markdown": words(site.member, "vision").replace(" ", "\r\n") + "\n\n\n"}],
        [{"key": "mission", "blocks": section(site.member, "mission")["blocks"]}],
        [{"key": "vision", "after": "definition"}],
        [{"key": "vision", "heading": " Vision "}],
    ):
        body = {"title": "Nothing", "base_revision": 1, "sections": sections}
        refused(site.member.post(f"{API}/proposals", json=body), 422, "nothing-changed")
    assert counted(site.database) == rows


def test_a_base_that_is_no_revision_is_refused(sqlite_site: Site) -> None:
    body = {"title": "T", "base_revision": 2, "sections": [{"key": "vision", "markdown": "Other."}]}
    refused(sqlite_site.member.post(f"{API}/proposals", json=body), 422, "no-such-base")


def test_what_was_sent_in_another_form_is_reported(sqlite_site: Site) -> None:
    made = propose(sqlite_site.member, "vision", "A vision[^survey].\n\n[^survey]: Quite another note.")
    assert any("survey" in report for report in made["reports"]), made["reports"]
    notes = [change for change in made["changes"] if change["section"] == "footnotes"]
    assert len(notes) == 1
    assert notes[0]["kind"] in ("insert", "replace")


def test_a_proposal_on_an_old_revision_is_classified_against_the_newest(sqlite_site: Site) -> None:
    site = sqlite_site
    text = words(site.member, "vision")
    propose(site.member, "vision", text.replace("key partners", "equal partners"))
    adopt(site.governor, 1)
    merge(site.governor, "1.1")
    same = propose(site.other_member, "vision", text.replace("key partners", "equal partners"), base=1)
    assert same["changes"][0]["class"] == "already"
    other = propose(site.other_member, "vision", text.replace("sustainable care", "good care"), base=1)
    assert (other["changes"][0]["class"], other["changes"][0]["confirm"]) == ("combined", True)
    rival = propose(site.other_member, "vision", text.replace("key partners", "main partners"), base=1)
    assert rival["changes"][0]["class"] == "conflict"


def test_adopting_what_the_text_says_already_makes_no_revision(sqlite_site: Site) -> None:
    site = sqlite_site
    text = words(site.member, "vision").replace("key partners", "equal partners")
    propose(site.member, "vision", text)
    propose(site.other_member, "vision", text)
    adopt(site.governor, 1)
    adopt(site.governor, 2)
    merge(site.governor, "1.1")
    again = merge(site.governor, "2.1")
    assert again["number"] == 2 == head(site.member)["number"]
    shown = site.member.get(f"{API}/proposals/2").json()
    assert shown["changes"][0]["merged_revision"] == 2
    assert shown["standing"] == "In the text since revision 2"
