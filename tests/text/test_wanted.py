"""Two people who want the same are recognised, however each of them wrote it."""

from collections.abc import Callable
from itertools import count

from app.text.blocks import Block, Kind
from app.text.derive import Submission, SubmittedSection, derive
from app.text.dialect import parse
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.wanted import wanted


def ids(prefix: str) -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"{prefix}{next(numbers)}"


def text(*paragraphs: str) -> Snapshot:
    blocks = tuple(Block(Kind.PARAGRAPH, words, id=f"b{n}") for n, words in enumerate(paragraphs))
    other = (Block(Kind.PARAGRAPH, "Elsewhere.", id="e0"),)
    return Snapshot(
        Front("A Charter", "A Group"),
        (
            Section("s1", "vision", SectionKind.VISION, "Vision", blocks),
            Section("s2", "mission", SectionKind.MISSION, "Mission", other),
        ),
    )


BASE = text("One stands here.", "Two stands here.")


def want(markdown: str, *more: SubmittedSection, base: Snapshot = BASE, prefix: str = "n") -> str:
    sent = Submission((SubmittedSection("vision", blocks=tuple(parse(markdown))), *more))
    return wanted(derive(base, sent, ids(prefix)).changes)


def test_the_same_new_words_are_the_same_wish_whatever_ids_they_get() -> None:
    written = "One stands there.\n\nA new one.\n\nAnd another.\n\nTwo stands here.\n"
    assert want(written, prefix="x") == want(written, prefix="y")


def test_other_words_another_place_or_another_order_are_another_wish() -> None:
    written = {
        want("One stands there.\n\nTwo stands here.\n"),
        want("One stands where.\n\nTwo stands here.\n"),
        want("One stands here.\n\nTwo stands there.\n"),
        want("One stands here.\n\nNew.\n\nNewer.\n\nTwo stands here.\n"),
        want("One stands here.\n\nNewer.\n\nNew.\n\nTwo stands here.\n"),
        want("New.\n\nNewer.\n\nOne stands here.\n\nTwo stands here.\n"),
        want("Two stands here.\n\nOne stands here.\n"),
        want("Two stands here.\n"),
        want("One stands here.\n"),
    }
    assert len(written) == 9


def test_what_stood_there_before_does_not_count() -> None:
    earlier = text("One stood here once.", "Two stands here.")
    written = "One stands there.\n\nTwo stands here.\n"
    assert want(written) == want(written, base=earlier)


def test_a_new_section_is_the_same_by_its_key_heading_and_words() -> None:
    def made(heading: str, prefix: str) -> str:
        new = SubmittedSection("need", SectionKind.TEXT, tuple(parse("Why.\n\nBecause.\n")), heading, after="vision")
        return want("One stands here.\n\nTwo stands here.\n", new, prefix=prefix)

    assert made("Need", "x") == made("Need", "y")
    assert made("Need", "x") != made("Needs", "x")


def test_nothing_is_no_wish() -> None:
    assert wanted(()) == ""
