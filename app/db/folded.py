"""What is stored beside words so that they are found again: the same words as a search compares them."""

import json
from collections.abc import Callable

from sqlalchemy.engine.default import DefaultExecutionContext

from app.text.change import change_from_json
from app.text.dialect.inline import plain
from app.text.folding import folded


def folded_columns(*names: str) -> Callable[[DefaultExecutionContext], str]:
    """What a new row holds in its column ``folded``, from other columns of it."""

    def fold(context: DefaultExecutionContext) -> str:
        return folded("\n".join(_of_row(context, name) for name in names))

    return fold


def folded_operation(context: DefaultExecutionContext) -> str:
    """The same for a change, from its operation."""
    return folded_words(_of_row(context, "operation"))


def folded_words(operation: str) -> str:
    """The words of a change, from its canonical JSON: those it brings, or what it takes out where it brings none."""
    return folded(plain(words_of(operation)))


def words_of(operation: str) -> str:
    """The words that a change brings, or what it takes out where it brings none; as they are stored."""
    change = change_from_json(json.loads(operation))
    said = change.after if change.after is not None else change.before
    return said or ""


def _of_row(context: DefaultExecutionContext, name: str) -> str:
    row: dict[str, object] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return str(row[name])
