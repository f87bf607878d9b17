"""The mails with links: what they say, and that no name in them does anything."""

import pytest

from app.render.mail import POLICY, Invited, invitation_letter, message, sign_in_letter
from tests.render.test_mail import ADDRESS, HEADERS, HOSTILE, NOON, received

# What comes because somebody asked for it is no list to leave.
QUIET = HEADERS - {"List-Unsubscribe", "List-Unsubscribe-Post"}


def sent(words: str, kind: str) -> str:
    """A mail of that kind with these words wherever somebody's words stand, as it is sent."""
    invited = Invited(words, words, words, words, "member", "12 December 2026")
    letter = (
        invitation_letter(invited, address=ADDRESS, link="/invitations/secret")
        if kind == "invitation"
        else sign_in_letter(words, address=ADDRESS, link="/sign-in/secret")
    )
    mail = message(
        letter,
        key="sign-in 1",
        to="anna@example.org",
        sender="Engross <engross@charter.example.org>",
        address=ADDRESS,
        unsubscribe=None,
        now=NOON,
    )
    got = received(mail.as_bytes(policy=POLICY))
    assert set(got.keys()) == QUIET, "nobody turns a link off that they asked for"
    assert not got.defects
    html, text = (got.get_body((sort,)) for sort in ("html", "plain"))
    assert html is not None
    assert text is not None
    assert "<script" not in html.get_content()
    assert "<img" not in html.get_content()
    for part in (html.get_content(), text.get_content()):
        assert f"{ADDRESS}/{'invitations' if kind == 'invitation' else 'sign-in'}/secret" in part
    assert "notices/choices" not in html.get_content()
    return str(text.get_content())


@pytest.mark.parametrize("kind", ["invitation", "sign-in"])
@pytest.mark.parametrize("words", HOSTILE)
def test_no_name_gets_into_the_headers_or_does_anything(words: str, kind: str) -> None:
    sent(words, kind)


def test_an_invitation_says_who_invites_to_what_as_what_and_until_when() -> None:
    invited = Invited("Anna", "Gilda", "Our group", "Draft Charter", "governor", "12 December 2026")
    letter = invitation_letter(invited, address=ADDRESS, link="/invitations/secret")
    assert letter.subject == "Gilda invites you to the charter of Our group"
    for said in ("Hello Anna,", "“Draft Charter” of Our group, as a governor.", "until 12 December 2026"):
        assert said in letter.text
    nameless = Invited("", "Gilda", "Our group", "Draft Charter", "member", "12 December 2026")
    assert letter.text.count("Governors decide") == 1
    told = invitation_letter(nameless, address=ADDRESS, link="/invitations/secret")
    assert told.text.startswith("Hello,\n")
    assert "Hello,</p>" in told.html


def test_a_sign_in_mail_says_how_long_it_is_good_and_what_to_do_if_it_was_not_you() -> None:
    told = sent("Anna", "sign-in")
    assert "once, within 15 minutes" in told
    assert "If it was not you, do nothing" in told
