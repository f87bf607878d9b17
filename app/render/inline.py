"""Words as markup: what people wrote, escaped, with what cannot be seen made visible; runs with marks and links."""

import re
from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup, escape

from app.render.pinning import Pin, PinnedRun
from app.text.dialect import Mark
from app.text.prepared import Run, RunKind
from app.text.unseen import is_unseen

# Outermost first, as in redlines.
_TAGS = ((Mark.STRONG, "strong"), (Mark.EMPHASIS, "em"), (Mark.CODE, "code"))

_PLAIN = re.compile(r"[\x20-\x7e\n\u00a0-\u00ac\u00ae-\u024f\u2010-\u2027\u20ac]*")
# A word up to this long is kept on one line with the pin after it.
_HELD = 24
_TAG = re.compile(r"(<[^>]*>)")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


def words(text: str) -> Markup:
    """Plain text as markup. A character that acts without being seen stays, and its number is shown beside it."""
    if _PLAIN.fullmatch(text):
        return escape(text)
    return Markup("").join(_sign(c) if is_unseen(c) else escape(c) for c in text)


def signed(html: str) -> str:
    """Markup of ours with the same signs for what cannot be seen between its tags."""
    if not any(is_unseen(character) for character in set(html)):
        return html
    return "".join(
        piece if piece.startswith("<") else "".join(_sign(c) if is_unseen(c) else c for c in piece)
        for piece in _TAG.split(html)
    )


def spelled(html: str) -> str:
    """The same for markup that stands without our style sheet: the number of such a character is among the words."""
    if not any(is_unseen(character) for character in set(html)):
        return html
    return "".join(
        piece
        if piece.startswith("<")
        else "".join(_sign(c, told=f"[U+{ord(c):04X}]") if is_unseen(c) else c for c in piece)
        for piece in _TAG.split(html)
    )


def paragraphs(text: str, called: Sequence[tuple[int, int]] = ()) -> Markup:
    """What somebody wrote into a form as paragraphs: an empty line ends one, a line end is kept.

    ``called`` is where in the text people are called by name, each within a line, in order.
    """
    written = text.replace("\r\n", "\n").strip()
    if not written:
        return Markup("")
    if not called or written != text:
        return Markup("").join(_paragraph(part) for part in _PARAGRAPHS.split(written))
    ends = [(found.start(), found.end()) for found in _PARAGRAPHS.finditer(text)]
    begins = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(text)]
    return Markup("").join(
        _paragraph(text[begin:stop], [(start - begin, end - begin) for start, end in called if begin <= start < stop])
        for begin, stop in zip(begins, stops, strict=True)
    )


def _paragraph(part: str, called: Sequence[tuple[int, int]] = ()) -> Markup:
    pieces, done = [], 0
    for start, end in called:
        pieces += [_lines(part[done:start]), Markup('<span class="called">{}</span>').format(words(part[start:end]))]
        done = end
    return Markup("<p>{}</p>").format(Markup("").join([*pieces, _lines(part[done:])]))


def _lines(text: str) -> Markup:
    return Markup("<br>\n").join(words(line) for line in text.split("\n"))


def runs(some: Sequence[Run]) -> Markup:
    """Inline text as markup."""
    return Markup("").join(_run(run) for run in some)


def _run(run: Run) -> Markup:
    if isinstance(run, PinnedRun):
        return _pinned(run)
    return _plain_run(run)


def _pinned(run: PinnedRun) -> Markup:
    """Words under a mark, and the pins after them. The last word is held to its pins, so that none begins a line."""
    head, last = run, None
    if run.pins and run.kind is RunKind.WORDS:
        before, space, word = run.text.rpartition(" ")
        if len(word) <= _HELD:
            head, last = replace(run, text=before + space), replace(run, text=word)
    printed = _under(head, run.looks)
    if not run.pins:
        return printed
    pins = Markup("").join(_pin(pin) for pin in run.pins)
    return printed + Markup('<span class="keep">{}{}</span>').format(
        "" if last is None else _under(last, run.looks), pins
    )


def _under(run: Run, looks: Sequence[str]) -> Markup:
    if not run.text:
        return Markup("")
    printed = _plain_run(run)
    if not looks or run.kind is RunKind.BREAK:
        return printed
    return Markup('<mark class="marked {}">{}</mark>').format(" ".join(f"marked-{look}" for look in looks), printed)


def _pin(pin: Pin) -> Markup:
    return Markup('<a class="pin{}" href="{}" aria-label="{}">{}</a>').format(
        "" if pin.proposal else " pin-thread", pin.address, pin.spoken, pin.label
    )


def _plain_run(run: Run) -> Markup:
    if run.kind is RunKind.BREAK:
        return Markup("<br>\n")
    if run.kind is RunKind.CITATION:
        return _citation(run)
    printed = words(run.text)
    for mark, tag in reversed(_TAGS):
        if mark in run.marks:
            printed = Markup("<{0}>{1}</{0}>").format(Markup(tag), printed)
    if run.annexe is not None:
        return Markup('<a href="#annexe.{}">{}<span class="vh">: {}</span></a>').format(
            run.annexe.key, printed, words(run.annexe.title)
        )
    if run.url is not None:
        return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(run.url, printed)
    if run.anchor is not None:
        return Markup('<a href="#{}">{}</a>').format(run.anchor, printed)
    return printed


def _citation(run: Run) -> Markup:
    """The number of a note; only the first of a number is an address, which the note links back to."""
    anchor = Markup(' id="ref.{}"').format(run.number) if run.first else ""
    return Markup('<a class="ref" role="doc-noteref"{} href="#{}"><span class="vh">note </span>{}</a>').format(
        anchor, run.anchor, run.number
    )


def _sign(character: str, told: str = "") -> Markup:
    # Inside its own isolate a direction mark cannot turn the words around it.
    if told:
        return Markup("{}<bdi>{}</bdi>").format(told, character)
    return Markup('<span class="unseen" data-code="U+{:04X}"><bdi>{}</bdi></span>').format(ord(character), character)
