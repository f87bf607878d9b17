"""Charter and section keys: their form, and the ones that are taken by the product."""

import pytest

from app.errors import BadInput
from app.rules.addresses import RESERVED_KEYS, check_charter_key, check_section_key, is_key, own_path


@pytest.mark.parametrize("key", ["peps", "isop-pateg", "a", "7", "charter-2", "a--b", "x" * 64])
def test_letters_digits_and_hyphens_between_them_make_a_key(key: str) -> None:
    assert check_charter_key(key) == key
    assert check_section_key(key) == key


@pytest.mark.parametrize("key", ["", "-a", "a-", "-", "Peps", "a_b", "a b", "é", "a/b", "..", "a.b", "a\n", "x" * 65])
def test_anything_else_is_no_key_and_the_refusal_says_what_a_key_is(key: str) -> None:
    form = "key is made of lower-case letters, digits and hyphens between them, at most 64."
    with pytest.raises(BadInput) as of_charter:
        check_charter_key(key)
    with pytest.raises(BadInput) as of_section:
        check_section_key(key)
    assert (of_charter.value.message, of_charter.value.kind) == (f"A charter {form}", "bad-key")
    assert (of_section.value.message, of_section.value.kind) == (f"A section {form}", "bad-key")


@pytest.mark.parametrize("key", ["api", "static", "healthz", "readyz", "sign-in", "sign-out", "metrics", "docs"])
def test_our_own_addresses_cannot_be_charters_but_can_be_sections(key: str) -> None:
    with pytest.raises(BadInput, match=f'"{key}" is an address of the product') as refused:
        check_charter_key(key)
    assert refused.value.kind == "reserved-key"
    assert check_section_key(key) == key


def test_every_reserved_word_has_the_form_of_a_key() -> None:
    assert [key for key in RESERVED_KEYS if not is_key(key)] == []


@pytest.mark.parametrize("address", ["/", "/peps", "/peps/working#b-abc", "/peps/proposals?state=open&section=need"])
def test_a_page_of_ours_is_gone_on_to(address: str) -> None:
    assert own_path(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "peps",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        " /peps",
        "/pe ps",
        "/péps",
        "/" + "a" * 500,
        "/sign-in",
        "/sign-in/abc",
        "/sign-out",
        "/unsubscribe/abc",
        "/invitations/abc",
        "/api/v1/me",
        "/static/x.css",
    ],
)
def test_nobody_is_led_elsewhere(address: str) -> None:
    assert own_path(address) == ""
