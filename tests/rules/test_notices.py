"""What people are told of: a sentence with its quote, the keys of mails, and when a daily mail is due."""

from datetime import UTC, date, datetime

import pytest

from app.rules.notices import digest_key, mail_key, newest_digest, sentence_and_quote, spoken, why_told


@pytest.mark.parametrize(
    ("sentence", "quote", "kept", "back"),
    [
        ("Anna  asks\nyou.", "  Why\n\nnot? ", "Anna asks you.\n\nWhy\n\nnot?", ("Anna asks you.", "Why\n\nnot?")),
        ("Anna asks.", "", "Anna asks.", ("Anna asks.", "")),
        ("Anna asks.", "  ", "Anna asks.", ("Anna asks.", "")),
    ],
)
def test_a_sentence_and_its_quote_are_kept_in_one_text_and_come_back(
    sentence: str, quote: str, kept: str, back: tuple[str, str]
) -> None:
    assert spoken(sentence, quote) == kept
    assert sentence_and_quote(kept) == back
    assert spoken("Only this.") == "Only this."


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 3, 2, 7, 0, tzinfo=UTC), datetime(2026, 3, 2, 7, tzinfo=UTC)),
        (datetime(2026, 3, 2, 23, 59, 59, 5, tzinfo=UTC), datetime(2026, 3, 2, 7, tzinfo=UTC)),
        (datetime(2026, 3, 2, 6, 59, 59, 999_999, tzinfo=UTC), datetime(2026, 3, 1, 7, tzinfo=UTC)),
        (datetime(2026, 3, 1, 0, 0, tzinfo=UTC), datetime(2026, 2, 28, 7, tzinfo=UTC)),
    ],
)
def test_the_newest_daily_mail_was_due_today_or_else_yesterday(now: datetime, due: datetime) -> None:
    assert newest_digest(now, 7) == due


def test_a_mail_is_known_by_its_person_and_its_notice_or_its_day() -> None:
    assert mail_key(3, "merged 7") == "3 merged 7"
    assert digest_key(3, date(2026, 3, 1)) == "3 digest 2026-03-01"


def test_somebody_is_told_why_they_are_told() -> None:
    assert why_told("published", "proposal 4") == "have a role"
    assert why_told("returned", "proposal 4") == "work on proposal 4"
    assert why_told("mentioned", "proposal 4") == "were named in it"
    assert why_told("decided", "proposal 4") == "follow proposal 4"
