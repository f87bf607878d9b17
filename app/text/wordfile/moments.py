"""Moments as Word writes them."""

import re
from datetime import UTC, datetime

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?")


def moment(told: str) -> datetime | None:
    """A moment as Word writes it; None for what is none."""
    found = _MOMENT.fullmatch(told.strip())
    if found is None:
        return None
    try:
        made = datetime.fromisoformat(found[1] + (found[2] or "Z").replace("Z", "+00:00"))
        return made.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
