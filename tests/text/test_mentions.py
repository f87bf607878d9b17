"""Who is called by an @ in a comment."""

import pytest

from app.text.mentions import calls, mentioned

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
        ("@Otto Langer knows.", set()),
        ("@Otto knows.", {3}),
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
    assert len(calls("@a " * 6_600, MEMBERS)) == 200


def test_a_name_ends_with_its_line_and_is_no_part_of_a_longer_word() -> None:
    names = {1: "Otto Lang", 2: "Otto Kurz"}
    assert mentioned("@Otto\nLang", names) == set()
    assert mentioned("@Otto Lang2 here", names) == set()
    assert mentioned("@Otto Lang_ here", names) == set()
    assert mentioned("(@Otto Lang)", names) == {1}


MEMBERS = {
    1: "Anna Schmidt",
    2: "Anna Braun",
    3: "Jan van der Berg",
    4: "Marie-Luise O’Connor",
    5: "Dr. Özlem Yıldız",
    6: "محمد الأحمد",
    7: "李明",
    8: "山田 花子",
    9: "김민수",
    10: "J. R. R. Tolkien",
    11: "Otto Will",
    12: "María José García López",
    13: "Ngo Thi Thu",
    14: "Łukasz Żółć",
}


def outcome(text: str) -> list[tuple[str, str, set[int]]]:
    """What was read as a call, what came of it, and who."""
    return [(text[c.start : c.end], c.outcome, set(c.people)) for c in calls(text, MEMBERS)]


@pytest.mark.parametrize(
    ("text", "read", "called"),
    [
        ("@Jan Could you look?", "@Jan", {3}),
        ("@Jan could you look?", "@Jan", {3}),
        ("@Jan, Peter said so", "@Jan", {3}),
        ("@Jan Please", "@Jan", {3}),
        ("@Jan Können Sie", "@Jan", {3}),
        ("@Jan Pouvez-vous", "@Jan", {3}),
        ("@Jan Will you look?", "@Jan", {3}),
        ("@Jan van der Berg’s idea", "@Jan van der Berg", {3}),
        ("@jan VAN DER berg.", "@jan VAN DER berg", {3}),
        ("@janvanderberg", "@janvanderberg", {3}),
        ("@jan.van.der.berg: yes", "@jan.van.der.berg", {3}),
        ("@van der Berg", "@van der Berg", {3}),
        ("@Berg", "@Berg", {3}),
        ("@Jan B. said", "@Jan B.", {3}),
        ("@Anna S. and", "@Anna S.", {1}),
        ("@Anna\u00a0Schmidt", "@Anna\u00a0Schmidt", {1}),
        ("@Schmidt’s", "@Schmidt", {1}),
        ("@Marie-Luise O'Connor!", "@Marie-Luise O'Connor", {4}),
        ("@marie-luise", "@marie-luise", {4}),
        ("@Özlem’in", "@Özlem", {5}),
        ("@Ozlem Yildiz", "@Ozlem Yildiz", {5}),
        ("@Dr. Özlem Yıldız", "@Dr. Özlem Yıldız", {5}),
        ("@محمد الأحمد هل", "@محمد الأحمد", {6}),
        ("@محمد، هل", "@محمد", {6}),
        ("请@李明看一下", "@李明", {7}),
        ("＠山田花子さん", "＠山田花子", {8}),
        ("@山田 花子", "@山田 花子", {8}),
        ("@김민수님이", "@김민수", {9}),
        ("@JRR Tolkien", "@JRR Tolkien", {10}),
        ("@Lukasz", "@Lukasz", {14}),
        ("@J R R Tolkien", "@J R R Tolkien", {10}),
        ("@María García", "@María García", {12}),
        ("@maria jose, hola", "@maria jose", {12}),
        ("@Ngo", "@Ngo", {13}),
        ("@Ngo Thi", "@Ngo Thi", {13}),
        ("@Żółć", "@Żółć", {14}),
    ],
)
def test_names_of_many_kinds_are_read_as_they_are_written(text: str, read: str, called: set[int]) -> None:
    (found,) = outcome(text)
    assert found == (read, "called", called)


@pytest.mark.parametrize(
    ("text", "read", "how", "people"),
    [
        ("@Anna could you", "@Anna", "several", {1, 2}),
        ("@Anna Could you", "@Anna", "several", {1, 2}),
        ("@Anna Meier could", "@Anna Meier", "nobody", {1, 2}),
        ("@Jan Schmidt knows", "@Jan Schmidt", "nobody", {3}),
        ("@jan schmidt knows", "@jan schmidt", "nobody", {3}),
        ("@Jan van Dyck", "@Jan van Dyck", "nobody", {3}),
        ("@Jan Will", "@Jan Will", "nobody", {3}),
        ("@Jan-Peter", "@Jan-Peter", "nobody", set()),
        ("@jan.meier", "@jan.meier", "nobody", {3}),
        ("@Jan M. said", "@Jan M.", "nobody", {3}),
        ("@Zebra", "@Zebra", "nobody", set()),
        ("@all", "@all", "nobody", set()),
    ],
)
def test_whoever_is_not_called_is_told_of_with_those_who_may_be_meant(
    text: str, read: str, how: str, people: set[int]
) -> None:
    assert outcome(text) == [(read, how, people)]


@pytest.mark.parametrize(
    "text",
    ["anna@example.org", "@anna.schmidt@example.org", "a.b+anna@Jan", "https://x.org/@Jan", "@@Jan", "@ Jan", "@-"],
)
def test_an_at_in_an_address_calls_nobody(text: str) -> None:
    assert outcome(text) == []
