"""Edition dates: what is one, its first day, its words."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import BadInput
from app.rules.dates import EditionDate, calendar_day, day_in_words, edition_date


@pytest.mark.parametrize(
    ("text", "first_day", "label"),
    [
        ("2025-05", date(2025, 5, 1), "May 2025"),
        ("2026-11-21", date(2026, 11, 21), "21 November 2026"),
        ("2024-02-29", date(2024, 2, 29), "29 February 2024"),
        ("0001-01", date(1, 1, 1), "January 1"),
        ("2026-12-01", date(2026, 12, 1), "1 December 2026"),
    ],
)
def test_an_edition_date_knows_its_key_its_first_day_and_its_label(text: str, first_day: date, label: str) -> None:
    dated = edition_date(text)
    assert (dated.key, dated.first_day, dated.label) == (text, first_day, label)


@pytest.mark.parametrize(
    "text",
    ["", "2025", "2025-5", "25-05", "2025-05-1", "2025/05", " 2025-05", "2025-05\n", "May 2025", "2025-05-", "٢٠٢٥-٠٥"],
)
def test_what_is_not_written_as_a_month_or_a_day_is_refused_with_both_forms_named(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        edition_date(text)
    assert refused.value.message == "An edition date is a month like 2025-05 or a day like 2026-11-21."
    assert refused.value.kind == "bad-date"


@pytest.mark.parametrize("text", ["2025-00", "2025-13", "2025-02-29", "2025-04-31", "2025-05-00", "0000-01"])
def test_a_date_that_is_not_in_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match=f"There is no {text} in the calendar") as refused:
        edition_date(text)
    assert refused.value.kind == "bad-date"


@settings(deadline=None)
@given(st.dates())
def test_every_day_and_every_month_of_the_calendar_is_an_edition_date(day: date) -> None:
    assert edition_date(day.isoformat()) == EditionDate(day.year, day.month, day.day)
    assert edition_date(day.isoformat()[:7]).first_day == day.replace(day=1)
    assert edition_date(day.isoformat()).label == day_in_words(day)


def test_a_day_is_read_as_it_is_written() -> None:
    assert calendar_day("2026-11-30") == date(2026, 11, 30)


@pytest.mark.parametrize("text", ["", "2026-11", "30.11.2026", "2026-11-30\n", "tomorrow", "2026-1-3"])
def test_what_is_not_written_as_a_day_is_refused_with_the_form_named(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        calendar_day(text)
    assert refused.value.message == "A day is written like 2026-11-30."
    assert refused.value.kind == "bad-date"


def test_a_day_that_is_not_in_the_calendar_is_refused() -> None:
    with pytest.raises(BadInput, match="There is no 2026-02-30 in the calendar"):
        calendar_day("2026-02-30")
