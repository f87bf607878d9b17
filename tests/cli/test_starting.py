"""Starting: charters that are missing come in, what is there is not touched, and one bad folder stops nobody."""

import asyncio
import re
import shutil
import socket
from pathlib import Path

import pytest

from app import clock, resources
from app.cli import running
from app.cli.listening import listening
from app.db.engine import Database
from app.db.models.signing_in import Password
from app.errors import NotFound, Unavailable
from app.queries.charters import charter_row, charter_rows
from app.queries.editions import edition_row
from app.queries.people import people
from app.queries.verification import verify
from app.services import editions, sessions
from app.settings import Settings
from tests.support.site import found_charter


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped charters that a test may spoil."""
    folder = Path(shutil.copytree(resources.charter_sources(), tmp_path / "charter_source"))
    monkeypatch.setattr(running, "charter_sources", lambda: folder)
    return folder


def states(database: Database) -> dict[str, str]:
    """The state of the dated edition of PEPs, by its key."""
    with database.reading() as session:
        charter = charter_row(session, "peps")
        return {"2025-05": edition_row(session, charter, "2025-05", unpublished=True).state}


def test_a_broken_folder_is_named_and_the_others_come_in(
    sqlite_database: Database, sources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(sources / "peps")
    shutil.copytree(sources / "isop-pateg", sources / "another")
    (sources / "another" / "charter.toml").write_text("[charter\n")
    running._import_missing(sqlite_database)
    with sqlite_database.reading() as session:
        assert [charter.key for charter in charter_rows(session)] == ["isop-pateg"]
    assert "another: charter.toml:1" in capsys.readouterr().err


@pytest.mark.long
@pytest.mark.usefixtures("sources")
def test_an_edition_whose_pdf_could_not_be_made_is_published_at_the_next_start(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = editions.render_pdf

    def missing(*_: object, **__: object) -> None:
        raise Unavailable("Setting a PDF needs the Pango libraries.")

    monkeypatch.setattr(editions, "render_pdf", missing)
    running._import_missing(sqlite_database)
    assert states(sqlite_database) == {"2025-05": "candidate"}
    assert "Pango" in capsys.readouterr().err
    monkeypatch.setattr(editions, "render_pdf", made)
    running._import_missing(sqlite_database)
    assert states(sqlite_database) == {"2025-05": "published"}
    with sqlite_database.reading() as session:
        assert verify(session).faults == ()


def test_a_charter_that_is_there_gets_no_edition_and_no_words_from_its_folder(
    sqlite_database: Database, sources: Path
) -> None:
    shutil.rmtree(sources / "isop-pateg")
    found_charter(sqlite_database)
    (sources / "peps" / "vision.md").write_text("Something else.\n")
    running._import_missing(sqlite_database)
    with sqlite_database.reading() as session:
        charter = charter_row(session, "peps")
        assert charter.head == 1
        assert verify(session).faults == ()
    with pytest.raises(NotFound):
        states(sqlite_database)


def test_the_link_of_the_first_administrator_is_printed_until_it_was_used(
    sqlite_database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data_dir=tmp_path)
    printed = []
    for _ in range(2):
        running._administrator_link(settings, sqlite_database)
        printed.append(capsys.readouterr().err)
    secrets = [re.findall(r"/sign-in/([\w-]{43})\n", told) for told in printed]
    assert [len(found) for found in secrets] == [1, 1]
    assert secrets[0] != secrets[1]
    with sqlite_database.writing() as session:
        sessions.sign_in_by_link(session, secrets[0][0], now=clock.now())
    running._administrator_link(settings, sqlite_database)
    assert capsys.readouterr().err == "", "a log of a later start lets nobody in"
    with sqlite_database.reading() as session:
        assert [(one.email, one.admin) for one in people(session)] == [(running.ADMINISTRATOR, True)]
        assert session.get(Password, 1) is None


def test_an_answer_in_pieces_waits_for_nobody_to_confirm_the_first() -> None:
    class Noting(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            met.set_result(transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    async def visited() -> int:
        nonlocal met
        met = asyncio.get_running_loop().create_future()
        with listening("127.0.0.1", 0) as door:
            async with await asyncio.get_running_loop().create_server(Noting, sock=door):
                _, writer = await asyncio.open_connection(*door.getsockname())
                found = await met
                writer.close()
                await writer.wait_closed()
        return found

    met: asyncio.Future[int]
    assert asyncio.run(visited()) == 1
