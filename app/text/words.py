"""Tokens and sentences: the smallest pieces a text is compared and merged in."""

import re
import unicodedata

from app.text.sentences import sentences

__all__ = ["UNSPACED", "is_space", "is_word", "sentences", "tokens"]

# Scripts written without spaces: one character is one token, since words cannot be told apart without a lexicon.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_LETTERS = rf"[^\W_{UNSPACED}]+"
_TOKEN = re.compile(
    rf"""
      \[\^[^\]\s\[]+\]                                   # a citation
    | \]\((?:[^()\s\\<>]|\\.|\([^()\s]*\))*\)            # the end of a link, cut in two below
    | \\(?:[!-/:-@\[-`{{-~]|\r?\n)                       # an escape, a hard break
    | (?:https?://|mailto:)[^\s<>()\[\]*|`]*[^\s<>()\[\]*|`.,;:!?'"\u2019\u201d]
    | &(?:\#\w{{1,8}}|[A-Za-z]\w{{1,31}});               # an entity, which canonical text keeps where it must
    | \*\*|\*|`+|\#+|\.{{2,}}|-{{2,}}
    | \d+(?:[.,]\d+)+(?:{_LETTERS})?                     # 1,000.5 and 2.3b
    | [\U0001f1e6-\U0001f1ff]{{2}}                       # a flag
    | [{UNSPACED}]
    | {_LETTERS}(?:['\u2019\-_]{_LETTERS})*
    | (?:\r?\n)+ | (?:(?!\r?\n)\s)+ | .
    """,
    re.VERBOSE | re.DOTALL,
)
_ONE_UNSPACED = re.compile(rf"[{UNSPACED}]")
_ZERO_WIDTH_JOINER = "\u200d"
# What belongs to the character before it although Unicode does not call it a mark: joiners, the soft hyphen,
# the word joiner, skin tones, and the two vowels of Thai and Lao that are letters by category.
_CLINGING = frozenset("\u00ad\u200c\u200d\u2060\u0e33\u0eb3") | frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_CLINGING_TAGS = range(0xE0020, 0xE0080)


def tokens(text: str) -> list[str]:
    """The text cut into words, spaces, punctuation and marks; joined they give the text back to the character.

    No token ends inside a word, an accented letter or an emoji. Scripts without spaces give one token a character.
    A mark of emphasis, a citation, an escape and a link's target (with its brackets) are one token each.
    """
    found: list[str] = _TOKEN.findall(text)
    if "](" in text:
        found = _with_links_cut(found)
    return found if text.isascii() else _keep_characters_whole(found)


def is_word(token: str) -> bool:
    """Whether a token is a word or a number, and not a space, a mark or punctuation."""
    return token[:1].isalnum()


def is_space(token: str) -> bool:
    """Whether a token is white space only."""
    return token.isspace()


def _with_links_cut(found: list[str]) -> list[str]:
    cut: list[str] = []
    for token in found:
        if token.startswith("]("):
            cut.append("]")
            token = token[1:]
        cut.append(token)
    return cut


def _clings(character: str) -> bool:
    if character < "\u00ad":
        return False
    return character in _CLINGING or unicodedata.category(character)[0] == "M" or ord(character) in _CLINGING_TAGS


def _keep_characters_whole(found: list[str]) -> list[str]:
    whole: list[str] = []
    for token in found:
        if whole and (_clings(token[0]) or _goes_on(whole[-1], token)):
            whole[-1] += token
        else:
            whole.append(token)
    return whole


def _goes_on(before: str, token: str) -> bool:
    """Whether a token continues the one before: after a joiner, or a word after an accent written apart."""
    last = before[-1]
    if last < "\u00ad" or not _clings(last):
        return False
    if last == _ZERO_WIDTH_JOINER and not token.isspace():
        return True
    return is_word(before) and is_word(token) and not _ONE_UNSPACED.match(before) and not _ONE_UNSPACED.match(token)
