"""The whole interface as its description promises it: Schemathesis sends what fits and what does not.

No answer may be a 5xx, of a status or of a form that the description does not name.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import clock
from app.queries.people import person_by_email
from app.services import sessions
from tests.support.browser import Served, serving
from tests.web.life import live

pytestmark = pytest.mark.long

# Addresses that lead somewhere, so that acts are met and not only their 404.
EXAMPLES = """
[parameters]
"path.c" = "peps"
"path.n" = 1
"path.m" = 2
"path.t" = 1
"path.p" = 2
"path.key" = "2025-05"
"path.a" = "survey"
"path.pair" = "2025-05...current"
"""
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# These would end the account or the token by which everything else is asked.
ENDING = ("/api/v1/me/tokens/{i}", "/api/v1/charters/{c}/leave")


@pytest.fixture
def served(sqlite_template: Path, tmp_path: Path) -> Iterator[Served]:
    shutil.copy(sqlite_template, tmp_path / "engross.sqlite3")
    with serving(tmp_path) as served:
        live(served.database, tmp_path)
        yield served


@pytest.mark.parametrize("name", ["gilda", "mara"])
def test_the_interface_answers_anything_as_it_is_described(served: Served, tmp_path: Path, name: str) -> None:
    (tmp_path / "schemathesis.toml").write_text(EXAMPLES, encoding="utf-8")
    # One worker: with two, Python 3.11 itself sometimes fails while both look at the source of a function.
    command = [
        str(Path(sys.executable).with_name("st")),
        "--config-file",
        str(tmp_path / "schemathesis.toml"),
        "--no-color",
        "run",
        f"{served.address}/api/v1/openapi.json",
        *("--phases", "coverage,fuzzing", "--max-examples", "4", "--seed", "1", "--continue-on-failure"),
        *("--checks", CHECKS, "--warnings", "off", "--workers", "1"),
        *(part for path in ENDING for part in ("--exclude-path", path)),
    ]
    with served.database.writing() as session:
        person = person_by_email(session, f"{name}@example.org")
        token = sessions.create_token(session, person, days=1, read_only=False, by=None, now=clock.now())
    command += ["--header", f"Authorization: Bearer {token}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "Tested: 8" in done.stdout or "Tested: 9" in done.stdout, done.stdout[-2000:]
