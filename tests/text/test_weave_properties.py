"""What holds for every weave: exact on its own base, blind to the order of what does not touch, never losing a word."""

import string
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.blocks import Align, Block, Kind, ListStyle
from app.text.change import change_from_json, change_to_json
from app.text.derive import changes_between
from app.text.merge import merge_snapshots
from app.text.notes import note_blocks, ordered, settled
from app.text.repair import repaired
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.weave import Class, Proposed, weave
from app.text.words import is_word, tokens

WORDS = ["Patients", "lead", "the", "board", "meets", "every", "month", "and", "acts", "on", "evidence", "with", "care"]
LABELS = ["a", "b", "c"]


@st.composite
def sentences(draw: st.DrawFn, extra: str = "") -> str:
    """A sentence or two; some cite a note."""
    words = draw(st.lists(st.sampled_from([*WORDS, *extra.split()]), min_size=1, max_size=9))
    cited = f"[^{draw(st.sampled_from(LABELS))}]" if draw(st.integers(0, 5)) == 0 else ""
    return f"{words[0].capitalize()} {' '.join(words[1:])}".strip() + cited + "."


@st.composite
def shapes(draw: st.DrawFn) -> Block:
    """A block without id, of any kind that has words."""
    text = draw(sentences())
    match draw(st.integers(0, 9)):
        case 0:
            return Block(Kind.HEADING, text.rstrip("."), level=2)
        case 1:
            return Block(Kind.TABLE, f"| Role | Term |\n| {text} | 2 |", align=(Align.NONE, Align.NONE))
        case 2 | 3:
            return Block(Kind.ITEM, text, draw(st.integers(0, 2)), style=ListStyle.BULLET)
        case 4:
            return Block(
                Kind.ITEM, text, draw(st.integers(0, 1)), style=ListStyle.DECIMAL, start=draw(st.integers(1, 2))
            )
        case 5:
            return Block(Kind.PARAGRAPH, text, 1)
        case _:
            return Block(Kind.PARAGRAPH, text)


def footnotes(labels: list[str], texts: list[str]) -> Section:
    """A section of notes."""
    notes = [Block(Kind.NOTE, text, id=f"note-{x}", label=x) for x, text in zip(labels, texts, strict=True)]
    return Section("s-footnotes", "footnotes", SectionKind.FOOTNOTES, "", tuple(notes))


@st.composite
def charters(draw: st.DrawFn) -> Snapshot:
    """A charter of two or three sections and footnotes, all blocks with ids."""
    sections = []
    for n in range(draw(st.integers(1, 3))):
        blocks = [b.with_id(f"b{n}{i}") for i, b in enumerate(draw(st.lists(shapes(), max_size=6)))]
        sections.append(Section(f"s{n}", f"k{n}", SectionKind.TEXT, f"Heading {n}", repaired(blocks)))
    texts = [draw(sentences()) for _ in LABELS]
    return ordered(Snapshot(Front("Charter", "Group"), (*sections, footnotes(LABELS, texts))))


@st.composite
def rewritten(draw: st.DrawFn, base: Snapshot, mark: str) -> Snapshot:
    """The charter as an author might want it: words changed, blocks moved, added and taken out, sections too."""
    pool: list[list[Block]] = [list(s.blocks) for s in base.sections if s.kind is SectionKind.TEXT]
    heads = [replace(s, blocks=()) for s in base.sections if s.kind is SectionKind.TEXT]
    for n in range(draw(st.integers(0, 5))):
        row = draw(st.integers(0, len(pool) - 1))
        at = draw(st.integers(0, len(pool[row])))
        match draw(st.integers(0, 5)):
            case 0:
                pool[row].insert(at, draw(shapes()).with_id(f"{mark}{n}"))
            case 1 if at < len(pool[row]):
                del pool[row][at]
            case 2 if at < len(pool[row]):
                block = pool[row].pop(at)
                to = draw(st.integers(0, len(pool) - 1))
                pool[to].insert(draw(st.integers(0, len(pool[to]))), block)
            case 3 if at < len(pool[row]) and pool[row][at].kind is not Kind.TABLE:
                pool[row][at] = pool[row][at].with_text(draw(sentences(f"{mark}word {mark}other")))
            case 4:
                heads[row] = replace(heads[row], heading=draw(st.sampled_from(["Aims", "Duties", heads[row].heading])))
            case 5:
                kind = draw(st.integers(0, 2))
                if kind == 0 and len(heads) > 1:
                    del heads[row], pool[row]
                elif kind == 1:
                    heads.insert(row, Section(f"{mark}s{n}", f"{mark}key{n}", SectionKind.TEXT, "Added"))
                    pool.insert(row, [draw(shapes()).with_id(f"{mark}sb{n}")])
                else:
                    heads.append(heads.pop(row))
                    pool.append(pool.pop(row))
            case _:
                pass
    notes = [s for s in base.sections if s.kind is SectionKind.FOOTNOTES]
    if draw(st.integers(0, 3)) == 0 and notes[0].blocks:
        kept = [b.with_text(draw(sentences())) if draw(st.booleans()) else b for b in notes[0].blocks]
        new = Block(Kind.NOTE, draw(sentences()), id=f"{mark}note", label=f"{mark}l")
        notes = [replace(notes[0], blocks=(*kept[draw(st.integers(0, 1)) :], new))]
    sections = [replace(head, blocks=repaired(blocks)) for head, blocks in zip(heads, pool, strict=True)]
    return ordered(Snapshot(base.front, (*sections, *notes)))


def proposal(number: int, base: Snapshot, target: Snapshot) -> list[Proposed]:
    """All changes of one proposal."""
    return [Proposed(f"{number}.{c.number}", c, base) for c in changes_between(base, target)]


@st.composite
def proposals(draw: st.DrawFn, count: int) -> tuple[Snapshot, list[Snapshot]]:
    """A charter, and what several authors want it to be."""
    base = draw(charters())
    return base, [draw(rewritten(base, string.ascii_lowercase[-1 - n])) for n in range(count)]


@given(proposals(1))
@settings(max_examples=100, deadline=None)
def test_all_changes_of_a_proposal_on_its_own_base_give_exactly_the_text_its_author_wanted(
    case: tuple[Snapshot, list[Snapshot]],
) -> None:
    base, (target,) = case
    woven = weave(base, proposal(1, base, target))
    assert woven.snapshot == target
    assert not woven.conflicts
    assert not woven.combined
    assert {fit.cls for fit in woven.classes.values()} <= {Class.APPLIES}


@given(proposals(1))
@settings(max_examples=25, deadline=None)
def test_a_text_that_is_wanted_as_it_stands_has_no_changes_and_what_is_merged_is_already_there(
    case: tuple[Snapshot, list[Snapshot]],
) -> None:
    base, (target,) = case
    assert changes_between(base, base) == ()
    again = weave(target, proposal(1, base, target))
    assert again.snapshot == target
    assert {fit.cls for fit in again.classes.values()} <= {Class.ALREADY}


@given(proposals(1))
@settings(max_examples=25, deadline=None)
def test_changes_come_back_from_storage_as_they_were(case: tuple[Snapshot, list[Snapshot]]) -> None:
    base, (target,) = case
    changes = changes_between(base, target)
    assert tuple(change_from_json(change_to_json(change)) for change in changes) == changes


@given(proposals(1), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_any_choice_of_changes_that_has_what_it_needs_can_be_merged(
    case: tuple[Snapshot, list[Snapshot]], random: object
) -> None:
    base, (target,) = case
    everything = proposal(1, base, target)
    chosen = {one.change.number for one in everything if random.random() < 0.6}  # type: ignore[attr-defined]
    while True:
        lacking = {c.change.number for c in everything if c.change.number in chosen and set(c.change.needs) - chosen}
        if not lacking:
            break
        chosen -= lacking
    woven = weave(base, [one for one in everything if one.change.number in chosen])
    ids = [block.id for _, _, block in woven.snapshot.placed_blocks()]
    assert len(ids) == len(set(ids))
    assert not woven.conflicts
    assert all(repaired(section.blocks) == section.blocks for section in woven.snapshot.sections)


@given(proposals(2))
@settings(max_examples=40, deadline=None)
def test_no_word_that_anybody_wrote_is_lost_without_being_named(case: tuple[Snapshot, list[Snapshot]]) -> None:
    base, targets = case
    chosen = [one for n, target in enumerate(targets, start=1) for one in proposal(n, base, target)]
    woven = weave(base, chosen)
    told = [words(woven.snapshot)]
    told += [set(tokens(f"{c.standing}\n{c.proposed}")) for c in woven.conflicts]
    present = set().union(*told)
    for one in chosen:
        if one.change.after is None:
            continue
        new = {word for word in tokens(one.change.after) if is_word(word)} - set(tokens(one.change.before or ""))
        orphaned = woven.classes[one.ref].cls is Class.ORPHANED
        taken_out = one.change.section not in {s.id for s in woven.snapshot.sections} or any(
            other.change.kind == "delete" and other.change.block == one.change.block for other in chosen
        )
        assert orphaned or taken_out or new <= present, one


@given(proposals(2))
@settings(max_examples=40, deadline=None)
def test_the_order_of_proposals_that_meet_nowhere_does_not_matter(case: tuple[Snapshot, list[Snapshot]]) -> None:
    base, targets = case
    sides = [proposal(n, base, target) for n, target in enumerate(targets, start=1)]
    one, other = weave(base, [*sides[0], *sides[1]]), weave(base, [*sides[1], *sides[0]])
    structural = {"move", "add_section", "move_section", "remove_section", "insert"}
    if one.conflicts or any(c.change.kind in structural for side in sides for c in side):
        assert bool(one.conflicts) == bool(other.conflicts) or any(
            c.change.kind in structural for s in sides for c in s
        )
        return
    assert one.snapshot == other.snapshot
    assert {c.sentence for c in one.combined} == {c.sentence for c in other.combined}


@given(proposals(2))
@settings(max_examples=40, deadline=None)
def test_two_sides_of_one_charter_merge_or_say_why_not(case: tuple[Snapshot, list[Snapshot]]) -> None:
    base, (ours, theirs) = case
    assert read(merge_snapshots(base, ours, base).snapshot) == read(ours)
    assert read(merge_snapshots(base, base, theirs).snapshot) == read(theirs)
    assert read(merge_snapshots(base, ours, ours).snapshot) == read(ours)
    merged = merge_snapshots(base, ours, theirs)
    again = merge_snapshots(base, ours, theirs)
    assert merged == again
    assert set(note_blocks(merged.snapshot)) or not note_blocks(ours)


def read(snapshot: Snapshot) -> list[tuple[str, list[Block]]]:
    """A charter as people read it: of two paragraphs that read the same nobody can say which is which.

    Nor does it say anything in which order notes stand that nobody cites.
    """
    return [(section.heading, [block.body for block in section.blocks]) for section in settled(snapshot).sections]


def words(snapshot: Snapshot) -> set[str]:
    """Every token of a text, headings included."""
    found = {token for section in snapshot.sections for token in tokens(section.heading)}
    return found.union(*(tokens(block.text) for _, _, block in snapshot.placed_blocks()))
