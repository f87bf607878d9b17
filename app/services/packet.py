"""Puts together the packet for a meeting: each change named by its place in the text of today, with what it meets."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from app.db.models.charters import Charter
from app.queries.change_views import ChangeView
from app.queries.desk_changes import DeskChange
from app.queries.packet import PacketMaterial, PacketProposal
from app.queries.thread_lists import ThreadHead
from app.render.changes import (
    ACTS,
    CHOICES,
    OUTCOMES,
    WITHOUT_WORDS,
    field_name,
    line_block,
    spot,
    standing_of,
)
from app.render.pdf.packet import Chapter, Packet, Paper, Point, Rival, Ruling, Spoken, Talk, Wording
from app.rules.majorities import RULES, Rule, Tally
from app.rules.states import UNSETTLED
from app.rules.threads import Audience
from app.text.blocks import Block, Kind, block_from_json
from app.text.dialect import plain
from app.text.html import HtmlFrame
from app.text.notes import numbers
from app.text.places import section_name
from app.text.snapshot import Section, Snapshot

_IN_WORDS = frozenset({"replace", "retype", "delete", "rename"})


def packet(
    charter: Charter,
    head: Snapshot,
    bases: Mapping[int, Snapshot],
    material: PacketMaterial,
    *,
    members: int,
    day: date,
    only: Section | None = None,
) -> Packet:
    """All that the paper says; ``bases`` are the texts the changes were made on, by revision."""
    frames = {number: _frame(base, head) for number, base in bases.items()}
    titles = {one.number: one.title for one in material.proposals}
    writer = _Writer(charter, head, bases, frames, titles, members)
    chapters = _chapters(head, material.proposals, writer)
    return Packet(
        charter=charter.key,
        title=head.front.title,
        organisation=head.front.organisation,
        language=head.front.language,
        day=day,
        revision=charter.head,
        rule=_rule(charter, members),
        only="" if only is None else _name(only),
        chapters=chapters,
        left_out=material.left_out,
    )


def _rule(charter: Charter, members: int) -> str:
    said = f"Rule of this charter: {RULES[charter.rule]}."
    return said + (f" Quorum: {charter.quorum} of {members} have to have reviewed a change." if charter.quorum else "")


def _name(section: Section) -> str:
    name = section_name(section, plain(section.heading))
    return name[:1].upper() + name[1:]


def _frame(base: Snapshot, head: Snapshot) -> HtmlFrame:
    """On paper there is no page that an annexe without an address of its own could lead to."""
    return HtmlFrame(
        note_numbers=numbers(head).numbers,
        old_note_numbers=numbers(base).numbers,
        annexes={annexe.key: annexe.url for annexe in head.front.annexes if annexe.url},
        section_names={s.key: _name(s) for text in (base, head) for s in text.sections},
        heading_shift=2,
        anchors=False,
    )


def _chapters(head: Snapshot, proposals: Sequence[PacketProposal], writer: "_Writer") -> list[Chapter]:
    """The proposals under the section that each touches first, in the order given."""
    called = {section.id: _name(section) for section in head.sections}
    made: dict[str | None, list[PacketProposal]] = {}
    for one in proposals:
        first = one.changes[0].view.section
        made.setdefault(first if first is None or first in called else "", []).append(one)
    return [
        Chapter(
            name="The cover" if id is None else called.get(id, "New sections, and sections that are gone"),
            anchor=f"chapter.{n}",
            papers=[writer.paper(one) for one in mine],
            elsewhere=[
                other.number
                for other in proposals
                if other not in mine and id and any(change.view.section == id for change in other.changes)
            ],
        )
        for n, (id, mine) in enumerate(made.items(), 1)
    ]


class _Writer:
    """Writes proposals as they stand on paper."""

    def __init__(
        self,
        charter: Charter,
        head: Snapshot,
        bases: Mapping[int, Snapshot],
        frames: Mapping[int, HtmlFrame],
        titles: Mapping[int, str],
        members: int,
    ) -> None:
        self._charter, self._head, self._bases, self._frames = charter, head, bases, frames
        self._titles, self._members = titles, members
        self._today = {block.id: block for section in head.sections for block in section.blocks if block.id}

    def paper(self, one: PacketProposal) -> Paper:
        """One proposal."""
        beside = {head.number: head for heads, _ in one.beside.values() for head in heads}
        new = _new_notes(one)
        return Paper(
            number=one.number,
            title=one.title,
            author=one.author,
            signers=one.signers,
            version=one.version,
            base_revision=one.base_revision,
            updated_at=one.updated_at,
            review_by=one.review_by,
            relation=_relation(one),
            reasons=one.rationale,
            points=[self._point(change, new) for change in one.changes],
            spoken=[
                Spoken(
                    review.person,
                    review.position,
                    "" if review.change is None else f"{one.number}.{review.change}",
                    review.text,
                    review.on_earlier_version,
                )
                for review in one.reviews
            ],
            talks=[_talk(head) for head in one.threads],
            beside=[_talk(beside[number]) for number in sorted(beside)],
        )

    def _point(self, change: DeskChange, new_notes: Sequence[str]) -> Point:
        view, base, frame = change.view, self._bases[change.base_revision], self._frames[change.base_revision]
        if new_notes:
            # Notes that are not in the text yet are counted on, so that a citation and its note find each other.
            last = max([*frame.note_numbers.values(), *frame.old_note_numbers.values()], default=0)
            fresh = {label: n for n, label in enumerate(new_notes, last + 1)}
            frame = replace(frame, note_numbers={**fresh, **frame.note_numbers})
        now = spot(view.section, view.block, self._head, frame.note_numbers)
        place = now or spot(view.section, view.block, base, frame.old_note_numbers)
        if place is None and view.place is not None and view.place.section is not None:
            place = spot(view.place.section, view.place.after, self._head, frame.note_numbers) or spot(
                view.place.section, None, self._head, frame.note_numbers
            )
        old, new = (None if block is None else block_from_json(block) for block in (view.old, view.new))
        if old is None and new is None:
            old, new = line_block(view.before), line_block(view.after)
        if new is None and view.kind in ("move", "move_section"):
            new = old
        number = None if place is None else place.number
        standing = self._today.get(view.block or "")
        after = view.kind == "insert" and place is not None and place.within is not None
        name = field_name(view.field) if place is None else place.name
        if new is not None and new.kind is Kind.NOTE and new.label is not None and new.label in new_notes:
            after, name = False, f"Note {frame.note_numbers[new.label]}"
        settled = view.decision is not None and view.outcome not in UNSETTLED
        return Point(
            ref=view.ref,
            place=f"After {name}" if after else name,
            paragraph=now.within.short if now is not None and now.within is not None else "",
            act=ACTS.get(view.kind),
            to=self._to(view, frame),
            wording=Wording(old, new, number),
            today=standing if standing is not None and old is not None and standing.text != old.text else None,
            frame=frame,
            standing=None if settled else standing_of(view.cls, confirm=view.confirm),
            meeting="this sentence" if view.kind in _IN_WORDS else "this place",
            rivals=[self._rival(ref, change) for ref in view.collides_with],
            needs=[f"{change.proposal}.{n}" for n in view.needs],
            tally=_tally(view.tally) + self._ruled(view),
            decided=_decided(view, old, new, number),
            advice=_advised(view, old, new, number),
            choices=() if settled else [c for c in CHOICES if c != "adopted_amended" or view.kind not in WITHOUT_WORDS],
        )

    def _to(self, view: ChangeView, frame: HtmlFrame) -> str:
        """Where something would stand after it was moved, as the text reads today."""
        if view.kind not in ("move", "move_section") or view.place is None:
            return ""
        section, after = view.place.section, view.place.after
        if view.kind == "move_section":
            before = None if after is None else self._head.section_by_id(after)
            return "It would come first." if before is None else f"It would come after “{_name(before)}”."
        found = spot(section, after, self._head, frame.note_numbers)
        if after is not None and found is not None:
            return f"It would stand after {found.name}."
        whole = spot(section, None, self._head, frame.note_numbers)
        if whole is None:
            return ""
        return (
            f"It would stand at the beginning of {whole.name}." if after is None else f"It would stand in {whole.name}."
        )

    def _rival(self, ref: str, change: DeskChange) -> Rival:
        number = int(ref.split(".")[0])
        here = number in self._titles
        return Rival(
            ref, self._titles.get(number, ""), number if here else None, OUTCOMES.get(change.met.get(ref, ""), "")
        )

    def _ruled(self, view: ChangeView) -> str:
        if not view.tally.spoken or (self._charter.rule == Rule.GOVERNORS and not self._charter.quorum):
            return ""
        return " The rule is met." if view.agreed else " The rule is not met."


def _new_notes(one: PacketProposal) -> list[str]:
    """The labels of the notes a proposal would put in."""
    new = [block_from_json(c.view.new) for c in one.changes if c.view.kind == "insert" and c.view.new is not None]
    return [block.label for block in new if block.kind is Kind.NOTE and block.label]


def _relation(one: PacketProposal) -> str:
    if one.related is None or not one.relation:
        return ""
    return f"{'An alternative' if one.relation == 'alternative' else 'An amendment'} to proposal {one.related}."


def _tally(count: Tally) -> str:
    parts = [
        (count.support, "in support"),
        (count.object, "objection" if count.object == 1 else "objections"),
        (count.abstain, "abstention" if count.abstain == 1 else "abstentions"),
    ]
    said = [f"{n} {words}" for n, words in parts if n]
    return f"{', '.join(said) if said else 'Nobody has reviewed it'}; {count.silent} not yet."


def _other(words: str | None, old: Block | None, new: Block | None, number: int | None) -> Wording | None:
    """The same change in other words, if there are any."""
    worded = new or old
    return None if words is None or worded is None else Wording(old, worded.with_text(words), number)


def _decided(view: ChangeView, old: Block | None, new: Block | None, number: int | None) -> Ruling | None:
    made = view.decision
    if made is None:
        return None
    wording = _other(made.text if made.outcome == "adopted_amended" else None, old, new, number)
    return Ruling(OUTCOMES[made.outcome], made.decided_by, made.decided_at, made.reason, wording)


def _advised(view: ChangeView, old: Block | None, new: Block | None, number: int | None) -> Ruling | None:
    made = view.recommendation
    if made is None:
        return None
    return Ruling(CHOICES[made.outcome], made.person, made.created_at, made.reason, _other(made.text, old, new, number))


def _talk(head: ThreadHead) -> Talk:
    return Talk(head.number, head.subject, head.author, head.said, head.comments, head.audience != Audience.PUBLIC)
