"""The only clock: moments and days in UTC."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """This moment, in UTC, with its time zone."""
    return datetime.now(UTC)


def today() -> date:
    """This day, in UTC."""
    return now().date()
