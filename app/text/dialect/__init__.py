"""The dialect of Markdown in which text enters and leaves: entry rules, inline text, blocks and their one form."""

from app.text.dialect.entry import clean
from app.text.dialect.inline import citations, inline, normal_label, plain
from app.text.dialect.inline_canon import canonical_inline
from app.text.dialect.spans import Mark, Span, SpanKind

__all__ = ["Mark", "Span", "SpanKind", "canonical_inline", "citations", "clean", "inline", "normal_label", "plain"]
