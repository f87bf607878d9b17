"""How each change fits a text, what people are asked, and what the text becomes."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count

import pytest

from app.text.blocks import Block
from app.text.derive import Submission, SubmittedSection, derive
from app.text.dialect import parse, serialise
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.weave import Choice, Class, Proposed, Resolution, Weave, classify, weave

FIRST = "Enabling a world where patients are key partners in shaping care."
SECOND = "Their perspectives are integral to every decision that is taken."
THIRD = "We act on evidence and on trust, in public."
VISION = f"{FIRST}\n\n{SECOND}\n\n{THIRD}\n"
MISSION = "Our mission is to foster better organisations.\n\nWe listen and we learn from patients."


def section(key: str, markdown: str, kind: SectionKind = SectionKind.TEXT) -> Section:
    blocks = tuple(block.with_id(f"{key}{n}") for n, block in enumerate(parse(markdown)))
    return Section(f"s-{key}", key, kind, key.title(), blocks)


def charter(vision: str = VISION, mission: str = MISSION) -> Snapshot:
    return Snapshot(Front("Draft Charter", "PEPs"), (section("vision", vision), section("mission", mission)))


HEAD = charter()


def proposal(number: int, *sections: SubmittedSection, base: Snapshot = HEAD, **front: object) -> list[Proposed]:
    ids = count(1)
    found = derive(base, Submission(sections, front), lambda: f"p{number}n{next(ids)}")
    return [Proposed(f"{number}.{change.number}", change, base) for change in found.changes]


def vision(number: int, markdown: str, base: Snapshot = HEAD) -> list[Proposed]:
    return proposal(number, SubmittedSection("vision", blocks=parse(markdown)), base=base)


def blocks(number: int, *order: Block, base: Snapshot = HEAD) -> list[Proposed]:
    return proposal(number, SubmittedSection("vision", blocks=order), base=base)


def text(woven: Weave, key: str = "vision") -> str:
    found = woven.snapshot.section(key)
    assert found is not None
    return serialise(found.blocks)


def classes(woven: Weave) -> Mapping[str, Class]:
    return {ref: fit.cls for ref, fit in woven.classes.items()}


def settled(head: Snapshot, chosen: list[Proposed], choice: Choice, words: str | None = None) -> Weave:
    """The weave with that choice for every conflict."""
    asked = weave(head, chosen).conflicts
    return weave(head, chosen, {conflict.id: Resolution(choice, words) for conflict in asked})


def test_a_change_of_an_untouched_block_applies() -> None:
    woven = weave(HEAD, vision(1, VISION.replace("key", "equal")))
    assert classes(woven) == {"1.1": Class.APPLIES}
    assert text(woven) == VISION.replace("key", "equal")


def test_other_words_of_one_sentence_are_combined_and_have_to_be_confirmed() -> None:
    chosen = vision(1, VISION.replace("key", "equal")) + vision(2, VISION.replace("patients", "patients and carers"))
    woven = weave(HEAD, chosen)
    assert classes(woven) == {"1.1": Class.APPLIES, "2.1": Class.COMBINED}
    assert woven.classes["2.1"].confirm
    (combined,) = woven.combined
    assert combined.sentence == "Enabling a world where patients and carers are equal partners in shaping care."
    assert (combined.section, combined.block, combined.refs) == ("s-vision", "vision0", ("1.1", "2.1"))
    assert not woven.conflicts


def test_other_sentences_of_one_block_are_combined_without_asking() -> None:
    base = charter("We meet often. We act on evidence.")
    chosen = vision(1, "We meet daily. We act on evidence.", base) + vision(2, "We meet often. We act on trust.", base)
    woven = weave(base, chosen)
    assert classes(woven) == {"1.1": Class.APPLIES, "2.1": Class.COMBINED}
    assert not woven.classes["2.1"].confirm
    assert not woven.combined


def test_a_sentence_combined_with_what_was_merged_before_names_the_new_change_alone() -> None:
    head = weave(HEAD, vision(1, VISION.replace("key", "equal"))).snapshot
    woven = weave(head, vision(2, VISION.replace("patients", "patients and carers")))
    assert [combined.refs for combined in woven.combined] == [("2.1",)]


def test_a_third_change_of_the_same_sentence_gives_one_sentence_of_three() -> None:
    chosen = [
        *vision(1, VISION.replace("key", "equal")),
        *vision(2, VISION.replace("patients", "patients and carers")),
        *vision(3, VISION.replace("care.", "sustainable care.")),
    ]
    woven = weave(HEAD, chosen)
    assert [combined.refs for combined in woven.combined] == [("1.1", "2.1", "3.1")]


def test_rival_words_are_a_conflict_and_the_text_stands_until_somebody_chooses() -> None:
    chosen = vision(1, VISION.replace("key", "equal")) + vision(2, VISION.replace("key", "main"))
    woven = weave(HEAD, chosen)
    assert classes(woven) == {"1.1": Class.APPLIES, "2.1": Class.CONFLICT}
    (conflict,) = woven.conflicts
    assert (conflict.section, conflict.block, conflict.refs) == ("s-vision", "vision0", ("1.1", "2.1"))
    assert (conflict.base, conflict.standing, conflict.proposed) == (
        FIRST,
        FIRST.replace("key", "equal"),
        FIRST.replace("key", "main"),
    )
    assert text(woven) == VISION.replace("key", "equal")


@pytest.mark.parametrize(
    ("choice", "words", "first"),
    [
        (Choice.STANDING, None, FIRST.replace("key", "equal")),
        (Choice.PROPOSED, None, FIRST.replace("key", "main")),
        (Choice.BOTH, None, FIRST.replace("key", "equal main")),
        (Choice.TEXT, "A world where patients lead.", "A world where patients lead."),
    ],
)
def test_a_choice_puts_the_chosen_words_in(choice: Choice, words: str | None, first: str) -> None:
    chosen = vision(1, VISION.replace("key", "equal")) + vision(2, VISION.replace("key", "main"))
    woven = settled(HEAD, chosen, choice, words)
    assert not woven.conflicts
    assert len(woven.settled) == 1
    assert woven.classes["2.1"].cls is Class.CONFLICT
    assert text(woven) == VISION.replace(FIRST, first)
    assert not woven.combined


def test_a_choice_holds_only_while_the_conflict_reads_the_same() -> None:
    chosen = vision(1, VISION.replace("key", "equal")) + vision(2, VISION.replace("key", "main"))
    (conflict,) = weave(HEAD, chosen).conflicts
    assert weave(HEAD, chosen).conflicts == (conflict,)
    choice = {conflict.id: Resolution(Choice.PROPOSED)}
    other = weave(HEAD, [*vision(1, VISION.replace("key", "true")), *chosen[1:]], choice)
    assert len(other.conflicts) == 1
    assert other.outdated == (conflict.id,)


def test_words_that_say_nothing_are_no_choice_of_own_words() -> None:
    chosen = vision(1, VISION.replace("key", "equal")) + vision(2, VISION.replace("key", "main"))
    assert len(settled(HEAD, chosen, Choice.TEXT).conflicts) == 1


def test_what_the_text_says_already_is_called_so() -> None:
    edit, gone = VISION.replace("key", "equal"), f"{FIRST}\n\n{THIRD}\n"
    new = f"{VISION}\nNobody is left out of this.\n"
    for markdown in (edit, gone, new):
        changes = vision(2, markdown)
        head = weave(HEAD, vision(1, markdown)).snapshot
        woven = weave(head, changes)
        assert set(classes(woven).values()) == {Class.ALREADY}
        assert woven.snapshot == head


def test_the_same_change_by_two_people_goes_in_once() -> None:
    new = f"{VISION}\nNobody is left out of this.\n"
    woven = weave(HEAD, vision(1, new) + vision(2, new))
    assert classes(woven) == {"1.1": Class.APPLIES, "2.1": Class.ALREADY}
    assert text(woven) == new


def test_an_edit_of_a_block_that_stands_elsewhere_now_is_called_moved_and_goes_in_there() -> None:
    first, second, third = HEAD.sections[0].blocks
    head = weave(HEAD, blocks(1, third, first, second)).snapshot
    woven = weave(head, vision(2, VISION.replace("trust", "reason")))
    assert classes(woven) == {"2.1": Class.MOVED}
    assert text(woven).startswith("We act on evidence and on reason")


def test_an_edit_of_a_block_that_is_gone_is_orphaned() -> None:
    head = weave(HEAD, vision(1, f"{FIRST}\n\n{THIRD}\n")).snapshot
    woven = weave(head, vision(2, VISION.replace("integral", "essential")))
    assert classes(woven) == {"2.1": Class.ORPHANED}
    assert woven.snapshot == head


@pytest.mark.parametrize("deleted_first", [True, False])
def test_editing_what_another_chosen_change_deletes_is_a_conflict_of_both(deleted_first: bool) -> None:
    delete, edit = f"{FIRST}\n\n{THIRD}\n", VISION.replace("integral", "essential")
    order = (delete, edit) if deleted_first else (edit, delete)
    chosen = vision(1, order[0]) + vision(2, order[1])
    woven = weave(HEAD, chosen)
    assert set(classes(woven).values()) == {Class.CONFLICT}
    (conflict,) = woven.conflicts
    assert (conflict.base, conflict.standing, conflict.proposed) == (
        SECOND,
        SECOND.replace("integral", "essential"),
        "",
    )
    assert set(conflict.refs) == {"1.1", "2.1"}
    assert text(settled(HEAD, chosen, Choice.PROPOSED)) == delete
    assert text(settled(HEAD, chosen, Choice.STANDING)) == edit
    assert text(settled(HEAD, chosen, Choice.TEXT, "Own words.")) == VISION.replace(SECOND, "Own words.")


def test_deleting_what_was_rewritten_since_is_a_conflict() -> None:
    head = weave(HEAD, vision(1, VISION.replace("integral", "essential"))).snapshot
    woven = weave(head, vision(2, f"{FIRST}\n\n{THIRD}\n"))
    assert classes(woven) == {"2.1": Class.CONFLICT}
    assert text(woven) == VISION.replace("integral", "essential")


@pytest.mark.parametrize(
    ("choice", "words", "expected"),
    [
        (Choice.STANDING, None, ["One adds this here."]),
        (Choice.PROPOSED, None, ["Another adds that there."]),
        (Choice.BOTH, None, ["One adds this here.", "Another adds that there."]),
        (Choice.TEXT, "Something else is added.", ["Something else is added."]),
        (Choice.TEXT, "Something else.\n\nAnd more.", ["Something else.", "And more."]),
    ],
)
def test_two_paragraphs_put_in_at_one_place_are_a_conflict_so_that_their_order_is_chosen(
    choice: Choice, words: str | None, expected: list[str]
) -> None:
    chosen = vision(1, f"{VISION}\nOne adds this here.\n") + vision(2, f"{VISION}\nAnother adds that there.\n")
    woven = weave(HEAD, chosen)
    assert classes(woven) == {"1.1": Class.APPLIES, "2.1": Class.CONFLICT}
    (conflict,) = woven.conflicts
    assert (conflict.standing, conflict.proposed) == ("One adds this here.", "Another adds that there.")
    assert conflict.refs == ("1.1", "2.1")
    made = settled(HEAD, chosen, choice, words)
    assert not made.conflicts
    assert [block.text for block in made.snapshot.sections[0].blocks[3:]] == expected
    ids = [block.id for block in made.snapshot.sections[0].blocks]
    assert len(set(ids)) == len(ids)
    assert settled(HEAD, chosen, choice, words) == made


def test_a_run_of_new_paragraphs_is_one_conflict() -> None:
    chosen = vision(1, f"{VISION}\nOne adds.\n\nAnd adds.\n") + vision(2, f"{VISION}\nTwo adds.\n\nAdds more.\n")
    woven = weave(HEAD, chosen)
    (conflict,) = woven.conflicts
    assert conflict.refs == ("1.1", "1.2", "2.1", "2.2")
    assert conflict.proposed == "Two adds.\n\nAdds more."
    made = settled(HEAD, chosen, Choice.BOTH)
    assert text(made).endswith("One adds.\n\nAnd adds.\n\nTwo adds.\n\nAdds more.\n")


def test_an_insertion_after_a_block_that_is_gone_goes_after_the_nearest_one_before_it() -> None:
    head = weave(HEAD, vision(1, f"{FIRST}\n\n{THIRD}\n")).snapshot
    woven = weave(head, vision(2, VISION.replace(SECOND, f"{SECOND}\n\nThis is new.")))
    assert classes(woven) == {"2.1": Class.APPLIES}
    assert text(woven) == f"{FIRST}\n\nThis is new.\n\n{THIRD}\n"


def test_an_insertion_into_a_section_that_is_gone_is_orphaned() -> None:
    head = weave(HEAD, proposal(1, SubmittedSection("vision", remove=True))).snapshot
    assert classes(weave(head, vision(2, f"{VISION}\nThis is new.\n"))) == {"2.1": Class.ORPHANED}


def test_two_moves_of_one_block_to_two_places_are_a_conflict() -> None:
    first, second, third = HEAD.sections[0].blocks
    chosen = blocks(1, first, third, second) + proposal(
        2, SubmittedSection("mission", blocks=(*HEAD.sections[1].blocks, third))
    )
    woven = weave(HEAD, chosen)
    assert classes(woven) == {"1.1": Class.APPLIES, "2.1": Class.CONFLICT}
    made = settled(HEAD, chosen, Choice.PROPOSED)
    assert text(made, "mission").endswith(THIRD + "\n")
    assert THIRD not in text(made)
    assert len(settled(HEAD, chosen, Choice.BOTH).conflicts) == 1


def test_a_move_and_an_edit_of_one_block_both_go_in() -> None:
    first, second, third = HEAD.sections[0].blocks
    chosen = blocks(1, third, first, second) + vision(2, VISION.replace("trust", "reason"))
    woven = weave(HEAD, chosen)
    assert not woven.conflicts
    assert text(woven).startswith("We act on evidence and on reason, in public.\n\nEnabling")


def test_a_section_is_not_removed_over_what_another_change_does_in_it() -> None:
    removal = proposal(1, SubmittedSection("vision", remove=True))
    for edit in (
        vision(2, VISION.replace("key", "equal")),
        vision(2, f"{VISION}\nThis is new.\n"),
        proposal(2, SubmittedSection("vision", heading="Our vision")),
    ):
        woven = weave(HEAD, [*removal, *edit])
        assert classes(woven) == {"1.1": Class.CONFLICT, "2.1": Class.CONFLICT}
        (conflict,) = woven.conflicts
        assert set(conflict.refs) == {"1.1", "2.1"}
        assert conflict.proposed == ""
        assert woven.snapshot.section("vision") is not None
        assert settled(HEAD, [*removal, *edit], Choice.PROPOSED).snapshot.section("vision") is None


def test_headings_are_merged_like_words() -> None:
    base = Snapshot(HEAD.front, (Section("s-v", "v", SectionKind.TEXT, "Aims and duties of the group"),))
    one = proposal(1, SubmittedSection("v", heading="Goals and duties of the group"), base=base)
    other = proposal(2, SubmittedSection("v", heading="Aims and duties of the board"), base=base)
    woven = weave(base, one + other)
    assert woven.snapshot.sections[0].heading == "Goals and duties of the board"
    assert [combined.sentence for combined in woven.combined] == ["Goals and duties of the board"]
    rival = proposal(3, SubmittedSection("v", heading="Ends and duties of the group"), base=base)
    assert classes(weave(base, one + rival)) == {"1.1": Class.APPLIES, "3.1": Class.CONFLICT}


def test_two_new_sections_under_one_key_are_one_section_with_both_texts_to_choose_from() -> None:
    one = proposal(1, SubmittedSection("funding", blocks=parse("We are paid by none."), heading="Funding"))
    same = proposal(2, SubmittedSection("funding", blocks=parse("We are paid by none."), heading="Funding"))
    other = proposal(3, SubmittedSection("funding", blocks=parse("Members pay us."), heading="Money"))
    assert set(classes(weave(HEAD, one + same)).values()) == {Class.APPLIES, Class.ALREADY}
    woven = weave(HEAD, one + other)
    assert classes(woven)["3.1"] is Class.CONFLICT
    assert len([section for section in woven.snapshot.sections if section.key == "funding"]) == 1
    made = settled(HEAD, one + other, Choice.PROPOSED)
    assert made.snapshot.sections[-1].heading == "Money"
    assert text(made, "funding") == "Members pay us.\n"


def test_front_fields_conflict_when_both_change_them_and_annexes_are_merged_one_by_one() -> None:
    chosen = proposal(1, title="Charter") + proposal(2, title="Our charter")
    woven = weave(HEAD, chosen)
    assert classes(woven) == {"1.1": Class.APPLIES, "2.1": Class.CONFLICT}
    assert settled(HEAD, chosen, Choice.TEXT, "The Charter").snapshot.front.title == "The Charter"
    one, other = {"key": "a", "title": "A"}, {"key": "b", "title": "B"}
    both = weave(HEAD, proposal(1, annexes=[one]) + proposal(2, annexes=[other]))
    assert [annexe.key for annexe in both.snapshot.front.annexes] == ["a", "b"]
    assert not both.conflicts


def test_new_notes_of_two_proposals_under_one_label_are_both_kept() -> None:
    chosen = vision(1, f"{FIRST}[^n]\n\n{SECOND}\n\n{THIRD}\n\n[^n]: One note.\n") + vision(
        2, f"{FIRST}\n\n{SECOND}[^n]\n\n{THIRD}\n\n[^n]: Another note.\n"
    )
    woven = weave(HEAD, chosen)
    assert not woven.conflicts
    assert not woven.problems
    assert text(woven, "footnotes") == "[^n]: One note.\n\n[^n-2]: Another note.\n"
    assert f"{SECOND}[^n-2]" in text(woven)
    assert len(woven.notices) == 1


def test_the_same_new_note_of_two_proposals_is_one_note() -> None:
    chosen = vision(1, f"{FIRST}[^n]\n\n{SECOND}\n\n{THIRD}\n\n[^n]: One note.\n") + vision(
        2, f"{FIRST}\n\n{SECOND}[^n]\n\n{THIRD}\n\n[^n]: One note.\n"
    )
    woven = weave(HEAD, chosen)
    assert text(woven, "footnotes") == "[^n]: One note.\n"
    assert not woven.problems


def test_a_note_taken_away_under_a_citation_that_stays_is_a_problem_in_words() -> None:
    head = weave(HEAD, vision(1, f"{FIRST}[^n]\n\n{SECOND}\n\n{THIRD}\n\n[^n]: One note.\n")).snapshot
    ids = {section.key: section for section in head.sections}
    changes = proposal(2, SubmittedSection("footnotes", blocks=()), base=head)
    assert [one.change.block for one in changes] == [ids["footnotes"].blocks[0].id]
    assert weave(head, changes).problems == ("[^n] is cited, but its note is not in the text.",)


def test_what_belonged_to_a_deleted_item_moves_out_and_keeps_its_words() -> None:
    base = charter("- One item\n\n  More about one.\n\n- Two items\n")
    first, inside, second = base.sections[0].blocks
    changes = blocks(1, replace(inside, depth=0), second, base=base)
    delete = [one for one in changes if one.change.block == first.id]
    woven = weave(base, delete)
    assert [(block.id, block.depth) for block in woven.snapshot.sections[0].blocks] == [(inside.id, 0), (second.id, 0)]


def test_items_that_become_one_list_count_on_from_its_first_number() -> None:
    base = charter("3. Three\n4. Four\n\nBetween the lists.\n\n7. Seven\n8. Eight\n")
    woven = weave(base, vision(1, "3. Three\n4. Four\n\n7. Seven\n8. Eight\n", base))
    assert text(woven) == "3. Three\n4. Four\n5. Seven\n6. Eight\n"
    kept = base.sections[0].blocks
    only = [one for one in blocks(2, *kept[:2], *kept[3:], base=base) if one.change.kind == "delete"]
    assert text(weave(base, only)) == "3. Three\n4. Four\n5. Seven\n6. Eight\n"


def test_a_new_form_and_new_words_of_one_block_by_two_people_fit() -> None:
    chosen = vision(1, VISION.replace(THIRD, f"- {THIRD}")) + vision(2, VISION.replace("trust", "reason"))
    woven = weave(HEAD, chosen)
    assert classes(woven) == {"1.1": Class.APPLIES, "2.1": Class.COMBINED}
    assert text(woven).endswith("- We act on evidence and on reason, in public.\n")


def test_two_new_forms_of_one_block_are_a_conflict_that_shows_the_markers() -> None:
    chosen = vision(1, VISION.replace(THIRD, f"- {THIRD}")) + vision(2, VISION.replace(THIRD, f"> {THIRD}"))
    (conflict,) = weave(HEAD, chosen).conflicts
    assert (conflict.standing, conflict.proposed) == (f"- {THIRD}", f"> {THIRD}")
    assert text(settled(HEAD, chosen, Choice.PROPOSED)).endswith(f"> {THIRD}\n")


def test_one_change_can_be_classified_by_itself() -> None:
    (change,) = vision(1, VISION.replace("key", "equal"))
    assert classify(HEAD, change).cls is Class.APPLIES
    assert classify(charter(VISION.replace("key", "main")), change).cls is Class.CONFLICT


def test_choosing_nothing_changes_nothing() -> None:
    assert weave(HEAD, []).snapshot is HEAD


def test_a_lettered_item_left_alone_becomes_a_paragraph_and_that_is_told() -> None:
    base = charter("A. One of them\nB. Two of them\n")
    delete = [one for one in vision(1, "A. One of them\n", base) if one.change.kind == "delete"]
    woven = weave(base, delete)
    assert [(block.id, block.kind) for block in woven.snapshot.sections[0].blocks] == [("vision0", "paragraph")]
    assert len(woven.notices) == 1
    assert not woven.problems


def test_own_words_are_brought_into_canonical_form() -> None:
    chosen = vision(1, VISION.replace("key", "equal")) + vision(2, VISION.replace("key", "main"))
    woven = settled(HEAD, chosen, Choice.TEXT, "  A world\r\nwhere __patients__ lead. ")
    assert woven.snapshot.sections[0].blocks[0].text == "A world where **patients** lead."
    assert not woven.problems
