"""Editions as pages and files: the same bytes for everybody, and nothing shown that is not public."""

import hashlib

import pytest

from app import clock
from app.queries.charters import charter_row
from app.queries.editions import edition_row
from app.queries.people import account, person_by_email
from app.render.word import MEDIA_TYPE
from app.services import editions
from tests.support.word_reader import Reader
from tests.support.word_rules import faults, parts
from tests.web.markup import words
from tests.web.visits import Visits

PDF = "/peps/editions/2025-05.pdf"


def test_the_pdf_is_served_with_its_hash_as_a_strong_tag(visits: Visits) -> None:
    answer = visits.reader.get(PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert answer.headers["cache-control"].startswith("public")
    assert answer.headers["content-disposition"] == 'inline; filename="peps-charter-2025-05.pdf"'
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_whoever_has_the_pdf_is_not_sent_it_again(visits: Visits) -> None:
    tag = visits.reader.get(PDF).headers["etag"]
    for condition in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        answer = visits.reader.get(PDF, headers={"If-None-Match": condition})
        assert answer.status_code == 304, condition
        assert answer.content == b""
        assert answer.headers["etag"] == tag
    assert visits.reader.get(PDF, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_pdf_is_the_same_for_members_and_readers(visits: Visits) -> None:
    assert visits.signed_in("mara").get(PDF).content == visits.reader.get(PDF).content


def test_the_markdown_of_an_edition_has_every_section_and_note(visits: Visits) -> None:
    answer = visits.reader.get("/peps/editions/2025-05.md")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.text.startswith("This draft document[^survey] will remain open")
    assert "\n# Vision\n" in answer.text
    assert "\n[^performing]: Including, but not restricted to, shareholder return.\n" in answer.text


@pytest.mark.parametrize("ending", ["doc", "exe"])
def test_forms_that_are_not_made_yet_are_not_found(visits: Visits, ending: str) -> None:
    assert visits.reader.get(f"/peps/editions/2025-05.{ending}").status_code == 404


def test_a_word_document_of_an_edition_is_to_be_saved_and_not_sent_twice(visits: Visits) -> None:
    answer = visits.reader.get("/peps/editions/2025-05.docx")
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.headers["content-disposition"] == 'attachment; filename="peps-charter-2025-05.docx"'
    assert answer.headers["cache-control"] == "private, no-cache"
    assert faults(answer.content) == []
    assert "Not an approved text" not in [line.text for line in Reader(answer.content).lines()]
    assert visits.signed_in("mara").get("/peps/editions/2025-05.docx").content == answer.content
    again = visits.reader.get("/peps/editions/2025-05.docx", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_word_document_of_what_is_not_approved_says_so(visits: Visits) -> None:
    answer = visits.signed_in("mara").get("/peps/editions/2026-11.docx")
    assert 'filename="peps-charter-2026-11-not-approved.docx"' in answer.headers["content-disposition"]
    assert Reader(answer.content).lines()[0].text == "Not an approved text"
    working = visits.reader.get("/peps/working.docx")
    assert 'filename="peps-charter-revision-3.docx"' in working.headers["content-disposition"]
    assert Reader(working.content).lines()[0].text == "Not an approved text"
    assert b"<w:trackRevisions/>" in parts(working.content)["word/settings.xml"]


def test_word_documents_are_offered_where_people_look_for_them(visits: Visits) -> None:
    assert "/peps/editions/2025-05.docx" in visits.page("/peps/editions/2025-05").links
    assert "/peps/editions/2025-05.docx" in visits.page("/peps/editions").links
    assert "/peps/working.docx" in visits.page("/peps/working").links
    assert "/peps/compare/2025-05...working.docx" in visits.page("/peps/compare/2025-05...working").links
    assert "/peps/proposals/1.docx" in visits.page("/peps/proposals/1").links


def test_a_proposal_is_there_in_word_for_whom_it_is_there_at_all(visits: Visits) -> None:
    for n in range(1, 12):
        page, word = (visits.reader.get(f"/peps/proposals/{n}{ending}").status_code for ending in ("", ".docx"))
        assert page == word, n


def test_an_edition_that_is_not_published_exists_for_members_only(visits: Visits) -> None:
    wrong = visits.reader.get("/peps/editions/2026-10").text.replace("2026-10", "KEY")
    for ending in ("", ".pdf", ".docx", ".md"):
        answer = visits.reader.get(f"/peps/editions/2026-11{ending}")
        assert answer.status_code == 404
        assert answer.text.replace("2026-11", "KEY") == wrong
    page = visits.page("/peps/editions/2026-11", visits.signed_in("mara"))
    assert "Not approved. Do not cite." in page.text
    assert words(page.one("span", class_="badge-wait")) == "Candidate"


def test_the_preview_of_a_candidate_is_marked_and_never_shared(visits: Visits) -> None:
    answer = visits.signed_in("mara").get("/peps/editions/2026-11.pdf")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["cache-control"].startswith("private")
    assert 'filename="peps-charter-2026-11-not-approved.pdf"' in answer.headers["content-disposition"]


def test_members_see_what_is_being_prepared_and_readers_do_not(visits: Visits) -> None:
    assert "Being prepared" not in visits.page("/peps/editions").text
    page = visits.page("/peps/editions", visits.signed_in("mara"))
    assert "0 of 1 sign-off" in page.text or "no of 1 sign-off" not in page.text
    assert "/peps/compare/2025-05...2026-11" in page.links


def test_the_list_of_editions_gives_the_hash_anybody_can_check(visits: Visits) -> None:
    digest = hashlib.sha256(visits.reader.get(PDF).content).hexdigest()
    assert digest in visits.page("/peps/editions").text


def test_a_charter_without_editions_says_what_comes_next(visits: Visits) -> None:
    page = visits.page("/isop-pateg/editions")
    assert "No edition has been published yet." in page.text
    assert "/isop-pateg/working" in page.links


def test_the_edition_in_force_on_a_day_is_found(visits: Visits) -> None:
    for day in ("2025-05-01", "2025-12-31", "2025-06"):
        answer = visits.reader.get(f"/peps/on/{day}")
        assert (answer.status_code, answer.headers["location"]) == (302, "/peps/editions/2025-05")


@pytest.mark.parametrize("day", ["2025-04-30", "2025-13-01", "tomorrow", "20250501", "0000-00-00"])
def test_a_day_without_an_edition_is_not_found(visits: Visits, day: str) -> None:
    assert visits.reader.get(f"/peps/on/{day}").status_code == 404


def test_a_withdrawn_edition_stays_readable_and_says_why(visits: Visits) -> None:
    with visits.database.writing() as session:
        charter = charter_row(session, "peps")
        edition = edition_row(session, charter, "2025-05", unpublished=False)
        by = account(person_by_email(session, "gilda@example.org"))
        editions.withdraw(session, charter, edition, by=by, now=clock.now(), reason="Sent out too early.")
    page = visits.page("/peps/editions/2025-05")
    assert words(page.one("span", class_="badge-bad")) == "Withdrawn"
    assert "Sent out too early." in page.text
    assert visits.reader.get(PDF).status_code == 200
    # Without an edition in force the charter's own address shows the working text.
    assert "Working text, not approved" in visits.page("/peps").text
