"""A charter with two published editions, something decided and files put in place between them, to be copied."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import httpx2
from fastapi.testclient import TestClient

from app import clock
from app.db.engine import Database
from app.services.imports import publish_source_edition
from tests.support.acts import adopt, decide, merge, propose, words
from tests.support.files import PDF, SVG
from tests.support.site import API, Site, make_site, shipped_source

KEY = "2026-11"
AT = f"{API}/editions/{KEY}"
ANNEXE = "membership-and-funding"
ALT = "A green <kettle> & “steam”"
REASON = "It says <b>better</b> & “more”."


def put_file(client: TestClient | httpx2.Client, about: str, at: str, octets: bytes, **told: str) -> None:
    """Put a file in place, having read what is known ``about`` what stands there."""
    tag = {"If-Match": client.get(about).headers["etag"]}
    answer = client.put(at, params=told, content=octets, headers=tag)
    assert answer.status_code == 200, answer.text


def live_to_a_second_edition(site: Site) -> None:
    """The edition of the source, then three changes of which two go in, then an edition of what came of them."""
    source = shipped_source("peps")
    assert source.edition is not None
    publish_source_edition(site.database, "peps", source.edition, 1, clock.now())
    text = words(site.member, "vision")
    propose(site.member, "vision", text.replace("key partners", "equal partners"), title="Equal")
    notice = words(site.member, "notice").replace("Please feel free to make comments and/or introduce", "Please make")
    propose(site.other_member, "notice", notice, title="Shorter")
    propose(site.other_member, "vision", text.replace("sustainable", "good"), title="Good")
    decide(site.governor, 1, {"change": 1, "outcome": "adopted", "reason": REASON})
    adopt(site.governor, 2)
    decide(site.governor, 3, {"change": 1, "outcome": "rejected", "reason": "No."})
    merge(site.governor, "1.1", "2.1")
    put_file(site.governor, f"{API}/annexes/{ANNEXE}", f"{API}/annexes/{ANNEXE}/file", PDF, name="Model <b>.pdf")
    put_file(site.governor, f"{API}/logo/about", f"{API}/logo", SVG, name="logo.svg", alt=ALT)
    for path, body in (
        (f"{API}/editions", {"revision": 2, "date": KEY, "effective": "2026-11-01"}),
        *((f"{AT}/{act}", {}) for act in ("freeze", "signoffs", "approve", "publish")),
    ):
        answer = site.governor.post(path, json=body)
        assert answer.status_code < 300, answer.text


@dataclass(frozen=True)
class Lived:
    """A SQLite file in which that happened, and the data folder it lies in."""

    folder: Path

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / "engross.sqlite3"


def lived(template: Path, folder: Path) -> Lived:
    """Let it happen, in that folder."""
    shutil.copy(template, folder / "engross.sqlite3")
    database = Database(f"sqlite:///{folder / 'engross.sqlite3'}")
    live_to_a_second_edition(make_site(database, folder))
    database.close()
    return Lived(folder)
