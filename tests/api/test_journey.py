"""The main job by the interface alone: propose, review, decide, merge, publish, compare."""

import hashlib

from fastapi.testclient import TestClient

from app import clock
from app.services.imports import publish_source_edition
from tests.support.site import API, Site, shipped_source

VISION = (
    "Enabling a world where patients are key partners in shaping sustainable care and driving innovation in healthcare "
    "research and development, where their perspectives are integral to decision-making processes."
)


def head(client: TestClient) -> dict:
    answer = client.get(f"{API}/revisions/head")
    assert answer.status_code == 200, answer.text
    return answer.json()


def vision(client: TestClient) -> str:
    return next(s for s in head(client)["sections"] if s["key"] == "vision")["markdown"].strip()


def propose(client: TestClient, text: str, title: str = "Another vision") -> dict:
    answer = client.post(
        f"{API}/proposals",
        json={
            "title": title,
            "rationale": "It says better what we mean.",
            "base_revision": head(client)["number"],
            "sections": [{"key": "vision", "markdown": text}],
            "submit": True,
        },
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def adopt(client: TestClient, *numbers: int) -> None:
    for number in numbers:
        answer = client.post(f"{API}/proposals/{number}/decisions", json=[{"change": 1, "outcome": "adopted"}])
        assert answer.status_code == 201, answer.text


def block_ids(revision: dict) -> list[str]:
    return [block["id"] for section in revision["sections"] for block in section["blocks"]]


def test_three_proposals_two_merged_one_in_conflict_and_a_second_edition(site: Site) -> None:
    edition = shipped_source("peps").edition
    assert edition is not None
    publish_source_edition(site.database, "peps", edition, 1, clock.now())
    first_pdf = site.reader.get("/peps/editions/2025-05.pdf")
    assert first_pdf.status_code == 200
    before = head(site.member)
    assert vision(site.member) == VISION

    one = propose(site.member, VISION.replace("key partners", "equal partners"))
    propose(site.other_member, VISION.replace("sustainable care", "affordable and sustainable care"))
    three = propose(site.member, VISION.replace("key partners", "full partners"))
    assert [c["kind"] for c in one["changes"]] == ["replace"]
    assert one["changes"][0]["section"] == "vision"
    assert one["changes"][0]["class"] == "applies"
    read = site.member.get(f"{API}/proposals/1").json()
    assert read["changes"][0]["collides_with"] == ["2.1", "3.1"]

    review = site.other_member.post(f"{API}/proposals/1/reviews", json={"position": "support", "text": "Yes."})
    assert review.status_code == 201
    assert review.json()["reviews"][0]["position"] == "support"

    adopt(site.governor, 1, 2)
    preview = site.governor.post(f"{API}/merge-preview", json={"changes": ["1.1", "2.1"]}).json()
    assert {c["ref"]: c["class"] for c in preview["changes"]} == {"1.1": "applies", "2.1": "combined"}
    assert preview["combined"][0]["changes"] == ["1.1", "2.1"]

    request = {"changes": ["1.1", "2.1"], "base_revision": 1, "message": "Decisions of the meeting"}
    refused = site.governor.post(f"{API}/merge", json=request)
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"].endswith("/unconfirmed-combination")
    sentence = VISION.replace("key", "equal").replace("sustainable", "affordable and sustainable")
    assert refused.json()["combined"][0]["sentence"].strip() == sentence
    assert head(site.member)["number"] == 1

    merged = site.governor.post(f"{API}/merge", json={**request, "confirm_combined": True})
    assert merged.status_code == 201, merged.text
    assert merged.json()["number"] == 2
    assert vision(site.member) == sentence
    assert block_ids(head(site.member)) == block_ids(before)

    third = site.member.get(f"{API}/proposals/3").json()
    assert three["changes"][0]["class"] == "applies"
    assert third["changes"][0]["class"] == "conflict"
    assert site.member.get(f"{API}/proposals/1").json()["standing"] == "In the text since revision 2"

    late = site.governor.post(f"{API}/merge", json={**request, "changes": ["3.1"]})
    assert late.status_code == 409
    assert late.json()["type"].endswith("/text-has-moved")

    created = site.governor.post(f"{API}/editions", json={"revision": 2, "date": "2026-11-21"})
    assert created.status_code == 201, created.text
    assert created.json()["label"] == "21 November 2026"
    early = site.governor.post(f"{API}/editions/2026-11-21/approve", json={})
    assert early.status_code == 409
    for act, status in (("freeze", 200), ("signoffs", 201), ("approve", 200), ("publish", 200)):
        answer = site.governor.post(f"{API}/editions/2026-11-21/{act}", json={})
        assert answer.status_code == status, (act, answer.text)
    assert answer.json()["state"] == "published"

    compared = site.reader.get("/peps/compare/2025-05...2026-11-21")
    assert compared.status_code == 200
    assert "<ins" in compared.text
    assert "equal" in compared.text
    again = site.reader.get("/peps/editions/2025-05.pdf")
    assert hashlib.sha256(again.content).digest() == hashlib.sha256(first_pdf.content).digest()
    assert site.reader.get("/peps/editions/2026-11-21.pdf").content != first_pdf.content
