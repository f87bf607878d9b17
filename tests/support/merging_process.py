"""A process of its own that merges changes one by one, again and again until each has landed; used by the tests."""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from app.db.engine import Database
from tests.support.site import API, client


def land(address: str, token: str, refs: list[str]) -> dict[str, int]:
    """Merge each of these changes, looking again whenever somebody else was faster; how the answers ended, counted."""
    told: dict[str, int] = {}
    database = Database(address)
    with TemporaryDirectory() as folder:
        governor = client(database, Path(folder), token)
        for ref in refs:
            for _ in range(500):
                base = governor.get(API).json()["head"]
                answer = governor.post(f"{API}/merge", json={"changes": [ref], "base_revision": base})
                name = "201" if answer.status_code == 201 else answer.json()["type"].rpartition("/")[2]
                told[name] = told.get(name, 0) + 1
                if answer.status_code == 201:
                    break
                assert name == "text-has-moved", answer.text
    database.close()
    return told


if __name__ == "__main__":
    print(json.dumps(land(sys.argv[1], sys.argv[2], sys.argv[3:])))
