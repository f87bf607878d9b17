"""Who is called by an @ in a comment."""

import pytest

from app.rules.mentions import mentioned

PEOPLE = {
    1: "Anna Rossi",
    2: "Anna Maria Rossi",
    3: "Otto",
    4: "Émile d’Arc",
    5: "李 明",
    6: "Gilda Weiß",
    7: "Otto Lang",
}


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@Anna Rossi, could you look?", {1}),
        ("Could @anna  maria rossi look?", {2}),
        ("@Otto and @Otto Lang.", {3, 7}),
        ("@Otto Langer knows.", {3}),
        ("(@Émile d’Arc)", {4}),
        ("@李 明", {5}),
        ("@GILDA WEISS!", {6}),
        ("@Gilda", {6}),
        ("@Anna, which one?", set()),
        ("otto@example.org", set()),
        ("@@Otto", set()),
        ("@ Otto", set()),
        ("@Ottokar", set()),
        ("@Otto_2", set()),
        ("@Gilda\nWeiß", {6}),
        ("@nobody", set()),
        ("@", set()),
        ("", set()),
    ],
)
def test_the_longest_name_that_stands_there_is_meant(text: str, called: set[int]) -> None:
    assert mentioned(text, PEOPLE) == called


def test_people_with_the_same_name_are_all_meant() -> None:
    assert mentioned("@Otto Lang", {1: "Otto Lang", 2: "otto lang", 3: "Otto"}) == {1, 2}


def test_a_first_name_two_people_have_calls_nobody_but_who_is_called_that_in_full() -> None:
    assert mentioned("@Otto", {1: "Otto Lang", 2: "Otto Kurz"}) == set()
    assert mentioned("@Otto", {1: "Otto Lang", 2: "Otto"}) == {2}


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@Anna Schmidt knows.", set()),
        ("@Anna  Schmidt", set()),
        ("@Anna Émile-Meier", set()),
        ("@anna rossi and @Anna Schmidt", {1}),
        ("@Anna, Schmidt knows.", {1}),
        ("@Anna I think so.", {1}),
        ("@Anna could you look?", {1}),
        ("@Anna\nSchmidt knows.", {1}),
        ("@Anna", {1}),
    ],
)
def test_a_first_name_with_the_surname_of_somebody_else_calls_nobody(text: str, called: set[int]) -> None:
    assert mentioned(text, {1: "Anna Rossi"}) == called


def test_a_name_without_words_calls_nobody() -> None:
    assert mentioned("@Otto", {1: "", 2: "   "}) == set()


def test_hostile_text_takes_no_time() -> None:
    assert mentioned("@a" * 10_000, dict.fromkeys(range(200), "A " * 50)) == set()


def test_a_name_ends_with_its_line_and_is_no_part_of_a_longer_word() -> None:
    names = {1: "Otto Lang", 2: "Otto Kurz"}
    assert mentioned("@Otto\nLang", names) == set()
    assert mentioned("@Otto Lang2 here", names) == set()
    assert mentioned("@Otto Lang_ here", names) == set()
    assert mentioned("(@Otto Lang)", names) == {1}
