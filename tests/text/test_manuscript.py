"""What an editor holds of a section, and what comes back from it."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache

import pytest
from hypothesis import example, given, reject
from hypothesis import strategies as st

from app.errors import BadInput
from app.text.blocks import Align, Block, Kind, ListStyle
from app.text.dialect import canonical_inline, clean, parse
from app.text.inline_json import inline_from_json, inline_to_json
from app.text.manuscript import manuscript, over_newer, read_manuscript, read_new_manuscript
from app.text.snapshot import Section, Snapshot
from tests.support.site import shipped_source
from tests.text.test_dialect_inline_canon import TEXTS
from tests.text.test_redline_scenarios import ALL, Scenario


@cache
def charter(name: str = "peps") -> Snapshot:
    """A shipped charter whose blocks have ids."""
    source = shipped_source(name)
    sections = tuple(
        Section(f"s{n}", s.key, s.kind, s.heading, identified(s.blocks, f"s{n}")) for n, s in enumerate(source.sections)
    )
    return Snapshot(source.front, sections)


def identified(blocks: Sequence[Block], prefix: str) -> tuple[Block, ...]:
    return tuple(block.with_id(f"{prefix}b{n}") for n, block in enumerate(blocks))


def section(key: str, name: str = "peps") -> Section:
    found = charter(name).section(key)
    assert found is not None
    return found


def held(key: str) -> dict[str, list[dict[str, object]]]:
    """What an editor is given, as it arrives there."""
    return json.loads(json.dumps(manuscript(charter(), section(key))))


def whole(markdown: str) -> tuple[Snapshot, Section]:
    """A charter of one section."""
    one = Section("s", "text", section("vision").kind, "Text", identified(parse(markdown), "x"))
    return Snapshot(charter().front, (one,)), one


@given(TEXTS)
def test_inline_text_comes_back_from_its_pieces_to_the_byte(raw: str) -> None:
    try:
        text = canonical_inline(clean(raw))
    except BadInput:
        reject()
    assert inline_from_json(json.loads(json.dumps(inline_to_json(text)))) == text


@pytest.mark.parametrize(
    "text", ["<https://x/`>", "[a](https://x/?b=1\\&amp;c)", "[a](https://x/\\\\_b)", "[a](#%20b)"]
)
def test_links_come_back_to_the_byte(text: str) -> None:
    assert canonical_inline(text) == text
    assert inline_from_json(inline_to_json(text)) == text


def test_an_address_that_is_typed_is_encoded_where_no_link_can_hold_it() -> None:
    typed = [{"text": "there", "link": " https://example.org/a b<c> "}]
    assert inline_from_json(typed) == "[there](https://example.org/a%20b%3Cc%3E)"


@pytest.mark.parametrize("name", ["peps", "isop-pateg"])
def test_every_section_comes_back_to_the_byte_and_proposes_nothing(name: str) -> None:
    for one in charter(name).sections:
        value = json.loads(json.dumps(manuscript(charter(name), one)))
        sent = read_manuscript(charter(name), one, value)
        assert (sent.blocks, sent.others) == (one.blocks, ())


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.title)
def test_every_text_of_the_scenarios_comes_back_to_the_byte(scenario: Scenario) -> None:
    for markdown in (clean(scenario.old), clean(scenario.new)):
        text, one = whole(markdown)
        sent = read_manuscript(text, one, json.loads(json.dumps(manuscript(text, one))))
        assert sent.blocks == one.blocks


def test_one_word_that_is_changed_changes_one_block() -> None:
    value = held("mission")
    first = value["blocks"][0]
    first["inline"][0]["text"] = first["inline"][0]["text"].replace("foster", "further")
    value["blocks"][1:] = [{"id": block["id"], "same": True} for block in value["blocks"][1:]]
    before = section("mission").blocks
    sent = read_manuscript(charter(), section("mission"), value)
    assert sent.blocks[0].text == before[0].text.replace("foster", "further")
    assert sent.blocks[1:] == before[1:]


def test_spaces_that_do_not_show_change_nothing() -> None:
    value = held("vision")
    value["blocks"][0]["inline"][-1]["text"] += "  "
    assert read_manuscript(charter(), section("vision"), value).blocks == section("vision").blocks


def test_a_block_that_is_left_as_it_was_is_taken_as_it_is() -> None:
    text, one = whole("<https://example.org> and ``a`b``\n")
    assert read_manuscript(text, one, {"blocks": [{"id": one.blocks[0].id, "same": True}]}).blocks == one.blocks


def test_a_note_is_reworded_where_it_stands() -> None:
    value = held("mission")
    note = next(block for block in value["notes"] if block["label"] == "performing")
    note["inline"] = [{"text": "And more."}]
    sent = read_manuscript(charter(), section("mission"), value)
    assert sent.blocks == section("mission").blocks
    (footnotes,) = sent.others
    assert footnotes.key == "footnotes"
    assert [b.text for b in footnotes.blocks or () if b.label == "performing"] == ["And more."]
    assert len(footnotes.blocks or ()) == len(section("footnotes").blocks)


def test_a_new_note_comes_with_the_section_that_cites_it() -> None:
    value = held("vision")
    value["blocks"][0]["inline"].append({"note": "n1"})
    value["notes"].append({"id": None, "kind": "note", "depth": 0, "label": "n1", "inline": [{"text": "New."}]})
    sent = read_manuscript(charter(), section("vision"), value)
    assert sent.blocks[0].text.endswith("[^n1]")
    assert sent.blocks[-1] == Block(Kind.NOTE, "New.", label="n1")


def test_a_note_that_is_cited_no_more_stays() -> None:
    value = held("mission")
    value["notes"] = []
    assert read_manuscript(charter(), section("mission"), value).others == ()


def test_tables_code_and_lists_are_written_from_their_parts() -> None:
    text, one = whole("A\n")
    value = {
        "blocks": [
            {"kind": "item", "depth": 0, "list": {"style": "upper-alpha", "start": 1}, "inline": [{"text": "One"}]},
            {"kind": "item", "depth": 0, "list": {"style": "upper-alpha", "start": 1}, "inline": [{"text": "Two"}]},
            {
                "kind": "table",
                "depth": 0,
                "align": ["none", "right"],
                "rows": [[[{"text": "a|b"}], []], [[{"text": "c", "marks": ["strong"]}], [{"break": True}]]],
            },
            {"kind": "code", "depth": 0, "text": "x = 1\n\n    y"},
            {"kind": "rule", "depth": 0},
        ]
    }
    assert read_manuscript(text, one, value).blocks == (
        Block(Kind.ITEM, "One", style=ListStyle.UPPER_ALPHA, start=1),
        Block(Kind.ITEM, "Two", style=ListStyle.UPPER_ALPHA, start=1),
        Block(Kind.TABLE, "| a\\|b |  |\n| **c** |  |", align=(Align.NONE, Align.RIGHT)),
        Block(Kind.CODE, "x = 1\n\n    y"),
        Block(Kind.RULE),
    )


def test_what_nothing_holds_any_more_is_less_deep() -> None:
    text, one = whole("A\n")
    value = {"blocks": [{"kind": "paragraph", "depth": 4, "inline": [{"text": "Left alone"}]}]}
    assert read_manuscript(text, one, value).blocks == (Block(Kind.PARAGRAPH, "Left alone"),)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"notes": []},
        {"blocks": {}},
        {"blocks": [7]},
        {"blocks": [{"kind": "paragraph"}]},
        {"blocks": [{"kind": "poem", "depth": 0, "inline": []}]},
        {"blocks": [{"kind": "paragraph", "depth": "1", "inline": []}]},
        {"blocks": [{"kind": "paragraph", "depth": True, "inline": []}]},
        {"blocks": [{"kind": "paragraph", "depth": 0, "inline": [{"text": 7}]}]},
        {"blocks": [{"kind": "paragraph", "depth": 0, "inline": [{"text": "a", "marks": ["blink"]}]}]},
        {"blocks": [{"kind": "paragraph", "depth": 0, "inline": [{"text": "a", "marks": [{}]}]}]},
        {"blocks": [{"kind": "paragraph", "depth": 0, "inline": [{"text": "a", "link": 7}]}]},
        {"blocks": [{"kind": "paragraph", "depth": 0, "inline": [{"text": "a", "link": "javascript:x"}]}]},
        {"blocks": [{"kind": "paragraph", "depth": 0, "inline": [{"text": "a\x00"}]}]},
        {"blocks": [{"kind": "paragraph", "depth": 0, "inline": [{"text": "\ud800"}]}]},
        {"blocks": [{"kind": "paragraph", "depth": 0, "inline": [{"note": "a b"}]}]},
        {"blocks": [{"kind": "item", "depth": 0, "inline": []}]},
        {"blocks": [{"kind": "item", "depth": 0, "list": {"style": "stars", "start": 1}, "inline": []}]},
        {"blocks": [{"kind": "note", "depth": 0, "inline": []}]},
        {"blocks": [{"kind": "table", "depth": 0, "rows": [[[]]]}]},
        {"blocks": [{"kind": "table", "depth": 0, "align": ["none"], "rows": [[[], []]]}]},
        {"blocks": [{"kind": "table", "depth": 0, "align": [], "rows": []}]},
        {"blocks": [{"kind": "code", "depth": 0, "text": None}]},
        {"blocks": [{"id": "gone", "same": True}]},
    ],
    ids=lambda value: json.dumps(value)[:60],
)
def test_what_is_no_text_is_refused_in_words(value: object) -> None:
    text, one = whole("A\n")
    with pytest.raises(BadInput) as refused:
        read_manuscript(text, one, value)
    assert refused.value.message.endswith(".")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inside: (
            st.lists(inside, max_size=3)
            | st.dictionaries(
                st.sampled_from(["blocks", "notes", "kind", "inline", "text", "id", "same", "depth", "rows", "note"]),
                inside,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_anything_at_all_is_read_or_refused(value: object) -> None:
    text, one = whole("A\n\nB\n")
    for read in (lambda: read_manuscript(text, one, value), lambda: read_new_manuscript(text, value)):
        with suppress(BadInput):
            read()


def test_over_a_newer_text_what_nobody_touched_here_is_as_the_newer_says() -> None:
    then = whole("One.\n\nTwo.\n\nThree.\n")
    one, two, three = then[1].blocks
    fresh = Block(Kind.PARAGRAPH, "Between.", id="new")
    here = Section("s", "text", then[1].kind, "Text", (one.with_text("One!"), fresh, two.with_text("Two!")))
    now = Snapshot(then[0].front, (here,)), here
    value = {
        "blocks": [
            {"id": one.id, "same": True},
            {"id": two.id, "kind": "paragraph", "depth": 0, "inline": [{"text": "My two."}]},
            {"id": three.id, "same": True},
            {"id": None, "kind": "paragraph", "depth": 0, "inline": [{"text": "Mine."}]},
        ]
    }
    brought, beside = over_newer(value, then, now)
    assert beside == [("paragraph", "Two!")]
    assert [b.text for b in read_manuscript(*now, brought).blocks] == ["One!", "Between.", "My two.", "Mine."]


PIECES = st.lists(
    st.one_of(
        st.just({"break": True}),
        st.fixed_dictionaries(
            {"text": st.sampled_from([" ", "a", "word ", " of", "**", "[", "](", "\u0304", "`", "1. ", "<", "\\"])},
            optional={
                "marks": st.sampled_from([["strong"], ["emphasis"], ["emphasis", "strong"], ["code"]]),
                "link": st.sampled_from(["https://example.org/", "#goals"]),
            },
        ),
        st.fixed_dictionaries({"note": st.just("x")}, optional={"link": st.just("https://example.org/")}),
    ),
    max_size=8,
)


def letters(pieces: Sequence[Mapping[str, object]]) -> str:
    said = "".join(str(piece.get("text") or piece.get("note") or "") for piece in pieces)
    return "".join(unicodedata.normalize("NFC", said).split())


@given(PIECES)
@example([{"text": "a"}, {"text": " ", "link": "https://example.org/"}, {"text": "b"}])
@example([{"text": "a", "marks": ["strong"]}, {"text": " ", "marks": ["strong"], "link": "#goals"}, {"text": "b"}])
def test_whatever_is_set_apart_or_linked_the_words_are_the_words(pieces: list[dict[str, object]]) -> None:
    assert letters(inline_to_json(inline_from_json(pieces))) == letters(pieces)
