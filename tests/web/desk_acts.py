"""What governors do at the desk, through its own forms, said in one line each."""

from collections.abc import Mapping

from fastapi.testclient import TestClient

from tests.support.site import API, add_person
from tests.web.markup import Page
from tests.web.visits import Visits

SAME = {"Sec-Fetch-Site": "same-origin"}


def programmed(visits: Visits, name: str, role: str = "member") -> TestClient:
    """A client of the interface for somebody new, to prepare what the pages show."""
    token = add_person(visits.database, name, role)
    return TestClient(visits.application, headers={"Authorization": f"Bearer {token}"})


def text_of(visits: Visits, key: str) -> str:
    """The Markdown of a section as it stands."""
    answer = visits.signed_in("gilda").get(f"{API}/revisions/head").json()
    return next(s["markdown"] for s in answer["sections"] if s["key"] == key)


def propose(by: TestClient, key: str, markdown: str, title: str = "Other words") -> int:
    base = by.get(f"{API}/revisions/head").json()["number"]
    section = {"key": key, "markdown": markdown}
    body = {"title": title, "rationale": "Because.", "base_revision": base, "submit": True, "sections": [section]}
    answer = by.post(f"{API}/proposals", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["number"]


def filled(page: Page, action: str) -> dict[str, str]:
    """What a browser sends of a form as it stands: also of fields outside it that name it."""
    form = next(f for f in page.all("form") if f.attrib.get("action", "").partition("#")[0] == action)
    inside = set(form.iter())
    sent: dict[str, str] = {}
    for field in page.elements():
        named = field.attrib.get("name")
        if named is None or field.tag not in ("input", "textarea", "select"):
            continue
        if field.attrib.get("form", form.attrib.get("id") if field in inside else None) != form.attrib.get("id"):
            continue
        if "form" not in field.attrib and field not in inside:
            continue
        kind = field.attrib.get("type", "text")
        if kind in ("radio", "checkbox") and "checked" not in field.attrib:
            continue
        value = (
            "".join(field.itertext()).removeprefix("\n") if field.tag == "textarea" else field.attrib.get("value", "")
        )
        sent[named] = value
    return sent


def send(browser: TestClient, address: str, fields: Mapping[str, str]) -> object:
    return browser.post(address, data=dict(fields), headers=SAME)


def rivals(visits: Visits) -> tuple[int, int, int, str]:
    """Two proposals that want the same words otherwise and a third in the same sentence; the sentence."""
    nora, omar = programmed(visits, "nora"), programmed(visits, "omar")
    text = text_of(visits, "vision")
    one = propose(nora, "vision", text.replace("equal partners", "full partners"), "Full partners")
    two = propose(omar, "vision", text.replace("equal partners", "true partners"), "True partners")
    three = propose(omar, "vision", text.replace("sustainable", "affordable"), "Affordable care")
    return one, two, three, text


def decide(browser: TestClient, fields: Mapping[str, str], ref: str, outcome: str, reason: str = "") -> object:
    """Press the button of one outcome beside a change."""
    said = {**fields, **({f"reason.{ref}": reason} if reason else {})}
    return send(browser, "/peps/desk", {**said, "decide": f"{ref} {outcome}"})


def adopt(visits: Visits, browser: TestClient, *numbers: int) -> None:
    """Tick the first changes of these proposals and adopt them together."""
    fields = filled(visits.page("/peps/desk?show=all", browser), "/peps/desk")
    ticks = {f"take.{n}.1": "yes" for n in numbers}
    answer = send(browser, "/peps/desk", {**fields, **ticks, "ticked": "adopted", "common": "So we agreed."})
    assert answer.status_code == 303, answer.text
