"""How a conflict is asked about: whose words each side is, in whole rows and blocks, one sentence once."""

from app.text.blocks import Align, Block, Kind
from app.text.html import HtmlFrame
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.woven import Conflict
from app.web.conflicts import later, sides, unanswered
from app.web.deciding import words_digest
from app.web.wordings import wordings_of

TOLD = {"2.1": "2.1 Equal, Anna", "3.1": "3.1 Leading, Ben", "7.1": "7.1 A goal, Dan", "7.2": "7.2 A goal, Dan"}
TABLE = Block(Kind.TABLE, "| Role | Term |\n| Chair | two years |", id="t", align=(Align.NONE, Align.NONE))
PARAGRAPH = Block(Kind.PARAGRAPH, "Key partners.", id="p")
TEXT = Snapshot(Front("Charter", "We"), (Section("s", "vision", SectionKind.VISION, "Vision", (PARAGRAPH, TABLE)),))


def conflict(block: str, base: str, standing: str, proposed: str, *refs: str, both: str = "") -> Conflict:
    return Conflict(f"{block}{len(refs)}", "s", block, base, standing, proposed, both, refs, "")


def test_each_side_of_a_conflict_says_whose_words_it_is() -> None:
    assert sides(["2.1", "3.1"], TOLD) == {"standing": "2.1 Equal, Anna", "proposed": "3.1 Leading, Ben"}
    assert sides(["3.1", "7.1", "7.2"], TOLD)["proposed"] == "7.1 and 7.2 A goal, Dan"
    assert sides(["2.1", "3.1", "7.1"], TOLD)["standing"] == "What comes of 2.1 and 3.1"
    assert sides(["7.1", "3.1", "7.2"], TOLD) == {}, "nobody can say whose the words are"
    assert sides(["9.9", "3.1"], TOLD) == {}


def test_a_row_of_a_table_is_read_in_its_table_and_never_with_its_signs() -> None:
    row = conflict("t", "| Chair | two years |", "| Chair | three years |", "| Chair | one year |", "2.1", "3.1")
    words = wordings_of(row, TEXT, HtmlFrame())
    shown = words.changed(row.base, row.proposed)
    assert words.form == "row"
    assert "<th" in shown
    assert "Term" in shown
    assert "|" not in shown + words.plain(row.base)


def test_whole_blocks_are_read_as_blocks_and_a_sentence_as_it_stands() -> None:
    new = conflict("new", "", "Guests.", "### Listen\n\nAsk first.", "2.1", "3.1")
    shown = wordings_of(new, TEXT, HtmlFrame()).changed("", new.proposed)
    assert "###" not in shown
    assert "Listen" in shown
    signs = conflict("p", "Key partners.", "1. Not a list", "# No heading", "2.1", "3.1")
    assert "# No heading" in wordings_of(signs, TEXT, HtmlFrame()).changed("", signs.proposed)


def test_what_depends_on_another_choice_about_the_same_sentence_is_asked_after_it() -> None:
    first = conflict("p", "Key.", "Equal.", "Leading.", "2.1", "3.1")
    second = conflict("p", "Key.", "Equal.", "Full.", "2.1", "3.1", "7.1")
    other = conflict("p", "Another sentence.", "A.", "B.", "2.1", "3.1", "7.1")
    assert later([first, second, other]) == ([first, other], [second])


def test_words_that_the_form_offered_itself_are_not_said_to_be_somebodys() -> None:
    offered = {"text.a": "Leading.", "was.a": words_digest("Leading."), "choice.a": "both"}
    assert unanswered(offered, ["a"]) == []
    assert unanswered({**offered, "text.a": "Mine."}, ["a"]) == ["Mine."]
    assert unanswered({**offered, "choice.a": "text"}, ["a"]) == ["Leading."]
