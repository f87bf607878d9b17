"""What stands at the words of the working text: a mark, a pin and a card for each open proposal and comment."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from markupsafe import Markup

from app.deps import CharterAccess
from app.queries.open_proposals import Touch, Touched, touches
from app.queries.thread_lists import ThreadHead, open_threads_beside
from app.queries.thread_words import shortened
from app.render.inline import signed, words
from app.render.kept import Kept
from app.render.leaf import MarginCard
from app.render.pages import counted, day
from app.render.pinning import Pin, Spot
from app.rules.states import Outcome
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
_DECIDED = {
    Outcome.ADOPTED: "adopted, not in the text yet",
    Outcome.ADOPTED_AMENDED: "adopted in other words, not in the text yet",
    Outcome.DEFERRED: "deferred",
}
_SAID = 220
_Cards = dict[str, Sequence[MarginCard]]
_Spots = dict[str, Sequence[Spot]]


def beside_words(at: CharterAccess, text: Snapshot) -> tuple[_Cards, _Spots]:
    """The cards and the marks of all open proposals and comments this visitor may see, by block or section.

    Of each paragraph a few are shown, in the order of their words, and the others are counted.
    """
    touched = touches(at.session, at.charter)
    said = open_threads_beside(at.session, at.charter, at.visitor.account, at.allowed)
    home = f"/{at.charter.key}"
    given = tuple(sorted(numbers(text).numbers.items()))
    places: dict[str | None, tuple[Section, Block | None]] = {section.id: (section, None) for section in text.sections}
    places.update((block.id, (section, block)) for section, _, block in text.placed_blocks())
    cards: _Cards = {}
    spots: _Spots = {}
    for id in {**touched, **said}:
        if id in places:
            section, block = places[id]
            # Most paragraphs are as they were when somebody looked last.
            key = (home, section.key, id, block, touched.get(id), said.get(id), given)
            cards[id], marks = _KEPT.get(key, _Beside(home, section.key, id, block, given, touched, said).all)
            if marks:
                spots[id] = marks
    return cards, spots


_KEPT: Kept[tuple[Sequence[MarginCard], Sequence[Spot]]] = Kept(2048)


class _Beside:
    """What stands beside one block, or under the heading of a section."""

    def __init__(
        self,
        home: str,
        section: str,
        id: str,
        block: Block | None,
        given: tuple[tuple[str, int], ...],
        touched: Mapping[str, Touched],
        said: Mapping[str, tuple[Sequence[ThreadHead], int]],
    ) -> None:
        self._home, self._section, self._id, self._block, self._numbers = home, section, id, block, given
        self._touched, self._said = touched.get(id), said.get(id)
        self._shown: list[tuple[int, MarginCard]] = []
        self._last: list[MarginCard] = []
        self._marks: list[Spot] = []

    def all(self) -> tuple[Sequence[MarginCard], Sequence[Spot]]:
        """The cards in the order of their words, and the marks."""
        if self._touched is not None:
            self._proposals(self._touched)
        if self._said is not None:
            self._comments(*self._said)
        cards = [card for _, card in sorted(self._shown, key=lambda pair: pair[0])]
        return (*cards, *self._last), tuple(self._marks)

    def _proposals(self, touched: Touched) -> None:
        block = self._block
        ranges = {
            touch.ref: touched_words(touch.change, block.text)
            for touch in touched.first
            if block is not None and touch.fit != Class.ALREADY
        }
        meetings = {} if block is None else _meetings(block, touched.first, ranges)
        for touch in touched.first:
            anchor = f"page.change.{touch.ref}"
            mine = ranges.get(touch.ref, ())
            meeting = meetings.get(touch.ref, "")
            where = 0 if block is None else mine[0][0] if mine else len(block.text)
            self._shown.append((where, self._proposal(touch, meeting, anchor)))
            if block is not None and touch.change.kind is not ChangeKind.INSERT:
                words = block.text[mine[0][0] : mine[-1][1]] if mine else ""
                pin = Pin(True, str(touch.proposal), f"#{anchor}", _spoken(touch, words, meeting))
                self._marks += _spots(mine or ((where, where),), "both" if meeting else "prop", pin)
        more = touched.count - len(touched.first)
        if more > 0:
            address = f"{self._home}/proposals?state=open&section={self._section}"
            self._last.append(MarginCard(address, f"{counted(more, 'more change')} proposed here", count=more))

    def _comments(self, heads: Sequence[ThreadHead], among: int) -> None:
        block = self._block
        for head in heads:
            anchor = f"page.thread.{head.number}"
            self._shown.append((0 if head.words is None else head.words[0], self._comment(head, anchor)))
            if block is not None:
                start, end = head.words or (len(block.text), len(block.text))
                on = "the paragraph" if head.words is None else f"“{beginning(block.text[start:end], _SPOKEN)}”"
                spoken = f"{counted(head.comments, 'comment')} on {on}"
                self._marks.append(Spot(start, end, "thread", Pin(False, str(head.comments), f"#{anchor}", spoken)))
        if among > len(heads):
            of = f"section={self._section}" if block is None else f"block={self._id}"
            more = among - len(heads)
            self._last.append(
                MarginCard(f"{self._home}/threads?{of}", counted(more, "more comment"), thread=True, count=more)
            )

    def _proposal(self, touch: Touch, warning: str, anchor: str) -> MarginCard:
        said = [touch.author]
        votes = [f"{count} {noun}" for count, noun in ((touch.support, "for"), (touch.objection, "against")) if count]
        if votes:
            said.append(", ".join(votes))
        if touch.outcome in _DECIDED:
            said.append(_DECIDED[Outcome(touch.outcome)])
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
    if touch.change.kind is not ChangeKind.INSERT or touch.change.new is None or touch.fit == Class.ALREADY:
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
