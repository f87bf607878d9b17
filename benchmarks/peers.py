"""Ways of making a redline: ours and, beside them, what else there is, each asked for the same pairs of texts."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib.metadata import PackageNotFoundError, version

from diff_match_patch import diff_match_patch

from app.text.blocks import Block
from app.text.critic import critic_pieces
from app.text.dialect import parse
from app.text.effort import Effort
from app.text.html import blocks_html, redline_html
from app.text.redline import Redline, accept_all, redline, reject_all
from app.text.worddiff import Op, diff_tokens
from app.text.words import tokens
from benchmarks import peers_html
from benchmarks.peers_machine import timed
from benchmarks.peers_process import Missing, Worker, node_diff, wikidiff2

Pieces = list[tuple[int, str]]
"""What was deleted (-1), kept (0) and inserted (1), in reading order."""
_OPS = {Op.KEEP: 0, Op.DELETE: -1, Op.INSERT: 1}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions of one text that follow each other: canonical Markdown, blocks, and the blocks as HTML."""

    old: str
    new: str
    old_blocks: tuple[Block, ...]
    new_blocks: tuple[Block, ...]
    old_html: str
    new_html: str

    @classmethod
    def of(cls, old: str, new: str) -> "Pair":
        """The pair of two canonical texts."""
        one, other = parse(old), parse(new)
        return cls(old, new, one, other, blocks_html(one), blocks_html(other))


@dataclass(frozen=True, slots=True)
class Answer:
    """One redline: its pieces, what it cost, and whether it gives both texts back (None: it does not say)."""

    pieces: Pieces
    wall: float
    cpu: float
    right: bool | None
    html: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of making redlines. ``checked`` says how far both texts must come back."""

    name: str
    ask: Callable[[Pair], Answer]
    checked: str = "to the character"
    slow: bool = False
    end: Callable[[], None] = lambda: None


def ways() -> tuple[list[Way], list[str], list[str]]:
    """Every way there is on this machine, the versions of the peers, and which peers are missing and why."""
    found = [
        Way("**Engross, CriticMarkup**", _critic),
        Way("**Engross, blocks**", _blocks),
        Way("**Engross, blocks and their HTML**", _blocks_html, "white space aside"),
        Way("**Engross, from Markdown to HTML**", _markdown_to_html, "white space aside"),
        Way("our words and tidying, whole text at once", _whole_text),
    ]
    versions = [f"diff-match-patch {version('diff-match-patch')}"]
    missing: list[str] = []
    try:
        worker, told = wikidiff2()
        versions.append(f"wikidiff2 {told}")
        found.append(Way("wikidiff2, pieces (JSON)", lambda pair: _wikidiff2(worker, pair)))
        found.append(Way("wikidiff2, its inline HTML", lambda pair: _wikidiff2_html(worker, pair, "inline"), "–"))
        found.append(
            Way("wikidiff2, its HTML table", lambda pair: _wikidiff2_html(worker, pair, "table"), "–", end=worker.end)
        )
    except Missing as why:
        missing.append(f"wikidiff2 ({why})")
    found.append(Way("diff-match-patch on words, as it comes", _dmp_words))
    try:
        from redlines import Redlines

        versions.append(f"redlines {version('redlines')}")
        found.append(Way("redlines", lambda pair: _redlines(Redlines, pair), "white space aside"))
    except ImportError:
        missing.append("redlines (not in this environment: make .venv-bench/.ready)")
    try:
        from lxml.html.diff import htmldiff

        versions.append(f"lxml {version('lxml')}")
        found.append(Way("lxml's htmldiff", lambda pair: _htmldiff(htmldiff, pair), "white space aside"))
    except (ImportError, PackageNotFoundError):
        missing.append("lxml (not in this environment: make .venv-bench/.ready)")
    try:
        node, told = node_diff()
        versions.append(f"diff (npm) {told}")
        found.append(
            Way("node diff, diffWords", lambda pair: _node(node, pair, "diffWords", exact=False), "white space aside")
        )
        found.append(
            Way(
                "node diff, diffWordsWithSpace",
                lambda pair: _node(node, pair, "diffWordsWithSpace", exact=True),
                end=node.end,
            )
        )
    except Missing as why:
        missing.append(f"diff of npm ({why})")
    found.append(Way("difflib on words, as it comes", lambda pair: _difflib(pair, autojunk=True)))
    found.append(Way("difflib on words without its heuristic", lambda pair: _difflib(pair, autojunk=False), slow=True))
    found.append(Way("diff-match-patch on characters + semantic clean-up", _dmp_characters, slow=True))
    return found, versions, missing


def right(pieces: Pieces, old: str, new: str, *, exact: bool = True) -> bool:
    """Whether rejecting everything gives the old text and accepting everything the new."""
    for text, gone in ((old, 1), (new, -1)):
        given = "".join(part for op, part in pieces if op != gone)
        if given != text and (exact or "".join(given.split()) != "".join(text.split())):
            return False
    return True


def _plain(pair: Pair, call: Callable[[], Iterable[tuple[int, str]]]) -> Answer:
    made, wall, cpu = timed(call)
    pieces = list(made)
    return Answer(pieces, wall, cpu, right(pieces, pair.old, pair.new))


def _critic(pair: Pair) -> Answer:
    made, wall, cpu = timed(lambda: critic_pieces(pair.old, pair.new))
    pieces = [(_OPS[piece.op], piece.text) for piece in made]
    return Answer(pieces, wall, cpu, right(pieces, pair.old, pair.new))


def _row_pieces(shown: Redline) -> Pieces:
    # A line's end stands between blocks so that pieces of two blocks never run together.
    pieces: Pieces = []
    for row in shown.rows:
        pieces += [(_OPS[piece.op], piece.text) for piece in row.pieces]
        pieces.append((0, "\n"))
    return pieces


def _blocks(pair: Pair) -> Answer:
    shown, wall, cpu = timed(lambda: redline(pair.old_blocks, pair.new_blocks))
    exact = accept_all(shown) == pair.new_blocks and reject_all(shown) == pair.old_blocks
    return Answer(_row_pieces(shown), wall, cpu, exact)


def _html_answer(pair: Pair, page: str, wall: float, cpu: float) -> Answer:
    found = peers_html.runs(page)
    pieces = [(1 if not run.rejected else -1 if not run.accepted else 0, run.text) for run in found]
    exact = peers_html.accepted(found) == peers_html.words(pair.new_html)
    return Answer(pieces, wall, cpu, exact and peers_html.rejected(found) == peers_html.words(pair.old_html), page)


def _blocks_html(pair: Pair) -> Answer:
    page, wall, cpu = timed(lambda: redline_html(redline(pair.old_blocks, pair.new_blocks)))
    return _html_answer(pair, page, wall, cpu)


def _markdown_to_html(pair: Pair) -> Answer:
    page, wall, cpu = timed(lambda: redline_html(redline(parse(pair.old), parse(pair.new))))
    return _html_answer(pair, page, wall, cpu)


def _whole_text(pair: Pair) -> Answer:
    made, wall, cpu = timed(lambda: diff_tokens(tokens(pair.old), tokens(pair.new), Effort(10**15)).pieces)
    pieces = [(_OPS[piece.op], piece.text) for piece in made]
    return Answer(pieces, wall, cpu, right(pieces, pair.old, pair.new))


def dmp_words(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, list[str]]]:
    """diff-match-patch on tokens, each made one code point: runs of (-1 | 0 | 1, tokens)."""
    codes: dict[str, str] = {}

    def encoded(cut: Sequence[str]) -> str:
        return "".join(codes.setdefault(token, chr(0x10000 + len(codes))) for token in cut)

    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    runs = engine.diff_main(encoded(old), encoded(new), False)
    names = {code: token for token, code in codes.items()}
    return [(op, [names[code] for code in run]) for op, run in runs]


def _dmp_words(pair: Pair) -> Answer:
    return _plain(pair, lambda: [(op, "".join(run)) for op, run in dmp_words(tokens(pair.old), tokens(pair.new))])


def _dmp_characters(pair: Pair) -> Answer:
    def compare() -> Pieces:
        engine = diff_match_patch()
        engine.Diff_Timeout = 0
        runs = engine.diff_main(pair.old, pair.new)
        engine.diff_cleanupSemantic(runs)
        return list(runs)

    return _plain(pair, compare)


def _of_opcodes(codes: Iterable[tuple[str, int, int, int, int]], old: Sequence[str], new: Sequence[str]) -> Pieces:
    pieces: Pieces = []
    for tag, i1, i2, j1, j2 in codes:
        if tag == "equal":
            pieces.append((0, "".join(new[j1:j2])))
        else:
            pieces += [(-1, "".join(old[i1:i2])), (1, "".join(new[j1:j2]))]
    return [(op, text) for op, text in pieces if text]


def _difflib(pair: Pair, *, autojunk: bool) -> Answer:
    def compare() -> Pieces:
        old, new = tokens(pair.old), tokens(pair.new)
        return _of_opcodes(SequenceMatcher(None, old, new, autojunk=autojunk).get_opcodes(), old, new)

    return _plain(pair, compare)


def _redlines(make: Callable, pair: Pair) -> Answer:
    def compare() -> object:
        shown = make(pair.old, pair.new)
        return shown, shown.opcodes

    (shown, codes), wall, cpu = timed(compare)
    cut = json.loads(shown.output_json())
    pieces = _of_opcodes(codes, cut["source_tokens"], cut["test_tokens"])
    return Answer(pieces, wall, cpu, right(pieces, pair.old, pair.new, exact=False))


def _htmldiff(htmldiff: Callable[[str, str], str], pair: Pair) -> Answer:
    page, wall, cpu = timed(lambda: htmldiff(pair.old_html, pair.new_html))
    return _html_answer(pair, page, wall, cpu)


def _node(worker: Worker, pair: Pair, form: str, *, exact: bool) -> Answer:
    made = worker.ask(form, pair.old, pair.new)
    pieces = [(op, text) for op, text in made["made"]]
    return Answer(pieces, made["wall"], made["cpu"], right(pieces, pair.old, pair.new, exact=exact))


def _wikidiff2(worker: Worker, pair: Pair) -> Answer:
    made = worker.ask("json", pair.old, pair.new)
    pieces: Pieces = []
    if pair.old == pair.new:
        # Of equal texts it says nothing.
        return Answer([(0, pair.new)], made["wall"], made["cpu"], True)
    for line in json.loads(made["made"])["diff"]:
        # 0 and 3 are lines of both texts, 1 and 5 of the new one (5: moved here), 2 and 4 of the old one.
        kind, words = line["type"], line["text"].encode("utf-8")
        fate = {0: 0, 3: 0, 1: 1, 5: 1, 2: -1, 4: -1}[kind]
        at = 0
        for mark in line.get("highlightRanges", ()):
            start, end = mark["start"], mark["start"] + mark["length"]
            pieces.append((fate, words[at:start].decode("utf-8")))
            # In a line that moved here, what its old wording had is shown but belongs to neither text.
            if kind == 3 or mark["type"] == 0:
                pieces.append((1 if mark["type"] == 0 else -1, words[start:end].decode("utf-8")))
            at = end
        pieces += [(fate, words[at:].decode("utf-8")), (fate, "\n")]
    pieces = [(op, text) for op, text in pieces if text]
    old, new = (text if text.endswith("\n") or not text else text + "\n" for text in (pair.old, pair.new))
    return Answer(pieces, made["wall"], made["cpu"], right(pieces, old, new))


def _wikidiff2_html(worker: Worker, pair: Pair, form: str) -> Answer:
    made = worker.ask(form, pair.old, pair.new)
    page = made["made"]
    return Answer([], made["wall"], made["cpu"], None, f"<table>{page}</table>" if form == "table" else page)
