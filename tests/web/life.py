"""The life of a charter in short: two members propose, a governor decides and merges, editions are made."""

from dataclasses import replace
from pathlib import Path

from fastapi.testclient import TestClient

from app import clock
from app.db.engine import Database
from app.main import create_app
from app.services.imports import import_source, publish_source_edition
from app.settings import Settings
from tests.support.site import API, add_person, found_charter, shipped_source


def live(database: Database, folder: Path) -> None:
    """Both shipped charters, the PEPs edition published, a closed charter, and what people did since."""
    source = shipped_source("peps")
    found_charter(database)
    found_charter(database, "isop-pateg")
    assert source.edition is not None
    publish_source_edition(database, "peps", source.edition, 1, clock.now())
    with database.writing() as session:
        import_source(session, replace(source, open=False), key="closed", now=clock.now())
    app = create_app(Settings(data_dir=folder, public_url="http://testserver"), database)

    def programmed(name: str, role: str) -> TestClient:
        token = add_person(database, name, role)
        return TestClient(app, headers={"Authorization": f"Bearer {token}"})

    _act(programmed("mara", "member"), programmed("otto", "member"), programmed("gilda", "governor"))


def _act(mara: TestClient, otto: TestClient, gilda: TestClient) -> None:
    """Proposals 1 to 4 and a draft, two revisions more, and a candidate."""
    sections = {s["key"]: s["markdown"] for s in mara.get(f"{API}/revisions/head").json()["sections"]}
    vision, mission = sections["vision"], sections["mission"]

    def propose(by: TestClient, title: str, why: str, key: str, markdown: str, *, submit: bool = True) -> None:
        body = {"title": title, "rationale": why, "base_revision": 1, "submit": submit}
        _done(by.post(f"{API}/proposals", json={**body, "sections": [{"key": key, "markdown": markdown}]}))

    propose(mara, "Equal partners", "“Key” is weaker.", "vision", vision.replace("key partners", "equal partners"))
    propose(otto, "With patients", "", "mission", mission.replace("WITH patients", "together WITH patients"))
    propose(
        mara, "An independent voice", "For all.", "mission", mission.replace("a unified voice", "an independent voice")
    )
    propose(otto, "Leading partners", "They lead.", "vision", vision.replace("key partners", "leading partners"))
    propose(mara, "Unfinished business", "", "vision", "Nothing yet.\n", submit=False)
    _done(otto.post(f"{API}/proposals/1/reviews", json={"position": "support", "text": "Yes,\nequal."}))
    _done(otto.post(f"{API}/proposals/3/reviews", json={"position": "object", "text": "Of whom?"}))

    def decide(number: int, **verdict: object) -> None:
        _done(gilda.post(f"{API}/proposals/{number}/decisions", json=[{"change": 1, **verdict}]))

    amended = gilda.get(f"{API}/proposals/2").json()["changes"][0]["before"].replace("patients WITH", "people WITH")
    decide(1, outcome="adopted", reason="Well argued.")
    decide(2, outcome="adopted_amended", reason="Shorter.", text=amended)
    decide(4, outcome="rejected", reason="One word is enough.")
    merge = {"base_revision": 1, "message": "Equal partners, as decided"}
    _done(gilda.post(f"{API}/merge", json={"changes": ["1.1"], **merge}))
    merge = {"base_revision": 2, "message": "People with patients"}
    _done(gilda.post(f"{API}/merge", json={"changes": ["2.1"], **merge}))
    _done(gilda.post(f"{API}/editions", json={"revision": 3, "date": "2026-11"}))
    _done(gilda.post(f"{API}/editions/2026-11/freeze", json={}))


def _done(answer: object) -> None:
    assert getattr(answer, "status_code", 0) < 300, getattr(answer, "text", answer)
