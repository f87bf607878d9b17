"""Many open changes are held against one text at once, and each answer is what that change alone would get."""

from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.change import ChangeKind
from app.text.derive import Submission, SubmittedSection, changes_between, derive
from app.text.dialect import parse
from app.text.ground import Ground
from app.text.loom import Loom
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.weave import Class, Fit, Proposed, classify, classify_all, collision_map, weave
from app.text.weaving import Weaving

VISION = "Patients are key partners in care. We act on evidence.\n\nTheir view counts here.\n\nWe are open to all."
NOTES = "[^n]: Not only asked, but heard."


def section(key: str, markdown: str, kind: SectionKind = SectionKind.TEXT) -> Section:
    blocks = tuple(block.with_id(f"{key}{n}") for n, block in enumerate(parse(markdown)))
    return Section(f"s-{key}", key, kind, key.title(), blocks)


BASE = Snapshot(
    Front("Charter", "PEPs"),
    (
        section("vision", VISION),
        section("mission", "We listen to all of them[^n].\n\n- One aim\n- Another aim"),
        section("duties", "Members pay their fees in March."),
        section("notes", NOTES, SectionKind.FOOTNOTES),
    ),
)


def proposal(number: int, *sections: SubmittedSection, base: Snapshot = BASE, **front: object) -> list[Proposed]:
    ids = count(1)
    found = derive(base, Submission(sections, front), lambda: f"p{number}n{next(ids)}")
    return [Proposed(f"{number}.{change.number}", change, base) for change in found.changes]


def text(number: int, key: str, markdown: str, base: Snapshot = BASE) -> list[Proposed]:
    return proposal(number, SubmittedSection(key, blocks=parse(markdown)), base=base)


def everything() -> list[list[Proposed]]:
    """Proposals of every kind of change, each on the same base."""
    vision, mission = BASE.sections[0].blocks, BASE.sections[1].blocks
    return [
        text(1, "vision", VISION.replace("key", "equal")),
        text(2, "vision", VISION.replace("key", "main").replace("here", "everywhere")),
        text(3, "vision", VISION.replace("Their view counts here.\n\n", "")),
        text(4, "vision", f"{VISION}\n\nThis is new here.\n\nThis is newer still."),
        text(5, "vision", f"{VISION}\n\nThis is new there."),
        proposal(6, SubmittedSection("vision", blocks=(vision[2], vision[0], vision[1]))),
        proposal(7, SubmittedSection("vision", blocks=(vision[0], vision[2], vision[1]))),
        proposal(8, SubmittedSection("vision", heading="What we see")),
        proposal(9, SubmittedSection("duties", remove=True)),
        text(10, "duties", "Members pay their fees in April."),
        proposal(11, SubmittedSection("funding", heading="Funding", blocks=parse("Fees.\n\nGrants."), after=None)),
        proposal(12, SubmittedSection("duties", after=None)),
        proposal(13, title="Charter of all"),
        proposal(14, title="Our charter"),
        text(15, "mission", "We listen to all of them[^n], and well[^m].\n\n- One aim\n- Another aim\n\n[^m]: Well."),
        text(16, "mission", "We listen to all[^n].\n\nOne aim\n\n- Another aim"),
        text(17, "notes", "[^n]: Asked and heard."),
        proposal(
            18, SubmittedSection("mission", blocks=(*mission, vision[1])), SubmittedSection("vision", blocks=vision[:1])
        ),
    ]


PROPOSALS = everything()


def one_by_one(head: Snapshot, changes: list[Proposed]) -> dict[str, Fit]:
    """The classes found by whole weaves, one for each change and what it needs."""
    found = {}
    for one in changes:
        needed = {one.change.number}
        while True:
            more = {
                n for c in changes if c.proposal == one.proposal and c.change.number in needed for n in c.change.needs
            }
            if more <= needed:
                break
            needed |= more
        together = [c for c in changes if c.proposal == one.proposal and c.change.number in needed]
        found[one.ref] = weave(head, together).classes[one.ref]
    return found


@settings(max_examples=12, deadline=None)
@given(st.sets(st.integers(0, 17), max_size=8), st.booleans())
def test_all_at_once_every_change_fits_as_it_does_alone(adopted: set[int], later_base: bool) -> None:
    head = BASE
    for n in sorted(adopted):
        woven = weave(head, PROPOSALS[n])
        if not woven.conflicts:
            head = woven.snapshot
    changes = [one for made in PROPOSALS for one in made]
    if later_base:
        target = weave(head, PROPOSALS[4]).snapshot
        changes += [Proposed(f"30.{c.number}", c, head) for c in changes_between(head, target)]
    assert classify_all(head, changes) == one_by_one(head, changes)


def rows(number: int, *words: str, notes: bool = False) -> list[Proposed]:
    """New paragraphs in a row at the end of the vision, each with a note of its own if wanted."""
    cited = [f"{word}[^{word}]" if notes else word for word in words]
    defined = [f"[^{word}]: Note {word}." for word in words] if notes else []
    return text(number, "vision", "\n\n".join([VISION, *cited, *defined]))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from("abcdef"), max_size=4, unique=True),
    st.lists(st.sampled_from("abcdef"), min_size=1, max_size=4, unique=True),
    st.booleans(),
    st.booleans(),
)
def test_new_paragraphs_in_a_row_fit_as_each_does_alone(
    there: list[str], wanted: list[str], notes: bool, gone: bool
) -> None:
    head = weave(BASE, rows(20, *there, notes=notes)).snapshot if there else BASE
    if gone:
        head = weave(head, text(21, "vision", "Nothing.")).snapshot
    changes = [*rows(22, *wanted, notes=notes), *everything()[3]]
    assert classify_all(head, changes) == one_by_one(head, changes)


def test_a_long_row_of_new_paragraphs_with_notes_is_held_against_the_text_at_once() -> None:
    # One by one this takes minutes: each needs all before it.
    words = [f"w{n}" for n in range(600)]
    made = rows(20, *words, notes=True)
    assert {fit.cls for fit in classify_all(BASE, made).values()} == {Class.APPLIES}
    cited = text(23, "vision", VISION + "".join(f"[^{w}]" for w in words) + "".join(f"\n\n[^{w}]: {w}." for w in words))
    assert {fit.cls for fit in classify_all(BASE, cited).values()} == {Class.APPLIES}
    other = rows(24, *(f"v{n}" for n in range(600)))
    head = weave(BASE, rows(25, *words)).snapshot
    assert {fit.cls for fit in classify_all(head, other).values()} == {Class.CONFLICT}
    assert {fit.cls for fit in classify_all(head, rows(26, *words)).values()} == {Class.ALREADY}


def test_the_proposals_held_against_the_text_are_of_every_kind() -> None:
    kinds = {one.change.kind for made in everything() for one in made}
    assert kinds == set(ChangeKind)


def test_a_paragraph_put_into_a_new_section_fits_although_the_section_is_not_there_yet() -> None:
    made = everything()[10]
    assert {fit.cls for fit in classify_all(BASE, made).values()} == {Class.APPLIES}
    paragraph = next(one for one in made if one.change.kind is ChangeKind.INSERT)
    assert classify(BASE, paragraph).cls is Class.ORPHANED
    assert classify(BASE, paragraph, [made[0]]).cls is Class.APPLIES


def test_trying_a_change_leaves_the_text_as_it_was() -> None:
    loom = Loom(BASE)
    for made in everything():
        with loom.tried():
            Weaving(Ground(BASE), loom, made, {}).put_in()
            assert loom.snapshot() != BASE
        assert loom.snapshot() == BASE


def test_the_map_names_every_sentence_with_all_who_touch_it() -> None:
    made = everything()
    found = collision_map([*made[0], *made[1], *made[2], *made[7]], BASE)
    assert [(t.block, t.start, t.end, t.sentence, t.refs, t.is_collision) for t in found] == [
        (None, 0, 6, "Vision", ("8.1",), False),
        ("vision0", 0, 34, "Patients are key partners in care.", ("1.1", "2.1"), True),
        ("vision1", 0, 23, "Their view counts here.", ("2.2", "3.1"), True),
    ]


def test_the_map_finds_a_sentence_again_where_it_stands_now_and_says_when_it_is_gone() -> None:
    edit = text(1, "vision", VISION.replace("evidence", "facts"))
    other = text(2, "vision", VISION.replace("key", "equal"))
    before = weave(BASE, text(3, "vision", VISION.replace("Patients", "All patients"))).snapshot
    found = {t.refs: (t.start, t.end) for t in collision_map([*edit, *other], before)}
    assert found == {("1.1",): (39, 58), ("2.1",): (None, None)}


def test_the_map_tells_equal_sentences_of_one_paragraph_apart() -> None:
    base = Snapshot(BASE.front, (section("vision", "We vote. We vote. We leave."),))
    second = text(1, "vision", "We vote. We all vote. We leave.", base)
    found = collision_map(second, base)
    assert [(t.start, t.end) for t in found] == [(9, 17)]


def test_whole_sentences_put_in_touch_a_point_between_the_others() -> None:
    base = Snapshot(BASE.front, (section("vision", "We vote in May. We leave in June."),))
    found = collision_map(text(1, "vision", "We vote in May. Then we rest. We leave in June.", base), base)
    assert [(t.sentence, t.start == t.end) for t in found] == [("", True)]
