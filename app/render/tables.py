"""Tables as CSV (RFC 4180) that every spreadsheet opens as it is meant: in Unicode, and with no cell that acts."""

from collections.abc import Iterable

BEGINNING = "\ufeff"
"""The byte-order mark before the first line: without it Excel takes UTF-8 for something else."""

# A spreadsheet takes a cell that begins so for a formula; the wide forms count too where people write with them.
_ACTING = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_line(cells: Iterable[object]) -> str:
    """One line with its end. A cell that would act as a formula has an apostrophe before it; None is an empty cell."""
    return ",".join(_cell(cell) for cell in cells) + "\r\n"


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    if text.startswith(_ACTING):
        text = f"'{text}"
    if any(sign in text for sign in ',"\r\n') or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text
