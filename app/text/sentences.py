"""Where one sentence ends and the next begins; in doubt it does not."""

import re
from itertools import pairwise

_STOP = re.compile(
    r"""
      (?P<wide>[\u3002\uff01\uff1f]+[\u300d\u300f\u201d\u2019\uff09]*)\s*
    | (?P<stop>[.!?\u061f\u0964]+)(?P<after>(?:[)\]"'\u2019\u201d\u00bb*`]|\[\^[^\]\s]+\])*)(?P<gap>\s+)
    """,
    re.VERBOSE,
)
_OPENING = "\"'\u2018\u201c\u00ab\u201e([*\u00bf\u00a1"
_WORD_BEFORE = re.compile(r"[^\s()\[\]\"\u201c\u2018\u201e*/]+$")
# Looking further back than this would make a text of many stops slow.
_LONGEST_WORD = 80
_SHORT = (
    "abs adj al alt app approx apr art arts assoc aug bd bzw ca cap cf ch cl co col corp dec dept dir div "
    "dr ed eds esp est etc ev evtl ex excl feb fig figs fn fr gen gov hon hr ibid inc incl inkl int jan "
    "jr jul jun lit ltd max min mr mrs ms mar misc mme mt no nos nov nr oct op p para paras pl pp prof pt "
    "ref refs reg rep resp rev sec sect secs sen sep sept sgt sr ss st str subpara subs suppl tel trans "
    "univ usw v vgl viz vol vols vs zb ziff "
)
_ABBREVIATIONS = frozenset(_SHORT.split())


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """The sentences as (start, end) in code points; together they cover the text, spaces go with the one before.

    The rows of a table are its sentences. A stop after an abbreviation, an initial, a number or inside brackets,
    three dots, and any stop that no capital letter follows are doubtful and do not split.
    """
    if not text:
        return ()
    cuts = _row_ends(text) if text.startswith("|") else _sentence_ends(text)
    edges = [0, *cuts, len(text)]
    return tuple((start, end) for start, end in pairwise(edges) if start < end)


def _row_ends(text: str) -> list[int]:
    return [place + 1 for place, character in enumerate(text) if character == "\n"]


def _sentence_ends(text: str) -> list[int]:
    cuts: list[int] = []
    start = seen = depth = 0
    for found in _STOP.finditer(text):
        depth += text.count("(", seen, found.start()) - text.count(")", seen, found.start())
        seen = found.start()
        if found.end() >= len(text) or depth > 0:
            continue
        if found["wide"] or not _doubtful(text, start, found):
            start = seen = found.end()
            depth = 0
            cuts.append(start)
    return cuts


def _doubtful(text: str, start: int, found: re.Match[str]) -> bool:
    following = text[found.end() :].lstrip(_OPENING)[:1]
    if not following.isalpha() or following.islower() or found["gap"].startswith("\n"):
        return True
    stop = found["stop"]
    if stop != ".":
        return set(stop) == {"."}
    before = _WORD_BEFORE.search(text, max(start, found.start() - _LONGEST_WORD), found.start())
    if before is None:
        # A closing bracket or quote stands before the stop: "(Art. 5). The".
        return text[found.start() - 1 : found.start()].isspace() or found.start() == start
    word = before.group().rstrip("\u2019\u201d\"')]")
    return (
        "." in word
        or not any(character.isalpha() for character in word)
        or (len(word) == 1 and word.isascii())
        or word.casefold() in _ABBREVIATIONS
    )
