"""The register of decisions as a table: its head, and one line for each decision."""

from collections.abc import Mapping

from app.queries.register import RegisterEntry
from app.render.tables import BEGINNING, csv_line

_COLUMNS = (
    "Decision",
    "Decided on (UTC)",
    "Decided by",
    "Change",
    "Proposal",
    "Proposed by",
    "Version",
    "Section",
    "Outcome",
    "Reason",
    "Against the rule",
    "Words before",
    "Proposed wording",
    "Adopted wording",
    "In the text since revision",
    "Supersedes decision",
    "Superseded by decision",
)
REGISTER_HEAD = BEGINNING + csv_line(_COLUMNS)
"""What the table begins with."""


def register_line(entry: RegisterEntry, sections: Mapping[str, str]) -> str:
    """One decision; ``sections`` are the names of sections by id."""
    return csv_line(_cells(entry, sections))


def _cells(entry: RegisterEntry, sections: Mapping[str, str]) -> tuple[object, ...]:
    return (
        entry.id,
        f"{entry.decided_at:%Y-%m-%d %H:%M}",
        entry.decided_by,
        # Alone it would be a number to a spreadsheet, or a day: 12.10 is not 12.1.
        f"change {entry.ref}",
        entry.title,
        entry.author,
        entry.version,
        "" if entry.section is None else sections.get(entry.section, entry.section),
        entry.outcome.replace("_", " "),
        entry.reason,
        "yes" if entry.against_rule else "no",
        entry.before,
        entry.proposed,
        entry.adopted,
        entry.merged_revision,
        entry.supersedes,
        entry.superseded_by,
    )
