"""Many proposals in one text: the older goes before the younger, each whole or not at all, and nothing is lost."""

from app.text.derive import SubmittedSection
from app.text.dialect import parse, serialise
from app.text.together import about, together
from app.text.weave import Proposed
from tests.text.test_weave import HEAD, MISSION, VISION, charter, proposal, vision


def mission(number: int, markdown: str) -> list[Proposed]:
    return proposal(number, SubmittedSection("mission", blocks=parse(markdown)))


def test_what_meets_nothing_is_in_it_under_the_proposal_it_is_of() -> None:
    first, second = vision(1, VISION.replace("key", "equal")), mission(2, MISSION + "\nAnd more.\n")
    made = together(HEAD, [*first, *second])
    assert made.text.section("vision") == charter(VISION.replace("key", "equal")).section("vision")
    assert "And more." in serialise(made.text.sections[1].blocks)
    assert made.left == []
    assert {about(one.change): one.proposal for one in (*first, *second)} == dict(made.taken)


def test_of_two_that_meet_the_older_is_in_it_and_the_other_is_told() -> None:
    first, second = vision(1, VISION.replace("key", "equal")), vision(2, VISION.replace("key", "full"))
    made = together(HEAD, [*first, *second])
    assert (set(made.taken.values()), made.left) == ({"1"}, second)


def test_a_proposal_of_which_one_change_meets_is_left_whole() -> None:
    first = vision(1, VISION.replace("key", "equal"))
    both = proposal(
        2,
        SubmittedSection("vision", blocks=parse(VISION.replace("key", "full"))),
        SubmittedSection("mission", blocks=parse(MISSION + "\nAnd more.\n")),
    )
    made = together(HEAD, [*first, *both])
    assert made.left == both
    assert made.text.section("mission") == HEAD.section("mission")


def test_nothing_proposed_is_the_text_as_it_stands() -> None:
    assert together(HEAD, []).text == HEAD
