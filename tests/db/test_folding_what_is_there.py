"""What was written before there was a search is found after the migration that brings it."""

from pathlib import Path

from app.db.engine import Database
from app.db.schema import migrate, migrate_back
from tests.support.acts import propose
from tests.support.site import API, make_site


def test_what_is_there_already_is_folded_by_the_migration(database: Database, tmp_path: Path) -> None:
    site = make_site(database, tmp_path)
    number = propose(site.member, markdown="Die **Straße** der Ångströms.", title="Über alles")["number"]
    said = {"proposal": number, "audience": "public", "text": "Señor, ¿qué?"}
    thread = site.member.post(f"{API}/threads", json=said).json()["id"]
    migrate_back(database, "0005")
    migrate(database)

    def found(query: str) -> dict:
        return site.reader.get(f"{API}/search", params={"q": query}).json()

    for query in ("strasse angstroms", "uber", "better what we mean"):
        assert [one["number"] for one in found(query)["proposals"]] == [number], query
    assert [one["id"] for one in found("senor que")["threads"]] == [thread]
