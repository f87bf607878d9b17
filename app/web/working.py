"""What stands at the words of the working text: a mark, a pin and a card for each open proposal and comment."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from markupsafe import Markup

from app.deps import CharterAccess
from app.queries.open_proposals import Touch, Touched, touches
from app.queries.thread_lists import ThreadHead, open_threads_beside
from app.queries.thread_words import shortened
from app.render.inline import signed, words
from app.render.leaf import MarginCard
from app.render.pages import counted, day
from app.render.pinning import Pin, Spot
from app.rules.threads import About
from app.text.anchors import AnchorState
from app.text.blocks import Block, Kind
from app.text.change import Change, ChangeKind
from app.text.inline_html import HtmlFrame, InlineHtml
from app.text.notes import numbers
from app.text.places import form_in_words
from app.text.snapshot import Section, Snapshot
from app.text.snippets import beginning, snippet
from app.text.spots import overlap, sentences_of, touched_words
from app.text.weave import Class

_SPOKEN = 60
_SAID = 220
_Cards = dict[str, list[MarginCard]]
_Spots = dict[str, list[Spot]]


def beside_words(at: CharterAccess, text: Snapshot) -> tuple[_Cards, _Spots]:
    """The cards and the marks of all open proposals and comments this visitor may see, by block or section.

    Of each paragraph a few are shown, in the order of their words, and the others are counted.
    """
    return _Beside(at, text).all()


class _Beside:
    def __init__(self, at: CharterAccess, text: Snapshot) -> None:
        self._at = at
        self._home = f"/{at.charter.key}"
        self._blocks: dict[str, Block] = {}
        self._sections: dict[str, Section] = {section.id: section for section in text.sections}
        self._section_of: dict[str, Section] = {}
        for section, _, block in text.placed_blocks():
            self._blocks[block.id or ""] = block
            self._section_of[block.id or ""] = section
        self._numbers = tuple(sorted(numbers(text).numbers.items()))

    def all(self) -> tuple[_Cards, _Spots]:
        at = self._at
        touched = touches(at.session, at.charter)
        said = open_threads_beside(at.session, at.charter, at.visitor.account, at.allowed)
        cards: _Cards = {}
        spots: _Spots = {}
        for id in {**touched, **said}:
            block = self._blocks.get(id)
            if block is None and id not in self._sections:
                continue
            shown: list[tuple[int, MarginCard]] = []
            last: list[MarginCard] = []
            marks: list[Spot] = []
            if id in touched:
                self._proposals(id, block, touched[id], shown, marks, last)
            if id in said:
                self._comments(id, block, *said[id], shown, marks, last)
            cards[id] = [card for _, card in sorted(shown, key=lambda pair: pair[0])] + last
            if marks:
                spots[id] = marks
        return cards, spots

    def _proposals(
        self,
        id: str,
        block: Block | None,
        touched: Touched,
        shown: list[tuple[int, MarginCard]],
        marks: list[Spot],
        last: list[MarginCard],
    ) -> None:
        ranges = {
            touch.ref: touched_words(touch.change, block.text)
            for touch in touched.first
            if block is not None and touch.fit != Class.ALREADY
        }
        meetings = {} if block is None else _meetings(block, touched.first, ranges)
        for touch in touched.first:
            anchor = f"page.change.{touch.ref}"
            mine = ranges.get(touch.ref, ())
            card = self._proposal(touch, meetings.get(touch.ref, ""), anchor)
            if block is not None:
                where = len(block.text)
                words = block.text[mine[0][0] : mine[-1][1]] if mine else ""
                pin = Pin(True, str(touch.proposal), f"#{anchor}", _spoken(touch, words, meetings.get(touch.ref, "")))
                if touch.change.kind is not ChangeKind.INSERT:
                    look = "both" if touch.ref in meetings else "prop"
                    marks += _spots(mine or ((where, where),), look, pin)
                shown.append((mine[0][0] if mine else where, card))
            else:
                shown.append((0, card))
        more = touched.count - len(touched.first)
        if more > 0:
            section = self._section_of.get(id) or self._sections[id]
            address = f"{self._home}/proposals?state=open&section={section.key}"
            last.append(MarginCard(address, f"{counted(more, 'more change')} proposed here"))

    def _comments(
        self,
        id: str,
        block: Block | None,
        heads: Sequence[ThreadHead],
        among: int,
        shown: list[tuple[int, MarginCard]],
        marks: list[Spot],
        last: list[MarginCard],
    ) -> None:
        for head in heads:
            anchor = f"page.thread.{head.number}"
            shown.append((0 if head.words is None else head.words[0], self._comment(head, anchor)))
            if block is not None:
                start, end = head.words or (len(block.text), len(block.text))
                on = "the paragraph" if head.words is None else f"“{beginning(block.text[start:end], _SPOKEN)}”"
                spoken = f"{counted(head.comments, 'comment')} on {on}"
                marks.append(Spot(start, end, "thread", Pin(False, str(head.comments), f"#{anchor}", spoken)))
        if among > len(heads):
            more = among - len(heads)
            of = f"block={id}" if block is not None else f"section={self._sections[id].key}"
            last.append(MarginCard(f"{self._home}/threads?{of}", counted(more, "more comment"), thread=True))

    def _proposal(self, touch: Touch, warning: str, anchor: str) -> MarginCard:
        said = [touch.author]
        votes = [f"{count} {noun}" for count, noun in ((touch.support, "for"), (touch.objection, "against")) if count]
        if votes:
            said.append(", ".join(votes))
        if touch.fit == Class.ALREADY:
            warning = "The text says this already."
        elif touch.fit == Class.CONFLICT:
            warning = "These words have been changed since: somebody has to choose."
        return MarginCard(
            address=f"{self._home}/proposals/{touch.proposal}#change.{touch.number}",
            name=f"Proposal {touch.proposal}",
            title=touch.title,
            words=_told(touch.change, self._numbers),
            meta=" · ".join(said),
            warning=warning,
            anchor=anchor,
            adds=_adds(touch),
        )

    def _comment(self, head: ThreadHead, anchor: str) -> MarginCard:
        about = "" if head.about == About.WORDS else f" on the whole {'section' if head.block is None else 'paragraph'}"
        meta = counted(head.comments, "comment")
        if head.comments > 1:
            meta += f", the last on {day(head.last_at).striptags()}"
        return MarginCard(
            address=f"{self._home}/threads/{head.number}",
            name=f"Comment {head.number}",
            title=f"{head.author}{about}",
            words=words(shortened(head.said, _SAID)),
            meta=meta,
            warning="The words have changed since." if head.anchor_state == AnchorState.CHANGED else "",
            anchor=anchor,
            thread=True,
        )


def _spots(ranges: Sequence[tuple[int, int]], look: str, pin: Pin) -> list[Spot]:
    """The ranges of one change: its pin stands after the last of them."""
    return [Spot(start, end, look, pin if n == len(ranges) - 1 else None) for n, (start, end) in enumerate(ranges)]


def _meetings(
    block: Block, touches: Sequence[Touch], ranges: Mapping[str, Sequence[tuple[int, int]]]
) -> dict[str, str]:
    """In words, which other proposals touch the same words or the same sentence, for each change that meets one."""
    found: dict[str, str] = {}
    hit = {ref: sentences_of(block, some) for ref, some in ranges.items()}
    for touch in touches:
        same: list[str] = []
        near: list[str] = []
        for other in touches:
            if other.proposal == touch.proposal or not hit.get(touch.ref, frozenset()) & hit.get(
                other.ref, frozenset()
            ):
                continue
            (same if overlap(ranges[touch.ref], ranges[other.ref]) else near).append(str(other.proposal))
        told = [f"Rewrites the same words as {_listed(same)}."] if same else []
        told += [f"Same sentence as {_listed(near)}."] if near else []
        if told:
            found[touch.ref] = " ".join(told)
    return found


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _spoken(touch: Touch, words: str, meeting: str) -> str:
    about = f" on “{beginning(words, _SPOKEN)}”" if words.strip() else ""
    return f"Proposal {touch.proposal}{about}" + (f". {meeting}" if meeting else "")


def _adds(touch: Touch) -> str:
    if touch.change.kind is not ChangeKind.INSERT or touch.change.new is None:
        return ""
    what = form_in_words(touch.change.new).split(" (")[0].split(", ")[0]
    return f"Proposal {touch.proposal} adds {what} here"


def _told(change: Change, note_numbers: tuple[tuple[str, int], ...]) -> Markup:
    """What a change does, in words or as a redline in short."""
    match change.kind:
        case ChangeKind.REPLACE | ChangeKind.RETYPE if change.old is not None and change.new is not None:
            code = change.old.kind is Kind.CODE
            shown = _redline(change.old.text, change.new.text, note_numbers, code)
            if not shown or change.kind is ChangeKind.RETYPE:
                return Markup("Makes this {}. ").format(form_in_words(change.new)) + shown
            return shown
        case ChangeKind.RENAME if change.head_old is not None and change.head_new is not None:
            return _redline(change.head_old.heading, change.head_new.heading, note_numbers, False)
        case ChangeKind.INSERT if change.new is not None:
            return _redline("", beginning(change.new.text) or "…", (), True)
        case ChangeKind.ADD_SECTION if change.head_new is not None:
            return Markup("Adds a section after this one: ") + _redline("", change.head_new.heading or "…", (), False)
    return Markup(_PLAINLY.get(change.kind, "Changes this."))


_PLAINLY = {
    ChangeKind.DELETE: "Takes this out.",
    ChangeKind.MOVE: "Moves this to another place.",
    ChangeKind.REMOVE_SECTION: "Takes this section out.",
    ChangeKind.MOVE_SECTION: "Moves this section to another place.",
}


@lru_cache(maxsize=4096)
def _redline(old: str, new: str, note_numbers: tuple[tuple[str, int], ...], verbatim: bool) -> Markup:
    pieces = snippet(old, new, dict(note_numbers), verbatim_text=verbatim)
    if not pieces:
        return Markup("")
    return Markup(f'<span class="quoted">{signed(InlineHtml(HtmlFrame()).pieces(pieces))}</span>')
