"""Whom a comment calls by name: nobody who was not meant, and everybody who was."""

import pytest

from app.rules.mentions import mentioned

NAMES = {1: "Anna Maria Rossi", 2: "Anna Weber", 3: "Bo Li", 4: "Émile  Zola", 5: "bo li", 6: "Chi_a"}


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("@Anna Maria Rossi, could you look?", {1}),
        ("Thanks @anna weber and @ÉMILE ZOLA.", {2, 4}),
        ("(@Anna Weber)", {2}),
        ("@Émile", {4}),
        ("Who knows? @émile: you?", {4}),
        ("@Anna   Maria\tRossi!", {1}),
        ("First line\n@Anna Weber", {2}),
    ],
)
def test_a_name_after_an_at_sign_calls_that_person_in_whatever_case(text: str, people: set[int]) -> None:
    assert mentioned(text, NAMES) == people


def test_of_people_with_the_same_full_name_all_are_meant() -> None:
    assert mentioned("@Bo Li", NAMES) == {3, 5}


@pytest.mark.parametrize("text", ["@Anna", "@Anna Maria", "@Bo"])
def test_a_first_name_that_several_have_calls_nobody(text: str) -> None:
    assert mentioned(text, NAMES) == set()


def test_the_longest_name_that_stands_there_counts() -> None:
    names = {1: "Ann", 2: "Ann Lee", 3: "Ann Lee Smith"}
    assert mentioned("@Ann Lee Smith", names) == {3}
    assert mentioned("@Ann Lee is here", names) == {2}
    assert mentioned("@Ann is here", names) == {1}


@pytest.mark.parametrize(
    "text",
    [
        "anna.weber@Émile.example",
        "me.@Émile",
        "@@Émile",
        "@ Émile",
        "@Émilee",
        "@Émile_",
        "@Émile2",
        "Émile",
        "@Anna\nWeber",
        "@Chi",
        "",
    ],
)
def test_what_only_looks_like_a_name_calls_nobody(text: str) -> None:
    assert mentioned(text, NAMES) == set()


def test_somebody_without_a_name_is_never_called() -> None:
    assert mentioned("@ x @x", {1: "", 2: "  "}) == set()


def test_many_calls_in_a_long_comment_are_all_heard() -> None:
    assert mentioned("@Anna Weber " * 50 + "words " * 200 + "@Émile Zola", NAMES) == {2, 4}


def test_a_name_is_read_up_to_four_hundred_characters() -> None:
    names = {1: "A" + "a" * 399, 2: "B" + "b" * 400}
    assert mentioned("@A" + "a" * 399, names) == {1}
    assert mentioned("@B" + "b" * 400, names) == set()
