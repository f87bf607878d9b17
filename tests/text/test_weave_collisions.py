"""Changes of different proposals meet where they touch one sentence, one paragraph or one place."""

from itertools import count

from app.text.blocks import Block
from app.text.derive import Submission, SubmittedSection, derive
from app.text.dialect import parse
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.weave import Proposed, collisions, weave

VISION = (
    "Patients are key partners in care. We act on evidence.\n\nTheir view counts in every decision.\n\nWe are open."
)
NOTES = "[^n]: Not only asked, but heard."


def section(key: str, markdown: str, kind: SectionKind = SectionKind.TEXT) -> Section:
    blocks = tuple(block.with_id(f"{key}{n}") for n, block in enumerate(parse(markdown)))
    return Section(f"s-{key}", key, kind, key.title(), blocks)


HEAD = Snapshot(Front("Charter", "PEPs"), (section("vision", VISION), section("mission", "We listen to all of them.")))


def proposal(number: int, *sections: SubmittedSection, base: Snapshot = HEAD, **front: object) -> list[Proposed]:
    ids = count(1)
    found = derive(base, Submission(sections, front), lambda: f"p{number}n{next(ids)}")
    return [Proposed(f"{number}.{change.number}", change, base) for change in found.changes]


def vision(number: int, markdown: str, base: Snapshot = HEAD) -> list[Proposed]:
    return proposal(number, SubmittedSection("vision", blocks=parse(markdown)), base=base)


def blocks(number: int, *order: Block) -> list[Proposed]:
    return proposal(number, SubmittedSection("vision", blocks=order))


def test_edits_meet_in_one_sentence_and_not_in_one_paragraph() -> None:
    one = vision(1, VISION.replace("key", "equal"))
    same = vision(2, VISION.replace("Patients", "All patients"))
    other = vision(3, VISION.replace("evidence", "facts"))
    assert collisions(one + same + other) == (("1.1", "2.1"),)


def test_edits_meet_although_they_were_made_on_different_revisions() -> None:
    later = weave(HEAD, vision(9, VISION.replace("evidence", "facts"))).snapshot
    one = vision(1, VISION.replace("key", "equal"))
    other = vision(2, VISION.replace("evidence", "facts").replace("Patients", "All patients"), later)
    assert collisions(one + other) == (("1.1", "2.1"),)


def test_changes_of_one_proposal_never_meet() -> None:
    assert collisions(vision(1, VISION.replace("key", "equal") + "\n\nNew.\n\nNewer.")) == ()


def test_taking_out_a_paragraph_or_section_meets_all_that_is_done_to_it() -> None:
    edit = vision(1, VISION.replace("every", "each"))
    gone = vision(2, VISION.replace("Their view counts in every decision.\n\n", ""))
    removal = proposal(3, SubmittedSection("vision", remove=True))
    insertion = vision(4, VISION + "\n\nThis is new.")
    elsewhere = proposal(5, SubmittedSection("mission", blocks=parse("We listen to most of them.")))
    assert collisions(edit + gone + removal + insertion + elsewhere) == (
        ("1.1", "2.1"),
        ("1.1", "3.1"),
        ("2.1", "3.1"),
        ("3.1", "4.1"),
    )


def test_insertions_meet_at_one_place_and_moves_in_one_block() -> None:
    assert collisions(vision(1, f"{VISION}\n\nOne.") + vision(2, f"{VISION}\n\nTwo.")) == (("1.1", "2.1"),)
    assert collisions(vision(1, f"{VISION}\n\nOne.") + vision(2, f"Two.\n\n{VISION}")) == ()
    first, second, third = HEAD.sections[0].blocks
    assert collisions(blocks(1, third, first, second) + blocks(2, first, third, second)) == (("1.1", "2.1"),)


def test_headings_fields_and_keys_meet_each_other() -> None:
    def rename(number: int) -> list[Proposed]:
        return proposal(number, SubmittedSection("vision", heading=f"Vision {number}"))

    def add(number: int) -> list[Proposed]:
        return proposal(number, SubmittedSection("funding", heading=f"Funding {number}"))

    assert collisions(rename(1) + rename(2)) == (("1.1", "2.1"),)
    assert collisions(add(1) + add(2)) == (("1.1", "2.1"),)
    assert collisions(proposal(1, title="A") + proposal(2, title="B") + proposal(3, language="de")) == (("1.1", "2.1"),)


def test_words_whose_note_others_rewrote_are_told() -> None:
    base = Snapshot(
        HEAD.front,
        (section("vision", "We hear[^n] patients well."), section("footnotes", NOTES, SectionKind.FOOTNOTES)),
    )
    words = proposal(1, SubmittedSection("vision", blocks=parse("We hear[^n] all patients well.")), base=base)
    note = proposal(2, SubmittedSection("footnotes", blocks=parse("[^n]: Heard at last.")), base=base)
    woven = weave(base, words + note)
    assert woven.notices == ("1.1 changes words that cite the note n, which others have rewritten: read both.",)
    assert weave(base, words).notices == ()


def test_a_link_to_a_paragraph_that_goes_is_told() -> None:
    base = Snapshot(HEAD.front, (*HEAD.sections, section("rules", "See [there](#b-mission0) and [here](#vision).")))
    (gone,) = proposal(1, SubmittedSection("mission", blocks=()), base=base)
    assert weave(base, [gone]).notices == (
        "A link in the section rules leads to #b-mission0, which is not in the text now.",
    )
