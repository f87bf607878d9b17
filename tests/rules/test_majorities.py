"""How much agreement there is, and when a decision goes against the charter's own rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.majorities import Rule, Tally, against_rule, agreed, tally

counts = st.integers(0, 12)
tallies = st.builds(Tally, counts, counts, counts, counts)


def test_positions_are_counted_and_the_silent_are_counted_too() -> None:
    assert tally(["support", "object", "support", "abstain"], 6) == Tally(2, 1, 1, 2)
    assert tally([], 3) == Tally(0, 0, 0, 3)
    assert tally(["support"], 0) == Tally(1, 0, 0, 0)


TABLE = [
    ("governors", 0, Tally(0, 9, 0, 0), True),
    ("majority", 0, Tally(0, 0, 5, 5), False),
    ("majority", 0, Tally(2, 2, 0, 0), False),
    ("majority", 0, Tally(3, 2, 9, 9), True),
    ("two_thirds", 0, Tally(2, 1, 0, 0), True),
    ("two_thirds", 0, Tally(1, 0, 0, 9), True),
    ("two_thirds", 0, Tally(5, 3, 0, 0), False),
    ("two_thirds", 0, Tally(4, 2, 9, 0), True),
    ("two_thirds", 0, Tally(0, 0, 3, 0), False),
    ("no_objection", 0, Tally(0, 0, 0, 5), True),
    ("no_objection", 0, Tally(9, 1, 0, 0), False),
    ("governors", 3, Tally(1, 0, 1, 5), False),
    ("majority", 3, Tally(2, 0, 1, 5), True),
]


@pytest.mark.parametrize(("rule", "quorum", "count", "met"), TABLE)
def test_a_rule_is_met_or_not(rule: str, quorum: int, count: Tally, met: bool) -> None:
    assert agreed(rule, quorum, count) is met
    assert against_rule(rule, quorum, count, "adopted") is not met
    assert against_rule(rule, quorum, count, "adopted_amended") is not met


@given(rule=st.sampled_from(Rule), quorum=st.integers(0, 20), count=tallies)
def test_one_more_supporter_never_unmeets_a_rule_and_one_more_objector_never_meets_it(
    rule: Rule, quorum: int, count: Tally
) -> None:
    more_support = Tally(count.support + 1, count.object, count.abstain, count.silent)
    assert agreed(rule, quorum, more_support) or not agreed(rule, quorum, count)
    if count.spoken >= quorum:
        more_objection = Tally(count.support, count.object + 1, count.abstain, count.silent)
        assert agreed(rule, quorum, count) or not agreed(rule, quorum, more_objection)


def test_turning_down_what_members_have_carried_is_against_the_rule_even_if_only_one_has_spoken() -> None:
    assert against_rule("majority", 0, Tally(1, 0, 0, 9), "rejected")
    assert against_rule("two_thirds", 2, Tally(2, 1, 0, 0), "rejected")
    assert not against_rule("majority", 0, Tally(1, 1, 0, 0), "rejected")


@given(rule=st.sampled_from(Rule), quorum=st.integers(1, 20), count=tallies)
def test_below_the_quorum_every_adoption_is_against_the_rule(rule: Rule, quorum: int, count: Tally) -> None:
    if count.spoken < quorum:
        assert against_rule(rule, quorum, count, "adopted")
        assert not against_rule(rule, quorum, count, "rejected")


@given(rule=st.sampled_from(Rule), quorum=st.integers(0, 20), count=tallies)
def test_deferring_is_never_against_the_rule_and_silence_never_obliges(rule: Rule, quorum: int, count: Tally) -> None:
    assert not against_rule(rule, quorum, count, "deferred")
    silent = Tally(0, 0, 0, count.silent)
    assert not against_rule(rule, quorum, silent, "rejected")
    assert not against_rule(Rule.GOVERNORS, quorum, count, "rejected")
