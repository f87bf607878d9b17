"""Where words come from: a vision carried through proposals, and what holds for the provenance of any text."""

from dataclasses import replace
from itertools import pairwise

import pytest

from app.text.blocks import Align, Block, Kind
from app.text.change import Change, ChangeKind, Place
from app.text.lineage import Merged, Recorded, extended_by, of_history, writers
from app.text.provenance import Source, Spans, Writer, extended, spans_from_json, spans_to_json
from app.text.snapshot import Front, Section, SectionKind, Snapshot

VISION = (
    "Enabling a world where patients are key partners in shaping sustainable care and driving innovation in healthcare"
    " research and development, where their perspectives are integral to decision-making processes."
)
FIRST = Source(1)
EQUAL = Source(2, proposal=12, change=1, decision=7)
CARERS = Source(2, proposal=13, change=2, decision=8)


def charter(*texts: tuple[str, str] | Block) -> Snapshot:
    """A charter of one section."""
    blocks = tuple(t if isinstance(t, Block) else Block(Kind.PARAGRAPH, t[1], id=t[0]) for t in texts)
    return Snapshot(Front("Charter", "Group"), (Section("s", "vision", SectionKind.VISION, "Vision", blocks),))


def told(spans: Spans, text: str) -> list[tuple[str, Source]]:
    """The words of every span with their source."""
    assert spans.length == len(text)
    return [(text[low:high], source) for low, high, source in spans.ranges()]


def test_a_new_word_has_the_change_that_brought_it_and_all_others_keep_theirs():
    new = VISION.replace("key", "equal")
    before, after = new.split("equal")
    assert told(extended(Spans.of(VISION, FIRST), VISION, new, EQUAL), new) == [
        (before, FIRST),
        ("equal", EQUAL),
        (after, FIRST),
    ]


def test_the_vision_through_three_revisions():
    texts = [VISION]
    texts.append(texts[-1].replace("key partners", "equal partners"))
    texts.append(texts[-1].replace("patients are", "patients and carers are"))
    texts.append(texts[-1].replace("equal partners", "partners"))
    spans = Spans.of(VISION, FIRST)
    for n, (old, new) in enumerate(pairwise(texts), start=2):
        spans = extended(spans, old, new, Source(n))
    assert [(words, source.revision) for words, source in told(spans, texts[-1])] == [
        ("Enabling a world where patients ", 1),
        ("and carers ", 3),
        (texts[-1].partition("and carers ")[2], 1),
    ]


def test_words_that_come_back_after_they_were_taken_out_are_the_ones_of_who_put_them_back():
    without = VISION.replace("key ", "")
    spans = extended(extended(Spans.of(VISION, FIRST), VISION, without, EQUAL), without, VISION, Source(3))
    assert [words for words, source in told(spans, VISION) if source == Source(3)] == ["key "]


def test_in_a_combined_sentence_every_word_has_the_change_that_wrote_it():
    one = VISION.replace("key", "equal")
    other = VISION.replace("patients are", "patients and their carers are")
    new = other.replace("key", "equal")
    wrote = (Writer(EQUAL, VISION, one), Writer(CARERS, VISION, other))
    spans = extended(Spans.of(VISION, FIRST), VISION, new, Source(2), wrote)
    found = {source: words for words, source in told(spans, new) if source != FIRST}
    assert {source: words.strip() for source, words in found.items()} == {EQUAL: "equal", CARERS: "and their carers"}


def test_words_the_governors_chose_in_a_conflict_are_nobody_elses():
    one, other = VISION.replace("key", "equal"), VISION.replace("key", "leading")
    new = VISION.replace("key", "full")
    wrote = (Writer(EQUAL, VISION, one), Writer(CARERS, VISION, other))
    spans = extended(Spans.of(VISION, FIRST), VISION, new, Source(2), wrote)
    assert [(words, source) for words, source in told(spans, new) if source != FIRST] == [("full", Source(2))]


def test_the_same_edit_by_two_people_is_the_first_ones():
    new = VISION.replace("key", "equal")
    wrote = (Writer(EQUAL, VISION, new), Writer(CARERS, VISION, new))
    assert EQUAL in extended(Spans.of(VISION, FIRST), VISION, new, Source(2), wrote).sources
    assert CARERS not in extended(Spans.of(VISION, FIRST), VISION, new, Source(2), wrote).sources


def test_a_change_written_against_an_older_text_answers_for_its_own_words_only():
    now = VISION.replace("sustainable care", "good care")
    spans = extended(Spans.of(VISION, FIRST), VISION, now, Source(2, 11, 1))
    proposed = VISION.replace("key", "equal")
    merged = now.replace("key", "equal")
    spans = extended(spans, now, merged, Source(3), (Writer(Source(3, 12, 1), VISION, proposed),))
    assert [(words, source) for words, source in told(spans, merged) if source != FIRST] == [
        ("equal", Source(3, 12, 1)),
        ("good", Source(2, 11, 1)),
    ]


def test_own_words_of_the_governors_in_a_conflict_are_not_the_proposers():
    new = VISION.replace("key partners", "equal and valued partners")
    writer = Writer(EQUAL, VISION, VISION.replace("key", "equal"), chosen=True)
    spans = extended(Spans.of(VISION, FIRST), VISION, new, Source(2), (writer,))
    assert [(words, source) for words, source in told(spans, new) if source != FIRST] == [
        ("equal", EQUAL),
        (" and valued", Source(2)),
    ]


def test_the_provenance_of_a_charter_walked_over_its_revisions():
    new = VISION.replace("key", "equal")
    old_block, new_block = (Block(Kind.PARAGRAPH, text, id="b1") for text in (VISION, new))
    added = Block(Kind.PARAGRAPH, "We report once a year.", id="b2")
    changes = [
        Merged(EQUAL, Change(1, ChangeKind.REPLACE, "s", "b1", old_block, new_block)),
        Merged(
            CARERS,
            Change(2, ChangeKind.INSERT, "s", "b2", None, replace(added, text="We report."), Place("s", "b1")),
            added.text,
        ),
    ]
    lineage = of_history(
        [
            Recorded(charter(old_block), 1),
            Recorded(charter(new_block, added), 2, writers(changes)),
            Recorded(charter(added, replace(new_block, kind=Kind.QUOTE)), 3),
        ]
    )
    assert [words for words, source in told(lineage["b1"], new) if source == EQUAL] == ["equal"]
    assert told(lineage["b2"], added.text) == [(added.text, CARERS)]


def test_a_block_that_was_split_takes_its_sources_along():
    first, second = VISION.split(", where")
    whole = of_history([Recorded(charter(("b1", VISION)), 1)])
    parts = charter(("b1", f"{first}."), ("b2", f"Where{second}"))
    split = extended_by(whole, charter(("b1", VISION)), Recorded(parts, 2))
    assert told(split["b2"], f"Where{second}") == [("Where", Source(2)), (second, FIRST)]
    joined = extended_by(split, parts, Recorded(charter(("b1", f"{first}. Where{second}")), 3))
    assert [words for words, source in told(joined["b1"], f"{first}. Where{second}") if source == FIRST] == [
        first,
        second,
    ]


def test_rows_of_a_table_keep_their_sources():
    old, new = (
        Block(Kind.TABLE, "\n".join(("| Role | Term |", *rows)), id="t", align=(Align.NONE, Align.NONE))
        for rows in (("| Chair | two years |",), ("| Secretary | one year |", "| Chair | three years |"))
    )
    lineage = of_history([Recorded(charter(old), 1), Recorded(charter(new), 2)])
    assert [words for words, source in told(lineage["t"], new.text) if source == Source(2)] == [
        "\n| Secretary | one year |",
        "three",
    ]


def test_provenance_of_another_text_is_refused():
    with pytest.raises(ValueError, match="not that of the old text"):
        extended(Spans.of("Members vote.", FIRST), VISION, VISION, EQUAL)


def test_provenance_is_stored_as_runs_and_each_source_once():
    spans = extended(Spans.of(VISION, FIRST), VISION, VISION.replace("key", "equal"), EQUAL)
    stored = spans_to_json(spans)
    assert stored["sources"] == [[1, None, None, None], [2, 12, 1, 7]]
    assert stored["runs"] == [[36, 0], [5, 1], [len(VISION) - 39, 0]]
    assert spans_from_json(stored) == spans
    with pytest.raises(ValueError, match="number of a source"):
        spans_from_json({"sources": [], "runs": [[1, 0]]})
