"""People who edit a lettered list rarely letter it anew: it counts on, and every word stays where it was put."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.blocks import Kind, ListStyle
from app.text.change import Change, ChangeKind
from app.text.derive import Submission, SubmittedSection, derive
from app.text.dialect import normalise, normalise_reported, parse
from app.text.snapshot import Front, Section, SectionKind, Snapshot

MISSION = (Path(__file__).parents[2] / "charter_source" / "peps" / "mission.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("edited", "canonical"),
    [
        pytest.param("A. a\nB. b\nC. new\nC. c\nD. d", "A. a\nB. b\nC. new\nD. c\nE. d", id="inserted"),
        pytest.param("A. a\nB. b\nB. new\nC. c", "A. a\nB. b\nC. new\nD. c", id="inserted under the letter before"),
        pytest.param("A. a\nB. b\nB. x\nB. y\nB. z\nC. c", "A. a\nB. b\nC. x\nD. y\nE. z\nF. c", id="three inserted"),
        pytest.param("A. new\nA. a\nB. b\nC. c", "A. new\nB. a\nC. b\nD. c", id="inserted before the first"),
        pytest.param("A. a\nB. b\nC. c\nC. new", "A. a\nB. b\nC. c\nD. new", id="added under the last letter"),
        pytest.param("A. a\nB. b\nD. d", "A. a\nB. b\nC. d", id="deleted"),
        pytest.param("A. a\nC. c\nD. d", "A. a\nB. c\nC. d", id="second deleted"),
        pytest.param("A. a\nD. d\nE. e", "A. a\nB. d\nC. e", id="second and third deleted"),
        pytest.param("A. a\nC. c\nE. e\nF. f", "A. a\nB. c\nC. e\nD. f", id="every other one deleted"),
        pytest.param("A. a\nB. b\n\nD. d", "A. a\nB. b\nC. d", id="deleted with an empty line left"),
        pytest.param("A. a\n\nC. c\n\nD. d", "A. a\nB. c\nC. d", id="deleted from a list with empty lines"),
        pytest.param("a. a\nb. b\nb) c\nd. d", "a. a\nb. b\nc. c\nd. d", id="lower case and another delimiter"),
        pytest.param("i. a\nii. b\niv. d\nv. e", "i. a\nii. b\niii. d\niv. e", id="roman, deleted"),
        pytest.param("i. a\niii. c\niv. d", "i. a\nii. c\niii. d", id="roman, second deleted"),
        pytest.param("i. a\nii. b\nii. new\niii. c", "i. a\nii. b\niii. new\niv. c", id="roman, inserted"),
        pytest.param("h. a\ni. b\ni. c\nj. d", "h. a\ni. b\nj. c\nk. d", id="an i within letters is no roman one"),
        pytest.param(
            "- x\n  a. a\n  c. c\n  d. d\n- y", "- x\n  a. a\n  b. c\n  c. d\n- y", id="nested, second deleted"
        ),
        pytest.param("> A. a\n> B. b\n> B. c", "> A. a\n> B. b\n> C. c", id="in a quotation"),
        pytest.param(
            "A. a\nB. b\n   1. x\n   2. y\nB. new\n   1. z\nC. c",
            "A. a\nB. b\n   1. x\n   2. y\nC. new\n   1. z\nD. c",
            id="with lists in its items",
        ),
        pytest.param(
            "A. a\n\n   more\n\nB. b\n\n   > said\n\nD. d",
            "A. a\n\n   more\n\nB. b\n\n   > said\n\nC. d",
            id="with paragraphs and quotations in its items",
        ),
    ],
)
def test_a_list_that_was_not_lettered_anew_counts_on(edited: str, canonical: str) -> None:
    assert normalise(edited) == canonical + "\n"
    assert normalise_reported(edited)[1] == ()


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        pytest.param("A. a\nB. as\nJ. Smith wrote\nC. c", "A. a\nB. as J. Smith wrote\nC. c", id="far initial"),
        pytest.param("A. a\nB. as\nF. Smith wrote", "A. a\nB. as F. Smith wrote", id="one letter too far"),
        pytest.param("A. a\nB. as\nd. smith wrote", "A. a\nB. as d. smith wrote", id="other case"),
        pytest.param("C. a\nD. as\nA. Smith wrote", "C. a\nD. as A. Smith wrote", id="initial before the list"),
        pytest.param("A. a\nB. vitamin\nC.", "A. a\nB. vitamin\nC.", id="a marker alone that counts on is an item"),
        pytest.param("A. a\nB. vitamin\nD.", "A. a\nB. vitamin D.", id="a marker alone that does not is words"),
        pytest.param("A. a\nB. as\n   C. Smith wrote", "A. a\nB. as C. Smith wrote", id="initial in indented words"),
        pytest.param("A. x\nA. y", "A. x A. y", id="a first letter that comes again makes no list"),
        pytest.param("A. a\nC. c", "A. a C. c", id="a gap makes no list"),
        pytest.param("A. Smith wrote.", "A. Smith wrote.", id="a lone initial"),
        pytest.param("A. Smith wrote.\n\nA. a\nB. b", "A\\. Smith wrote.\n\nA. a\nB. b", id="an initial before a list"),
        pytest.param("A. a\nB. b\n\nJ. Smith wrote.", "A. a\nB. b\n\nJ\\. Smith wrote.", id="an initial after a list"),
        pytest.param("A. a\nB. b\n\nOr:\n\nD. Smith", "A. a\nB. b\n\nOr:\n\nD. Smith", id="words between"),
    ],
)
def test_initials_stay_words(text: str, canonical: str) -> None:
    assert normalise(text) == canonical + "\n"
    assert normalise(canonical) == canonical + "\n"


def test_lists_of_different_styles_side_by_side_stay_apart() -> None:
    text = "A. a\nB. b\nD. c\n\ni. d\nii. e\niv. f\n\na. g\nc. h\nd. i\n"
    assert [(block.style, block.start) for block in parse(text)] == [
        *[(ListStyle.UPPER_ALPHA, 1)] * 3, *[(ListStyle.LOWER_ROMAN, 1)] * 3, *[(ListStyle.LOWER_ALPHA, 1)] * 3
    ]  # fmt: skip
    assert parse(normalise(text)) == parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "A. Smith wrote this.",
        "We met A. Smith.\n\nA. Smith wrote this.\n\nThen she left.",
        "J. Smith wrote.\n\nA. Jones wrote.",
        "J. Smith wrote.\n\nJ. Jones wrote.",
        "- A. B. Smith\n- J. Doe",
        "A. Smith wrote.\n\nA. a\nB. b",
        "A. a\nB. b\n\nJ. Smith wrote.",
        "A\\. a\n\nC\\. c",
    ],
)
def test_a_paragraph_that_begins_with_an_initial_is_nothing_to_report(text: str) -> None:
    assert normalise_reported(text)[1] == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A. a\n\nC. c", ["A. a", "C. c"]),
        ("A. a\n\n   more", ["A. a"]),
        ("B. - x", ["B."]),
        ("A. a\n   - x\n\nWords.", ["A. a"]),
        ("A. a\nB. b\n   - x\nA. c\n   - d\n\nX. e\n\n    f", ["X. e"]),
    ],
)
def test_an_item_that_lost_its_companions_is_reported(text: str, told: list[str]) -> None:
    expected = [f"“{words}” is a single lettered item and became a paragraph" for words in told]
    assert list(normalise_reported(text)[1]) == expected
    assert normalise_reported(normalise(text))[1] == ()


MARKERS = ["A. ", "B. ", "C. ", "D. ", "E. ", "J. ", "B) ", "a. ", "b. ", "d. ", "h. ", "i. ", "ii. ", "iii. ", "iv. "]
INDENTS = ["", "", "", "   ", "  ", "> ", "- "]


@st.composite
def lettered_lines(draw: st.DrawFn) -> str:
    """Lettered lines in any order, with empty lines, nesting and plain words among them; each word occurs once."""
    line = st.tuples(st.sampled_from(INDENTS), st.sampled_from([*MARKERS, ""]), st.sampled_from(["\n", "\n", "\n\n"]))
    lines = draw(st.lists(line, max_size=12))
    return "".join(f"{indent}{marker}w{number}w{end}" for number, (indent, marker, end) in enumerate(lines))


@settings(max_examples=200, deadline=None)
@given(lettered_lines())
def test_whatever_the_letters_the_form_is_settled_at_once_and_every_word_stays_in_its_place(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert parse(once) == parse(text)
    assert [part for part in once.replace("\n", " ").split(" ") if part.startswith("w")] == [
        f"w{number}w" for number in range(text.count("w") // 2)
    ]
    assert normalise_reported(once)[1] == ()


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 4), st.integers(4, 20), st.data())
def test_any_few_edits_of_a_list_leave_one_list(start: int, size: int, data: st.DataObject) -> None:
    lines = [f"{chr(96 + start + n)}. item {n}" for n in range(size)]
    cut = data.draw(st.integers(3, size - 1))
    del lines[cut : cut + data.draw(st.integers(0, 2))]
    place = data.draw(st.integers(2, len(lines)))
    lines[place:place] = [lines[place - 1][:3] + "new"] * data.draw(st.integers(0, 3))
    blocks = parse("\n".join(lines))
    assert [block.text for block in blocks] == [line[3:] for line in lines]
    assert {(block.kind, block.style, block.start) for block in blocks} == {(Kind.ITEM, ListStyle.LOWER_ALPHA, start)}


def fresh_ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"new{next(numbers)}"


def changes(edited: str) -> tuple[Change, ...]:
    blocks = tuple(block.with_id(f"m{number}") for number, block in enumerate(parse(MISSION)))
    base = Snapshot(
        Front("Draft Charter", "PEPs"), (Section("s-mission", "mission", SectionKind.MISSION, "Mission", blocks),)
    )
    assert edited != MISSION
    return derive(base, Submission((SubmittedSection("mission", blocks=parse(edited)),), {}), fresh_ids()).changes


@pytest.mark.parametrize("letter", ["B", "C"])
def test_an_item_put_into_the_mission_is_one_insertion_whatever_its_letter(letter: str) -> None:
    (change,) = changes(MISSION.replace("\nC. Lev", f"\n{letter}. Keeping a register of what was learnt\nC. Lev"))
    assert change.kind is ChangeKind.INSERT
    assert change.place is not None
    assert change.place.after == "m4"


@pytest.mark.parametrize(("letter", "block"), [("B", "m4"), ("C", "m5"), ("D", "m6")])
def test_an_item_taken_out_of_the_mission_is_one_deletion(letter: str, block: str) -> None:
    kept = [line for line in MISSION.splitlines() if not line.startswith(f"{letter}. ")]
    (change,) = changes("\n".join(kept) + "\n")
    assert (change.kind, change.block) == (ChangeKind.DELETE, block)


def test_an_item_put_in_and_another_taken_out_are_two_changes() -> None:
    lines = [line for line in MISSION.splitlines() if not line.startswith("C. ")]
    found = changes("\n".join([*lines, "D. Keeping a register of what was learnt"]) + "\n")
    assert sorted(change.kind for change in found) == [ChangeKind.DELETE, ChangeKind.INSERT]
