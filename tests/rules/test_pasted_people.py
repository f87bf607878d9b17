"""A pasted list of people, in the forms that Outlook, tables and people have."""

import pytest

from app.rules.mailboxes import pasted_people

ANNA, OTTO = ("anna@example.org", "Anna Weber"), ("otto@example.org", "Otto Klein")
BARE = [("anna@example.org", ""), ("otto@example.org", "")]


@pytest.mark.parametrize(
    "text",
    [
        "Anna Weber <anna@example.org>; Otto Klein <otto@example.org>",
        "Weber, Anna <anna@example.org>; Klein, Otto <otto@example.org>;",
        "Weber, Anna <anna@example.org>, Klein, Otto <otto@example.org>",
        '"Weber, Anna" <anna@example.org>,"Klein, Otto" <otto@example.org>',
        "'Anna Weber' <anna@example.org>\r\n“Otto Klein” <OTTO@example.org>",
        "Anna Weber <anna@example.org> Otto Klein <otto@example.org>",
        "To: Anna Weber <anna@example.org>\nCc: Otto Klein <otto@example.org>",
        "Anna Weber\tanna@example.org\nOtto Klein\totto@example.org.",
        "Anna Weber (anna@example.org)\notto@example.org (Otto Klein)",
        "Anna Weber [mailto:anna@example.org]; Otto Klein<mailto:otto@example.org>",
        "Anna Weber: anna@example.org\n<otto@example.org> Otto Klein",
        "Anna\u00a0Weber <anna@example.org>\n\n   \nOtto  Klein   < otto@example.org >",
    ],
)
def test_names_and_addresses_are_found_in_every_form(text: str) -> None:
    assert [(one.email, one.name, one.problem) for one in pasted_people(text)] == [(*ANNA, ""), (*OTTO, "")]


@pytest.mark.parametrize(
    "text",
    [
        "anna@example.org\notto@example.org",
        "anna@example.org; otto@example.org",
        "anna@example.org,otto@example.org,",
        "anna@example.org otto@example.org",
        "anna@example.org <mailto:anna@example.org>; otto@example.org <mailto:otto@example.org>",
        "<anna@example.org>; <otto@example.org>",
    ],
)
def test_bare_addresses_are_found_too(text: str) -> None:
    assert [(one.email, one.name) for one in pasted_people(text) if not one.problem] == BARE


def test_nobody_is_dropped_in_silence() -> None:
    text = "Anna Weber\nanna@example.org\nAnna Weber <anna@example.org>; no address; otto@; <b@c@d>"
    found = [(one.line, one.text, bool(one.problem)) for one in pasted_people(text)]
    assert found == [
        (1, "Anna Weber", True),
        (2, "anna@example.org", False),
        (3, "Anna Weber <anna@example.org>", True),
        (3, "no address", True),
        (3, "otto@", True),
        (3, "<b@c@d>", True),
    ]


@pytest.mark.parametrize("text", ["a@b\u0000c.org", "Anna\u202e <anna@example.org>", "x" * 300 + "@example.org"])
def test_what_cannot_be_an_address_or_a_name_is_named(text: str) -> None:
    assert [bool(one.problem) for one in pasted_people(text)] == [True]


@pytest.mark.parametrize("text", ["<" * 50_000, "a@" * 50_000, '"' + "a, " * 30_000, "(" * 50_000, "> " * 50_000])
def test_a_hostile_list_takes_no_longer_than_an_honest_one(text: str) -> None:
    assert all(one.problem for one in pasted_people(text))
