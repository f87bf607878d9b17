"""What pages weigh on their way, and what is compressed for whom."""

import gzip

import pytest

from app import resources
from tests.web.visits import Visits

PLAIN = {"Accept-Encoding": "identity"}
MOST_OF_A_FIRST_PAGE = 60_000
MOST_OF_THE_EDITOR = 150_000


def on_the_way(visits: Visits, path: str) -> int:
    """The octets of an answer as they travel to a browser that has nothing of us yet."""
    with visits.reader.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 200
        return sum(map(len, answer.iter_raw()))


@pytest.mark.parametrize("path", ["/peps", "/", "/peps/working"])
def test_a_first_page_with_its_sheets_and_scripts_is_light(visits: Visits, path: str) -> None:
    # Typefaces come after the words are there in those of the reader's machine, and are kept for good.
    page = visits.page(path)
    parts = [e.attrib["href"] for e in page.all("link", rel="stylesheet")] + [
        e.attrib["src"] for e in page.all("script") if "src" in e.attrib
    ]
    assert len(parts) >= 2
    weight = sum(on_the_way(visits, part) for part in (path, *parts))
    assert weight <= MOST_OF_A_FIRST_PAGE, weight


def test_the_editor_is_light(visits: Visits) -> None:
    scripts = [file.name for file in resources.built_assets().glob("editor-*.js")]
    assert len(scripts) == 1
    assert on_the_way(visits, f"/static/{scripts[0]}") <= MOST_OF_THE_EDITOR


def test_a_compressed_answer_is_the_same_as_one_that_is_not(visits: Visits) -> None:
    plain = visits.reader.get("/peps", headers=PLAIN)
    assert "content-encoding" not in plain.headers
    packed = visits.reader.get("/peps", headers={"Accept-Encoding": "br;q=1, gzip;q=0.5"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["vary"]
    assert packed.content == plain.content
    assert packed.headers["content-security-policy"]


@pytest.mark.parametrize("asked", ["gzip;q=0", "identity", "br", ""])
def test_who_does_not_take_it_gets_pages_as_they_are(visits: Visits, asked: str) -> None:
    answer = visits.reader.get("/peps", headers={"Accept-Encoding": asked})
    assert "content-encoding" not in answer.headers
    assert "Accept-Encoding" not in answer.headers.get("vary", "")


def test_a_page_with_the_secret_of_its_forms_is_never_compressed(visits: Visits) -> None:
    mara = visits.signed_in("mara")
    answer = mara.get("/peps", headers={"Accept-Encoding": "gzip"})
    assert 'name="csrf"' in answer.text
    assert "content-encoding" not in answer.headers
    sheet = next(e.attrib["href"] for e in visits.page("/peps", mara).all("link", rel="stylesheet"))
    assert mara.get(sheet, headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("path", ["/peps/editions/2025-05.pdf", "/healthz", "/api/v1/charters/peps"])
def test_files_and_answers_to_programs_stay_as_they_are(visits: Visits, path: str) -> None:
    answer = visits.reader.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers


def test_asking_only_for_the_head_says_nothing_of_compression(visits: Visits) -> None:
    answer = visits.reader.head("/peps", headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert "content-encoding" not in answer.headers


def test_a_built_file_is_packed_the_same_each_time(visits: Visits) -> None:
    sheet = next(e.attrib["href"] for e in visits.page("/peps").all("link", rel="stylesheet"))
    found = []
    for _ in range(2):
        with visits.reader.stream("GET", sheet, headers={"Accept-Encoding": "gzip"}) as answer:
            found.append(b"".join(answer.iter_raw()))
    assert found[0] == found[1]
    assert gzip.decompress(found[0]).startswith(b"@") or b"{" in gzip.decompress(found[0])
