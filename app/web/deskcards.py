"""The cards of the governors' desk: each change named by its place in the text of today, with its redline and form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.deps import CharterAccess
from app.queries.change_views import ChangeView
from app.queries.desk_changes import DeskChange, DeskGroup
from app.queries.proposals import changed_snapshot, proposal_row
from app.queries.revisions import head_snapshot, snapshot
from app.render.changes import CHOICES, WITHOUT_WORDS
from app.rules.majorities import against_rule
from app.rules.permissions import Action
from app.rules.states import ADOPTED, Outcome, ProposalState
from app.text.blocks import Block, Kind, ListStyle, block_from_json
from app.text.html import HtmlFrame
from app.text.notes import cited_by, numbers
from app.text.snapshot import Snapshot
from app.web.changes import ShownChange, print_plain, print_wording, show_change
from app.web.deciding import words_digest
from app.web.own_words import WordsField, field_of, numbered
from app.web.redlines import redline_frame
from app.web.sections import names_by_id


@dataclass(frozen=True, slots=True)
class Deciding:
    """What the form of a decision on one change offers.

    ``words`` are those the governors may amend, None for a change that has none; ``over`` is the decision a new one
    supersedes; ``needs_reason`` names the choices that go against the charter's rule, so that a reason is needed.
    """

    ref: str
    words: str | None
    over: int | None
    needs_reason: Sequence[str]
    field: WordsField | None

    @property
    def was(self) -> str:
        """By which the form knows whether somebody changed the words it offers."""
        return words_digest(self.words or "")

    def amended(self, typed: Mapping[str, str]) -> bool:
        """Whether somebody wrote other words than the ones the form offers."""
        name = f"text.{self.ref}"
        return name in typed and words_digest(typed[name]) != self.was


@dataclass(frozen=True, slots=True)
class Card:
    """A change with everything its card on the desk says."""

    of: DeskChange
    shown: ShownChange
    place: str
    ready: bool
    deciding: Deciding


def deciding(rule: str, quorum: int, view: ChangeView, note_numbers: Mapping[str, int]) -> Deciding:
    """The form of a decision on a change that is not in the text, in a charter of that rule and quorum."""
    words = None if view.kind in WITHOUT_WORDS else view.after
    advised = view.recommendation.text if view.recommendation is not None else None
    decision = view.decision
    offered = None if words is None else advised or (decision.text if decision and decision.text else None) or words
    return Deciding(
        ref=view.ref,
        words=offered,
        field=None if offered is None else words_of(view, view.ref, offered, note_numbers),
        over=decision.id if decision is not None and view.outcome != Outcome.DEFERRED else None,
        needs_reason=[
            name for value, name in CHOICES.items() if against_rule(rule, quorum, view.tally, Outcome(value))
        ],
    )


def words_of(view: ChangeView, name: str, offered: str, note_numbers: Mapping[str, int]) -> WordsField:
    """The field in which other words are typed for a change."""
    block = None if view.new is None else block_from_json(view.new)
    return field_of(name, block, offered, view.before or "", note_numbers)


def forms_of(
    at: CharterAccess, state: str, views: Sequence[ChangeView], note_numbers: Mapping[str, int]
) -> dict[int, Deciding]:
    """The forms a governor is offered on the page of a proposal, by the numbers of its changes; for others none."""
    if not at.may(Action.DECIDE) or state not in (ProposalState.OPEN, ProposalState.DECIDED):
        return {}
    here = [view for view in views if view.merged_revision is None]
    return {view.number: deciding(at.charter.rule, at.charter.quorum, view, note_numbers) for view in here}


@dataclass(frozen=True, slots=True)
class CardGroup:
    """Cards of changes that meet, with the sentences they meet in."""

    cards: Sequence[Card]
    sentences: Sequence[Markup]


@dataclass(frozen=True, slots=True)
class CardSection:
    """What the desk shows of one section."""

    name: str
    anchor: str
    groups: Sequence[CardGroup]

    @property
    def count(self) -> int:
        """How many changes there are."""
        return sum(len(group.cards) for group in self.groups)

    @property
    def meetings(self) -> int:
        """How many times changes meet."""
        return sum(len(group.cards) > 1 for group in self.groups)


def card_sections(session: Session, charter: Charter, groups: Sequence[DeskGroup]) -> list[CardSection]:
    """The groups of a page under the sections they touch, in the order given."""
    head = head_snapshot(session, charter)
    bases = {
        number: snapshot(session, charter, number)
        for number in sorted({change.base_revision for group in groups for change in group.changes})
    }
    frames = {n: redline_frame(base, head, f"/{charter.key}", anchors=False) for n, base in bases.items()}
    own = _with_own_numbers(session, charter, groups, head)
    called = names_by_id(head, *bases.values())
    made: list[tuple[str | None, list[CardGroup]]] = []
    for group in groups:
        cards = [
            _card(charter, one, *own[one.proposal])
            if one.proposal in own
            else _card(charter, one, bases[one.base_revision], head, frames[one.base_revision])
            for one in group.changes
        ]
        if not made or made[-1][0] != group.section:
            made.append((group.section, []))
        sentences = [_sentence(sentence, group, frames[max(frames)]) for sentence in group.sentences]
        made[-1][1].append(CardGroup(cards, sentences))
    return [CardSection(_name(called, section, some), section or "cover", some) for section, some in made]


def _sentence(sentence: str, group: DeskGroup, frame: HtmlFrame) -> Markup:
    """A sentence in which changes meet; a row of a table by the words of its cells."""
    tables = any((one.view.new or one.view.old or {}).get("kind") == Kind.TABLE for one in group.changes)
    return print_wording(sentence, frame) if tables else print_plain(sentence, frame)


def _with_own_numbers(
    session: Session, charter: Charter, groups: Sequence[DeskGroup], head: Snapshot
) -> dict[int, tuple[Snapshot, Snapshot, HtmlFrame]]:
    """For proposals that bring notes or list items of their own: their texts, in which these have numbers."""
    known = numbers(head).numbers
    bringing = {
        one.proposal
        for group in groups
        for one in group.changes
        if one.view.new is not None and _unnumbered(block_from_json(one.view.new), known, is_new=one.view.old is None)
    }
    found: dict[int, tuple[Snapshot, Snapshot, HtmlFrame]] = {}
    for number in sorted(bringing):
        base, changed = changed_snapshot(session, charter, proposal_row(session, charter, number, None))
        found[number] = base, changed, redline_frame(base, changed, f"/{charter.key}", anchors=False)
    return found


def _unnumbered(block: Block, known: Mapping[str, int], *, is_new: bool) -> bool:
    """Whether only the text of its proposal says what number a block has, or a note that it cites."""
    if is_new and block.kind is Kind.ITEM and block.style is not ListStyle.BULLET:
        return True
    return any(label not in known for label in (*cited_by(block), *([block.label] if block.label else [])))


def _name(called: Mapping[str, str], section: str | None, groups: Sequence[CardGroup]) -> str:
    if section is None:
        return "The cover"
    name = called.get(section)
    if name is None:
        return next(
            (f"New section “{card.of.view.after}”" for g in groups for card in g.cards if card.of.view.after),
            "A new section",
        )
    return name[:1].upper() + name[1:]


def _card(charter: Charter, one: DeskChange, base: Snapshot, head: Snapshot, frame: HtmlFrame) -> Card:
    view = one.view
    shown = show_change(view, base, head, frame)
    return Card(
        of=one,
        shown=shown,
        place=_place(one, shown, base, head, frame),
        ready=view.outcome in ADOPTED,
        deciding=deciding(charter.rule, charter.quorum, view, numbered(frame)),
    )


def _place(one: DeskChange, shown: ShownChange, base: Snapshot, head: Snapshot, frame: HtmlFrame) -> str:
    """Where a change is; of a new block, after which one it comes."""
    view = one.view
    if view.kind == "add_section":
        return "A new section"
    if view.kind != "insert" or view.place is None:
        return shown.place
    section = view.place.section
    if view.place.after is None:
        return show_change(replace(view, section=section, block=None), base, head, frame).place + ", at the beginning"
    before = show_change(replace(view, section=section, block=view.place.after), base, head, frame).place
    return f"After {before}" if not before.startswith("A section") else "New in the same proposal"


_REF = re.compile(r"\d{1,9}\.\d{1,9}")


def refs_in(words: str) -> frozenset[str]:
    """The changes that a sentence names, so that it can be shown beside them."""
    return frozenset(_REF.findall(words))
