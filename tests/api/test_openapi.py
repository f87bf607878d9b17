"""The description of the interface: complete enough to generate a client from."""

import httpx2
import pytest
from pydantic import ValidationError

from tests.support.shapes import look_at
from tests.support.site import Site

ACTS = {
    ("get", "/charters"),
    ("get", "/charters/{c}"),
    ("get", "/charters/{c}/revisions"),
    ("get", "/charters/{c}/revisions/{n}"),
    ("get", "/charters/{c}/compare/{pair}"),
    ("get", "/charters/{c}/records"),
    ("get", "/me"),
    ("get", "/me/notices"),
    ("post", "/me/notices/read"),
    ("get", "/me/notice-choices"),
    ("put", "/me/notice-choices"),
    ("get", "/charters/{c}/proposals"),
    ("post", "/charters/{c}/proposals"),
    ("get", "/charters/{c}/proposals/{n}"),
    ("patch", "/charters/{c}/proposals/{n}"),
    ("get", "/charters/{c}/proposals/{n}/redline"),
    *(("post", f"/charters/{{c}}/proposals/{{n}}/{act}") for act in ("submit", "withdraw", "return")),
    *(("post", f"/charters/{{c}}/proposals/{{n}}/{act}") for act in ("reviews", "decisions")),
    ("post", "/charters/{c}/merge-preview"),
    ("post", "/charters/{c}/merge"),
    ("get", "/charters/{c}/threads"),
    ("post", "/charters/{c}/threads"),
    ("get", "/charters/{c}/threads/{t}"),
    *(("post", f"/charters/{{c}}/threads/{{t}}/{act}") for act in ("replies", "resolve", "reopen", "reattach")),
    *((method, "/charters/{c}/threads/{t}/following") for method in ("get", "put")),
    *((method, "/charters/{c}/proposals/{n}/following") for method in ("get", "put")),
    ("post", "/charters/{c}/decisions"),
    ("post", "/charters/{c}/revisions/{n}/revert"),
    ("get", "/charters/{c}/editions"),
    ("post", "/charters/{c}/editions"),
    ("get", "/charters/{c}/editions/{key}"),
    *(("post", f"/charters/{{c}}/editions/{{key}}/{act}") for act in ("freeze", "thaw", "signoffs", "approve")),
    *(("post", f"/charters/{{c}}/editions/{{key}}/{act}") for act in ("publish", "withdraw")),
}


def test_every_act_is_described_with_what_it_may_answer(sqlite_site: Site) -> None:
    answer = sqlite_site.reader.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    told = answer.json()
    described = {
        (method, path.removeprefix("/api/v1")): act
        for path, acts in told["paths"].items()
        for method, act in acts.items()
    }
    assert described.keys() >= ACTS
    names = [act["operationId"] for act in described.values()]
    assert len(set(names)) == len(names)
    for (method, path), act in described.items():
        answers = act["responses"]
        assert act["summary"] or act["description"]
        wanted = {"401", "503"}
        if "{c}" in path:
            wanted |= {"404"}
        if method in ("post", "patch"):
            wanted |= {"403", "404", "409", "413", "422"}
        if method == "patch":
            wanted |= {"412", "428"}
        assert wanted <= answers.keys(), (method, path, sorted(answers))
        for status, one in answers.items():
            if int(status) >= 400:
                assert list(one["content"]) == ["application/problem+json"], (path, status)
                assert one["content"]["application/problem+json"]["schema"]["$ref"].endswith("/Problem")
            elif (method, path) in ACTS:
                assert one["content"]["application/json"]["schema"], (path, status)
    assert told["components"]["securitySchemes"]
    problem = told["components"]["schemas"]["Problem"]["properties"]
    assert {"type", "title", "status", "detail"} <= problem.keys()


def test_the_block_of_a_request_is_written_as_revisions_show_it(sqlite_site: Site) -> None:
    told = sqlite_site.reader.get("/api/v1/openapi.json").json()
    block = told["components"]["schemas"]["BlockBody"]
    shown = {name for b in _blocks(sqlite_site) for name in b}
    assert shown <= block["properties"].keys()
    assert block["additionalProperties"] is False


def _blocks(site: Site) -> list[dict]:
    sections = site.reader.get("/api/v1/charters/peps/revisions/head").json()["sections"]
    return [block for section in sections for block in section["blocks"]]


def test_every_answer_in_json_is_described_field_by_field(sqlite_site: Site) -> None:
    told = sqlite_site.reader.get("/api/v1/openapi.json").json()
    schemas = told["components"]["schemas"]
    for path, acts in told["paths"].items():
        for method, act in acts.items():
            for status, answer in act["responses"].items():
                schema = answer.get("content", {}).get("application/json", {}).get("schema")
                if schema is None or int(status) >= 400:
                    continue
                named = schema.get("items", schema).get("$ref") or schema["anyOf"][0]["$ref"]
                shape = schemas[named.removeprefix("#/components/schemas/")]
                assert shape["description"], (method, path)
                assert shape["properties"], (method, path)
                # An answer may grow, and whoever generates a client from this has to know it.
                assert "additionalProperties" not in shape, (method, path)


def test_an_answer_that_is_not_as_described_is_noticed() -> None:
    asked = httpx2.Request("GET", "http://testserver/api/v1/charters/peps/proposals/1/following")
    look_at(httpx2.Response(200, json={"mode": "following"}, request=asked))
    for wrong in ({}, {"mode": "loud"}, {"mode": None, "more": 1}):
        with pytest.raises(ValidationError):
            look_at(httpx2.Response(200, json=wrong, request=asked))
