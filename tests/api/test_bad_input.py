"""What cannot be understood is a problem of a stable type that does not repeat it, and nothing is written."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db.engine import Database
from tests.support.acts import counted, propose
from tests.support.site import API, Site, make_site

JSON = {"content-type": "application/json"}
# Stands in every refused request; it must not stand in any answer.
MARK = "zzq<script>zzq"
GOOD = {
    "title": "Title",
    "rationale": "Because.",
    "base_revision": 1,
    "sections": [{"key": "vision", "markdown": "A."}],
}


@pytest.fixture(scope="module")
def shared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site for refusals: nothing that is refused changes it."""
    folder = tmp_path_factory.mktemp("bad")
    shutil.copy(sqlite_template, folder / "engross.sqlite3")
    database = Database(f"sqlite:///{folder / 'engross.sqlite3'}")
    site = make_site(database, folder)
    propose(site.member, "vision", "Another vision.")
    yield site
    database.close()


def raw(text: str) -> bytes:
    """A proposal's JSON with a piece of raw JSON in it, and a mark that must not come back."""
    return (
        '{"rationale": "' + MARK + '", "base_revision": 1, "sections": [{"key": "vision", "markdown": "A."}], '
        '"title": ' + text + "}"
    ).encode()


UNREADABLE = {
    "nothing at all": b"",
    "a truncated object": b'{"title": "' + MARK.encode(),
    "not a number": raw("NaN"),
    "infinity": raw("-Infinity"),
    "a number beyond all": raw("1e999"),
    "a whole number of 5000 digits": raw("9" * 5000),
    "a name twice": raw('"x", "title": "y"'),
    "a name twice further in": raw('{"a": 1, "a": 2}'),
    "half a character": raw('"\\ud800"'),
    "the other half": raw('"\\udc00x"'),
    "half a character in a name": raw('"x", "\\ud800": 1'),
    "NUL": raw('"a\\u0000b"'),
    "a raw control character": raw('"a\x01b"'),
    "no UTF-8": raw('"') + b"\xff\xfe" + b'"}',
    "UTF-16": json.dumps(GOOD).encode("utf-16"),
    "nesting without end": raw("[" * 100_000 + "]" * 100_000),
    "nesting of objects": raw('{"a":' * 1000 + "1" + "}" * 1000),
    "two values": json.dumps(GOOD).encode() * 2,
    "a trailing comma": b'{"title": "x",}',
    "single quotes": b"{'title': 'x'}",
}
ACTS = (
    f"{API}/proposals",
    f"{API}/proposals/1/submit",
    f"{API}/proposals/1/reviews",
    f"{API}/proposals/1/withdraw",
    f"{API}/merge-preview",
)


def check_refusal(answer: object, status: int = 422) -> dict:
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["type"].startswith("/problems/")
    assert len(answer.content) < 20_000
    assert "zzq<" not in answer.text
    return told


@pytest.mark.parametrize("octets", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_not_strict_json_is_refused_by_every_act(shared: Site, octets: bytes) -> None:
    before = counted(shared.database)
    for path in ACTS if octets else (f"{API}/proposals", f"{API}/proposals/1/reviews"):
        told = check_refusal(shared.member.post(path, content=octets, headers=JSON))
        assert told["type"] in ("/problems/bad-json", "/problems/invalid"), told
    assert counted(shared.database) == before


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "nonsense", None]
)
def test_another_kind_of_body_is_refused(shared: Site, kind: str | None) -> None:
    before = counted(shared.database)
    headers = {} if kind is None else {"content-type": kind}
    for path in (f"{API}/proposals", f"{API}/proposals/1/withdraw"):
        check_refusal(shared.member.post(path, content=json.dumps({**GOOD, "rationale": MARK}), headers=headers))
    assert counted(shared.database) == before


@pytest.mark.parametrize("path", ACTS)
def test_a_body_beyond_two_megabytes_is_too_large(shared: Site, path: str) -> None:
    before = counted(shared.database)
    large = json.dumps({**GOOD, "rationale": "zzq " * 600_000}).encode()
    check_refusal(shared.member.post(path, content=large, headers=JSON), 413)
    chunks = (large[n : n + 60_000] for n in range(0, len(large), 60_000))
    check_refusal(shared.member.post(path, content=chunks, headers=JSON), 413)
    assert counted(shared.database) == before


def test_a_body_too_large_from_somebody_without_a_right_is_refused_for_that(shared: Site) -> None:
    large = b'"' + b"x" * 2_500_000 + b'"'
    check_refusal(shared.reader.post(f"{API}/proposals", content=large, headers=JSON), 401)
    check_refusal(shared.stranger.post(f"{API}/proposals", content=large, headers=JSON), 403)
    check_refusal(shared.member.post(f"{API}/proposals/99/reviews", content=large, headers=JSON), 404)


def section(**fields: object) -> dict:
    return {**GOOD, "sections": [{"key": "vision", **fields}]}


def block(**fields: object) -> dict:
    return section(blocks=[{"kind": "paragraph", "text": "A.", **fields}])


WRONG_PROPOSALS = {
    "an array": [GOOD],
    "a text": MARK,
    "a number": 5,
    "null": None,
    "an empty object": {},
    "a field nobody knows": {**GOOD, MARK: 1},
    "a field nobody knows further in": section(markdown="A.", **{MARK: MARK}),
    "a text for a number": {**GOOD, "base_revision": "1"},
    "a fraction": {**GOOD, "base_revision": 1.5},
    "a whole number with a stop": {**GOOD, "base_revision": 1.0},
    "a yes for a number": {**GOOD, "base_revision": True},
    "a number for a yes": {**GOOD, "submit": 1},
    "a number for a text": {**GOOD, "title": 5},
    "null for a text": {**GOOD, "title": None},
    "no revision": {**GOOD, "base_revision": 0},
    "a negative revision": {**GOOD, "base_revision": -1},
    "a revision to come": {**GOOD, "base_revision": 2},
    "a huge revision": {**GOOD, "base_revision": 2**63},
    "no title": {**GOOD, "title": ""},
    "a title of spaces": {**GOOD, "title": " \u00a0\t"},
    "a title with a control character": {**GOOD, "title": f"{MARK}\u0007"},
    "a title with a C1 control": {**GOOD, "title": f"{MARK}\u0085"},
    "a long title": {**GOOD, "title": MARK * 50},
    "a long rationale": {**GOOD, "rationale": "x" * 20_001},
    "an object for a list": {**GOOD, "sections": {"key": "vision"}},
    "nothing": {**GOOD, "sections": []},
    "nothing at all": {k: v for k, v in GOOD.items() if k != "sections"},
    "a section without a key": {**GOOD, "sections": [{"markdown": "A."}]},
    "a key that cannot be one": {**GOOD, "sections": [{"key": MARK, "markdown": "A."}]},
    "a key with NUL-like letters": {**GOOD, "sections": [{"key": "Vision", "markdown": "A."}]},
    "a section twice": {**GOOD, "sections": [{"key": "vision", "markdown": "A."}, {"key": "vision", "markdown": "B."}]},
    "a section that is not there taken out": {**GOOD, "sections": [{"key": "zzq", "remove": True}]},
    "a place that is not there": section(markdown="A.", after="zzq"),
    "a place after itself": section(markdown="A.", after="vision"),
    "a kind that is none": section(markdown="A.", kind=MARK),
    "both forms of text": section(markdown="A.", blocks=[]),
    "control characters in Markdown": section(markdown=f"{MARK}\u0008"),
    "seven levels of list": section(markdown="".join("  " * n + "- " + MARK + "\n" for n in range(7))),
    "seven levels of quote": section(markdown="> " * 7 + MARK),
    "a paragraph of 20,001 words": section(markdown="x " * 20_001),
    "a section of more than 200 kB": section(markdown=("xxxxxxxxx " * 1000 + "\n\n") * 25),
    "a block of no kind": block(kind=MARK),
    "a block of negative depth": block(depth=-1),
    "a block out of the depths": block(depth=100),
    "a block at a depth with nothing around it": block(depth=3),
    "a block with an object for a text": block(text={"a": MARK}),
    "a block with a list that is none": block(kind="item", list={"style": MARK}),
    "a front field nobody knows": {**GOOD, "sections": [], "front": {"zzq": 1}},
    "a front without a title": {**GOOD, "sections": [], "front": {"title": ""}},
    "a front whose title is null": {**GOOD, "sections": [], "front": {"title": None}},
    "annexes of one key": {
        **GOOD,
        "sections": [],
        "front": {"annexes": [{"key": "a", "title": "A"}, {"key": "a", "title": "B"}]},
    },
    "an annexe whose key is none": {**GOOD, "sections": [], "front": {"annexes": [{"key": MARK, "title": "A"}]}},
    "an annexe in a folder above": {
        **GOOD,
        "sections": [],
        "front": {"annexes": [{"key": "a", "title": "A", "file": "../secret"}]},
    },
    "an annexe behind a script": {
        **GOOD,
        "sections": [],
        "front": {"annexes": [{"key": "a", "title": "A", "url": f"javascript:{MARK}"}]},
    },
    "a language that is none": {**GOOD, "sections": [], "front": {"language": MARK}},
}


@pytest.mark.parametrize("body", WRONG_PROPOSALS.values(), ids=WRONG_PROPOSALS.keys())
def test_a_proposal_that_makes_no_sense_is_refused(shared: Site, body: object) -> None:
    before = counted(shared.database)
    answer = shared.member.post(f"{API}/proposals", json=body)
    check_refusal(answer, 413 if answer.status_code == 413 else 422)
    assert counted(shared.database) == before


WRONG_ACTS = {
    "proposals/1/reviews": [
        {"position": MARK},
        {"position": "support", "text": "\u0000"},
        {"position": "support", "change": "1"},
        {"position": "support", "change": 0},
        {"position": "support", "text": "x" * 20_001},
        [],
    ],
    "proposals/1/return": [{}, {"reason": ""}, {"reason": " \n"}, {"reason": 5}, {"reason": "a\u0001"}, []],
    "proposals/1/decisions": [
        [],
        {},
        {"change": 1, "outcome": "adopted"},
        [{"change": 1}],
        [{"change": 1, "outcome": "pending"}],
        [{"change": 1, "outcome": MARK}],
        [{"change": "1", "outcome": "adopted"}],
        [{"change": -1, "outcome": "adopted"}],
        [{"change": 1, "outcome": "adopted"}, {"change": 1, "outcome": "rejected"}],
        [{"change": 1, "outcome": "adopted", "text": "A wording."}],
        [{"change": 1, "outcome": "adopted_amended"}],
        [{"change": 1, "outcome": "adopted_amended", "text": " "}],
        [{"change": 1, "outcome": "adopted_amended", "text": "One paragraph.\n\nAnd another."}],
        [{"change": 1, "outcome": "adopted_amended", "text": "- a list"}],
        [{"change": 1, "outcome": "adopted_amended", "text": "Another vision."}],
        [{"change": 1, "outcome": "rejected", "reason": "\u0003"}],
    ],
    "merge-preview": [
        {},
        {"changes": []},
        {"changes": "1.1"},
        {"changes": [1.1]},
        {"changes": ["1"]},
        {"changes": [MARK]},
        {"changes": ["1.1.1"]},
        {"changes": ["-1.1"]},
        {"changes": ["1.٣"]},
        {"changes": ["1.1"] * 2001},
        {"changes": ["1.1"], "resolutions": []},
        {"changes": ["1.1"], "resolutions": {MARK: {"choice": "standing", "zzq": 1}}},
        {"changes": ["1.1"], "resolutions": {"a": {"choice": MARK}}},
        {"changes": ["1.1"], "resolutions": {"a": {"choice": "text"}}},
        {"changes": ["1.1"], "resolutions": {"a": {"choice": "both", "text": "x"}}},
    ],
    "merge": [
        {"changes": ["1.1"]},
        {"changes": ["1.1"], "base_revision": "head"},
        {"changes": ["1.1"], "base_revision": 1, "message": "x" * 2001},
        {"changes": ["1.1"], "base_revision": 1, "message": "\u0000"},
        {"changes": ["1.1"], "base_revision": 1, "confirm_combined": "yes"},
        {"changes": ["1.1"], "base_revision": 1, "confirm_combined": [1]},
    ],
    "editions": [
        {},
        {"revision": 1},
        {"revision": 1, "date": "May 2025"},
        {"revision": 1, "date": "2025-13"},
        {"revision": 1, "date": "2025-02-30"},
        {"revision": 1, "date": "2025-5"},
        {"revision": 1, "date": "٢٠٢٥-٠٥"},
        {"revision": 1, "date": "0000-01"},
        {"revision": 9, "date": "2025-05"},
        {"revision": 0, "date": "2025-05"},
        {"revision": "head", "date": "2025-05"},
        {"revision": 1, "date": "2025-05", "label": " "},
        {"revision": 1, "date": "2025-05", "label": "\u0000"},
        {"revision": 1, "date": "2025-05", "label": "x" * 101},
        {"revision": 1, "date": "2025-05", "effective": "2025-05"},
        {"revision": 1, "date": "2025-05", "effective": "20250501"},
        {"revision": 1, "date": "2025-05", "effective": "2025-W20-1"},
        {"revision": 1, "date": "2025-05", "effective": "2025-02-30"},
    ],
}


@pytest.mark.parametrize(
    ("path", "body"),
    [(path, body) for path, bodies in WRONG_ACTS.items() for body in bodies],
    ids=lambda value: json.dumps(value)[:60],
)
def test_an_act_that_makes_no_sense_is_refused(shared: Site, path: str, body: object) -> None:
    before = counted(shared.database)
    check_refusal(shared.governor.post(f"{API}/{path}", json=body))
    assert counted(shared.database) == before


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=1000",
        "limit=x",
        "after=0",
        "after=x",
        f"after={2**63}",
        "state=zzq",
        "awaiting=zzq",
    ],
)
def test_a_query_that_makes_no_sense_is_refused(shared: Site, query: str) -> None:
    check_refusal(shared.member.get(f"{API}/proposals?{query}"))


def test_what_cannot_be_a_key_names_nothing_on_either_database(site: Site) -> None:
    for section_key in ("zzq", "%00", "%ED%A0%80", "'; DROP TABLE people; --", "%", "x" * 100):
        answer = site.member.get(f"{API}/proposals?section={section_key}")
        assert (answer.status_code, answer.json()) == (200, []), section_key
    for path in ("charters/%00", "charters/peps/editions/%00", "charters/peps/compare/%00...working"):
        assert site.member.get(f"/api/v1/{path}").status_code == 404, path
        assert site.member.post(f"/api/v1/{path}/approve", json={}).status_code in (404, 405), path


def test_quotes_may_be_six_levels_deep_like_lists(shared: Site) -> None:
    body = section(markdown="> " * 6 + "Deep.")
    assert shared.member.post(f"{API}/proposals", json=body).status_code == 201


def test_a_strange_authorization_is_no_sign_in(shared: Site) -> None:
    for value in ("Basic bWFyYTp4", "Bearer", "Bearer ", "bearer \u00e9", "x" * 5000):
        answer = TestClient(shared.service).get(f"{API}/proposals", headers={"authorization": value.encode("latin-1")})
        assert answer.status_code == 401, value


def test_a_method_that_an_address_does_not_take_is_a_problem(shared: Site) -> None:
    for method in ("PUT", "DELETE"):
        check_refusal(shared.governor.request(method, f"{API}/proposals/1"), 405)


words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
blocks = st.fixed_dictionaries(
    {"kind": st.sampled_from(["paragraph", "heading", "item", "quote", "table", "code", "note", "rule"])},
    optional={
        "text": words | st.sampled_from(["| a | b |\n| 1 | 2 |", "- a", "# x", "[^n]", "**", "a\\\nb", "```"]),
        "depth": st.integers(0, 7),
        "level": st.integers(1, 6),
        "list": st.fixed_dictionaries(
            {"style": st.sampled_from(["bullet", "decimal", "upper-alpha", "lower-roman"])},
            optional={"start": st.integers(0, 30)},
        ),
        "label": words,
        "align": st.lists(st.sampled_from(["none", "left"]), max_size=3),
        "lang": words,
        "id": words,
    },
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(blocks, max_size=5), key=st.sampled_from(["vision", "footnotes", "new", "goals"]))
def test_any_blocks_are_either_kept_so_that_they_can_be_read_or_refused(shared: Site, sent: list, key: str) -> None:
    body = {"title": "Blocks", "base_revision": 1, "sections": [{"key": key, "blocks": sent}]}
    made = shared.member.post(f"{API}/proposals", json=body)
    assert made.status_code in (201, 413, 422), made.text[:500]
    if made.status_code == 201:
        number = made.json()["number"]
        assert shared.member.get(f"{API}/proposals/{number}").status_code == 200
        assert shared.member.get(f"{API}/proposals/{number}/redline?format=html").status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        "threads?block=%00",
        "threads?section=%00",
        "decisions?section=%00",
        "decisions?q=%00",
        "proposals?section=%00",
        "decisions?to=9999-12-31",
        "decisions?from=9999-12-31&to=9999-12-31&format=csv",
    ],
)
def test_a_question_that_nothing_can_answer_gets_an_answer(site: Site, asked: str) -> None:
    assert site.member.get(f"{API}/{asked}").status_code in (200, 422)


@pytest.mark.parametrize(
    "path",
    [
        "threads?section=%00",
        "threads/new?block=%00",
        "threads/new?section=%00",
        "decisions?to=9999-12-31",
        "decisions.csv?to=9999-12-31",
        "decisions?section=%00",
        "desk?section=%00",
        "desk/merge?take=%00",
        "proposals?section=%00",
        "blocks/%00",
    ],
)
def test_a_page_that_nothing_can_fill_is_an_answer(site: Site, path: str) -> None:
    assert site.governor.get(f"/peps/{path}").status_code in (200, 404, 422)
    assert site.reader.get("/unsubscribe/%00").status_code in (200, 404, 422)
