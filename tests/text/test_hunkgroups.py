"""Edits of two sides in one place: what stands, what is proposed, and how both are read one after the other."""

import pytest

from app.text.hunkgroups import Group, group_hunks, replay
from app.text.worddiff import Hunk

BASE = ["The", " ", "old", " ", "board", " ", "meets", "."]


@pytest.mark.parametrize(
    ("ours", "theirs", "both"),
    [
        (("new",), ("first",), "new first"),
        (("new", " "), ("first",), "new first"),
        (("new",), (" ", "first"), "new first"),
        (("new", " "), (" ", "first"), "new first"),
        (("new", " "), (" ", " ", "first"), "new  first"),
        (("new", "\n"), ("first",), "new\nfirst"),
        (("new", "\n"), (" ", "first"), "new\n first"),
        ((" ",), ("first",), "first"),
        (("new",), (" ",), "new"),
        ((), ("first",), "first"),
        (("new",), (), "new"),
        ((), (" ",), " "),
    ],
)
def test_two_wordings_of_one_place_are_read_one_after_the_other_with_one_space(
    ours: tuple[str, ...], theirs: tuple[str, ...], both: str
) -> None:
    (group,) = group_hunks(BASE, [Hunk(2, 3, ours)], [Hunk(2, 3, theirs)])
    assert group == Group(
        2,
        3,
        "".join(ours),
        "".join(theirs),
        "".join(ours),
        "".join(theirs),
        both,
        ("".join(ours), "".join(theirs)),
        frozenset({2}),
        frozenset({2}),
        (),
    )
    assert group.clashes


def test_edits_that_touch_are_one_group_and_edits_apart_are_two() -> None:
    touching = group_hunks(BASE, [Hunk(2, 3, ("new",))], [Hunk(3, 4, ("-",))])
    assert [(group.start, group.end) for group in touching] == [(2, 4)]
    assert (touching[0].ours, touching[0].theirs) == ("new ", "old-")
    apart = group_hunks(BASE, [Hunk(2, 3, ("new",))], [Hunk(4, 5, ("club",))])
    assert [(group.start, group.end, group.standing, group.clashes) for group in apart] == [
        (2, 3, "new", False),
        (4, 5, "club", False),
    ]


def test_an_edit_that_holds_the_other_one_is_the_larger_and_needs_no_choice() -> None:
    small, large = [Hunk(2, 3, ("new",))], [Hunk(2, 3, ("new",)), Hunk(4, 5, ("club",))]
    whole = [Hunk(2, 5, ("new", " ", "club"))]
    for ours, theirs in ((small, whole), (whole, small)):
        (group,) = group_hunks(BASE, ours, theirs)
        assert (group.standing, group.proposed, group.both, group.clashes) == (*["new club"] * 3, False)
    assert replay(BASE, large) == replay(BASE, whole) == "The new club meets."


def test_what_both_leave_inside_a_group_is_kept() -> None:
    (group,) = group_hunks(BASE, [Hunk(0, 1, ("A",)), Hunk(4, 5, ("club",))], [Hunk(0, 5, ("Our", " ", "club"))])
    assert group.kept == ()
    (group,) = group_hunks(BASE, [Hunk(0, 1, ("A",)), Hunk(2, 2, ("x",))], [Hunk(1, 2, ("-",))])
    assert (group.start, group.end, group.kept) == (0, 2, ())
    assert (group.deleted_by_ours, group.deleted_by_theirs) == (frozenset({0}), frozenset({1}))


def test_very_long_rewritings_are_not_searched_for_one_inside_the_other() -> None:
    base = [f"w{n}" for n in range(2_000)]
    ours, theirs = ["x", *base[1:]], ["x", *base[1:-1], "y"]

    (group,) = group_hunks(base, [Hunk(0, 2_000, tuple(ours))], [Hunk(0, 2_000, tuple(theirs))])
    assert not group.clashes
    longer = [*theirs, "z"]
    (group,) = group_hunks(base, [Hunk(0, 2_000, tuple(ours))], [Hunk(0, 2_000, tuple(longer))])
    assert group.clashes
