"""The edits written down in scenarios/redlines are marked as a careful editor would mark them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import pytest

from app.text.block_redline import Redline, State, accept_all, redline, reject_all
from app.text.blocks import Block
from app.text.critic import critic
from app.text.dialect import clean, normalise, parse, serialise
from app.text.html import HtmlFrame, blocks_html, redline_html
from app.text.notes import numbers
from app.text.phrases import block_phrases
from app.text.snapshot import Front, Section, SectionKind, Snapshot

FOLDER = Path(__file__).parent / "scenarios" / "redlines"
PARTS = ("old", "new", "redline", "changes", "rows", "shown")
EXPECTATIONS = frozenset(PARTS[2:])
MARK = re.compile(r"\{--(.*?)--\}|\{\+\+(.*?)\+\+\}", re.DOTALL)
LABELS = {"vh", "moved-here", "split-here", "joined-here", "retyped", "relinked", "k", "back"}


@dataclass(frozen=True)
class Scenario:
    """One edit: the texts before and after, and what must be shown of it."""

    title: str
    parts: dict[str, str]

    @property
    def old(self) -> str:
        return self.parts["old"]

    @property
    def new(self) -> str:
        return self.parts["new"]

    @property
    def blocks(self) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
        return parse(clean(self.old)), parse(clean(self.new))


def scenarios_of(words: str) -> list[Scenario]:
    """Every scenario of a file: a title after equals signs, then parts, each under its name and a colon."""
    found: list[Scenario] = []
    for whole in re.split(r"^=== ", words, flags=re.MULTILINE)[1:]:
        title, _, rest = whole.partition("\n")
        pieces = re.split(rf"^({'|'.join(PARTS)}):\n", rest, flags=re.MULTILINE)[1:]
        parts = {name: body.strip("\n") for name, body in zip(pieces[::2], pieces[1::2], strict=True)}
        found.append(Scenario(title.strip(), parts))
    return found


ALL = [scenario for path in sorted(FOLDER.glob("*.txt")) for scenario in scenarios_of(path.read_text("utf-8"))]
every_scenario = pytest.mark.parametrize("scenario", ALL, ids=[scenario.title for scenario in ALL])


def test_scenarios_have_titles_of_their_own_and_say_what_they_expect() -> None:
    titles = [scenario.title for scenario in ALL]
    assert len(set(titles)) == len(titles) >= 200
    assert [s.title for s in ALL if not {"old", "new"} <= s.parts.keys() or not EXPECTATIONS & s.parts.keys()] == []


@every_scenario
def test_an_edit_is_shown_as_written_down(scenario: Scenario) -> None:
    old, new = scenario.blocks
    result = redline(old, new)
    if "redline" in scenario.parts:
        assert critic(scenario.old, scenario.new).strip("\n") == scenario.parts["redline"]
    if "changes" in scenario.parts:
        assert [str(phrase) for phrase in told(result, old, new)] == scenario.parts["changes"].splitlines()
    if "rows" in scenario.parts:
        assert states(result) == scenario.parts["rows"].splitlines()
    if "shown" in scenario.parts:
        assert page(result, old, new).strip() == scenario.parts["shown"]


@every_scenario
def test_both_texts_come_back_from_the_redline(scenario: Scenario) -> None:
    old, new = scenario.blocks
    result = redline(old, new)
    assert accept_all(result) == new
    assert reject_all(result) == old
    assert serialise(accept_all(result)) == normalise(scenario.new)
    assert serialise(reject_all(result)) == normalise(scenario.old)
    marked = critic(scenario.old, scenario.new)
    assert MARK.sub(lambda found: found[2] or "", marked) == normalise(scenario.new)
    assert MARK.sub(lambda found: found[1] or "", marked) == normalise(scenario.old)


@every_scenario
def test_the_page_is_sound_and_has_every_word_of_the_new_text(scenario: Scenario) -> None:
    old, new = scenario.blocks
    frame = HtmlFrame(note_numbers=note_numbers(new), old_note_numbers=note_numbers(old))
    shown = tree(redline_html(redline(old, new), frame))
    assert words(shown) == words(tree(blocks_html(new, frame)))


def note_numbers(blocks: Sequence[Block]) -> dict[str, int]:
    """The numbers of the notes of a lone text."""
    whole = Section("text", "text", SectionKind.TEXT, "", tuple(blocks))
    return dict(numbers(Snapshot(Front("", ""), (whole,))).numbers)


def told(result: Redline, old: Sequence[Block], new: Sequence[Block]) -> list[str]:
    return [str(phrase) for phrase in block_phrases(result, note_numbers(new), note_numbers(old))]


def page(result: Redline, old: Sequence[Block], new: Sequence[Block]) -> str:
    """The page with its marks as brackets: [-out-], [+in+], [~set differently~], labels in parentheses."""
    frame = HtmlFrame(note_numbers=note_numbers(new), old_note_numbers=note_numbers(old), anchors=False)
    html = redline_html(result, frame)
    html = re.sub(r'<span class="vh">.*?</span>', "", html)
    for element, left, right in (("ins", "[+", "+]"), ("del", "[-", "-]")):
        html = html.replace(f"<{element}>", left).replace(f"</{element}>", right)
    return html


def states(result: Redline) -> list[str]:
    """What happened to each block, untouched ones included."""
    return [str(r.state) + (", retyped" if r.retyped and r.state is not State.RETYPED else "") for r in result.rows]


def tree(html: str) -> ElementTree.Element:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(html)


def words(element: ElementTree.Element) -> str:
    """What is read, without deletions, labels and what moved away; white space aside."""
    return "".join(_words(element).split())


def _words(element: ElementTree.Element) -> str:
    classes = set((element.get("class") or "").split())
    if element.tag == "del" or LABELS & classes or _moved_away(element):
        return ""
    return (element.text or "") + "".join(_words(child) + (child.tail or "") for child in element)


def _moved_away(element: ElementTree.Element) -> bool:
    """Whether the words of a block are those of a move that are shown a second time, where they stood."""
    if element.tag == "table" and "gone" in (element.get("class") or "").split():
        return True
    return any(child.get("class") == "moved-away" for child in element)
