"""Pasted lists of people: whatever people copy from mails and tables is understood, or said to be not."""

import pytest

from app.errors import BadInput
from app.rules.mailboxes import full_name, mailbox, pasted_people


def understood(text: str) -> list[tuple[str, str]]:
    return [(one.name, one.email) for one in pasted_people(text)]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("anna@example.org", [("", "anna@example.org")]),
        ("Anna Weber <Anna@Example.org>", [("Anna Weber", "anna@example.org")]),
        ('"Weber, Anna" <anna@example.org>', [("Anna Weber", "anna@example.org")]),
        ("Weber, Anna <anna@example.org>", [("Anna Weber", "anna@example.org")]),
        ("anna@example.org (Anna Weber)", [("Anna Weber", "anna@example.org")]),
        ("Anna Weber\tanna@example.org", [("Anna Weber", "anna@example.org")]),
        ("anna@example.org\tAnna Weber", [("Anna Weber", "anna@example.org")]),
        ("mailto:anna@example.org", [("", "anna@example.org")]),
        ("a@x.org, b@x.org;c@x.org", [("", "a@x.org"), ("", "b@x.org"), ("", "c@x.org")]),
        ("Anna <a@x.org>, Ben B <b@x.org>", [("Anna", "a@x.org"), ("Ben B", "b@x.org")]),
        ("\r\n  \na@x.org\r\n\n b@x.org ,\n", [("", "a@x.org"), ("", "b@x.org")]),
        ("Zoë Ångström <zoe@x.org>", [("Zoë Ångström", "zoe@x.org")]),
        ("", []),
        (" ,;, \n", []),
    ],
)
def test_what_people_paste_is_understood(text: str, people: list[tuple[str, str]]) -> None:
    assert understood(text) == people
    assert not any(one.problem for one in pasted_people(text))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Anna Weber", "no e-mail address"),
        ("anna@", "does not look like"),
        ("@example.org", "does not look like"),
        ("a@b@c.org", "does not look like"),
        ("Anna <a@x.org> <b@x.org>", "does not look like"),
        ("Anna\u202e <a@x.org>", "printable"),
        ("x" * 300 + " <a@x.org>", "printable"),
    ],
)
def test_what_is_wrong_is_said_of_each_entry(text: str, problem: str) -> None:
    found = [one.problem for one in pasted_people(f"first@x.org\n{text}")]
    assert found[0] == ""
    assert any(problem in one for one in found[1:]) or (text.count("<") == 2)


def test_an_address_that_stands_there_twice_is_named_with_its_line() -> None:
    found = pasted_people("a@x.org\nAnna <A@x.org>")
    assert [one.line for one in found] == [1, 2]
    assert "line 1" in found[1].problem


def test_an_entry_is_shown_back_as_it_stood() -> None:
    assert [one.text for one in pasted_people("a@x.org, nobody\nAnna  <b@x.org>")] == [
        "a@x.org",
        "nobody",
        "Anna  <b@x.org>",
    ]


@pytest.mark.parametrize("text", ["a b@x.org", "a@x.org\nBcc: b@x.org", "", "a", "ä@x.org\x00"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        mailbox(text)


def test_a_name_is_one_line() -> None:
    assert full_name("  Anna \n Weber ") == "Anna Weber"
    for wrong in ("", "   ", "a" * 201, "Anna\x07"):
        with pytest.raises(BadInput):
            full_name(wrong)
