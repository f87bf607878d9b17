"""The dialect of Markdown in which text enters and leaves: entry rules, inline text, blocks and their one form."""

from app.text.dialect.canonical import canonical_blocks
from app.text.dialect.entry import clean, showable
from app.text.dialect.inline import citations, inline, normal_label, plain
from app.text.dialect.inline_canon import canonical_inline, written_inline
from app.text.dialect.limits import check_limits
from app.text.dialect.normal_spans import Part, normal
from app.text.dialect.normalising import normalise, normalise_reported
from app.text.dialect.parsing import parse
from app.text.dialect.serialising import serialise
from app.text.dialect.spans import Mark, Span, SpanKind

__all__ = [
    "Mark",
    "Part",
    "Span",
    "SpanKind",
    "canonical_blocks",
    "canonical_inline",
    "check_limits",
    "citations",
    "clean",
    "inline",
    "normal",
    "normal_label",
    "normalise",
    "normalise_reported",
    "parse",
    "plain",
    "serialise",
    "showable",
    "written_inline",
]
