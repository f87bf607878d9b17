"""Blocks are known again under other ids only where neither side's text says otherwise."""

from app.text.blocks import Block, Kind
from app.text.merge import merge_snapshots
from app.text.recognition import recognised
from app.text.snapshot import Front, Section, SectionKind, Snapshot


def charter(*blocks: Block) -> Snapshot:
    return Snapshot(Front("Charter", "PEPs"), (Section("s", "mission", SectionKind.MISSION, "Mission", blocks),))


def p(text: str, id: str) -> Block:
    return Block(Kind.PARAGRAPH, text, id=id)


def test_of_two_equal_paragraphs_the_one_that_was_deleted_goes() -> None:
    base, theirs = charter(p("Yes.", "a"), p("Yes.", "b")), charter(p("Yes.", "b"))
    assert merge_snapshots(base, base, theirs).snapshot == theirs
    assert merge_snapshots(base, theirs, base).snapshot == theirs


def test_what_both_sides_added_is_one_paragraph_under_our_id() -> None:
    base = charter(p("Yes.", "a"))
    ours, theirs = charter(p("Yes.", "a"), p("And more.", "n")), charter(p("Yes.", "a"), p("And more.", "m"))
    assert recognised(base, ours, theirs) == (base, ours)
    assert merge_snapshots(base, ours, theirs).snapshot == ours
