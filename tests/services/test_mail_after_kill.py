"""kill -9 at the worst moments: what was committed is told all the same, once."""

import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.db.engine import Database
from app.services.mailing import HOLD
from app.services.sending import send_due
from tests.support.mailbox import WAIT, mail_server, mailing_settings
from tests.support.site import add_person, found_charter

ROOT = Path(__file__).parents[2]

ACT = """
import sys
from app import clock
from app.db.engine import Database
from app.queries.charters import charter_row
from app.queries.follows import people_with_role
from app.services.notices import tell

database = Database(sys.argv[1])
with database.writing() as session:
    charter = charter_row(session, "peps")
    tell(session, charter, people_with_role(session, charter), kind="merged", key="thing 1", object="thing 1",
         address="/peps", words="Something happened.", by=None, now=clock.now())
print("committed", flush=True)
sys.stdin.read()
"""

# What `engross mail` does, without what it takes to start the whole command.
SEND = """
from app.db.engine import Database
from app.services.sending import send_due
from app.settings import load_settings

settings = load_settings()
send_due(Database(settings.database), settings)
"""


@pytest.fixture
def group(database: Database) -> Database:
    """The PEPs charter with three members."""
    found_charter(database)
    for name in ("mara", "otto", "gilda"):
        add_person(database, name, "member")
    return database


def act_in_child(database: Database) -> None:
    """Something is committed by another process, which is killed before it can send anything."""
    with subprocess.Popen(
        [sys.executable, "-c", ACT, database.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"committed\n"
        os.kill(child.pid, signal.SIGKILL)
        assert child.wait(WAIT) == -signal.SIGKILL


@pytest.mark.long
def test_what_was_committed_before_the_kill_is_sent_once_after_it(group: Database, tmp_path: Path) -> None:
    act_in_child(group)
    with mail_server() as (box, port):
        for _ in range(2):
            send_due(group, mailing_settings(tmp_path, port))
        assert box.recipients() == ["gilda@example.org", "mara@example.org", "otto@example.org"]


@pytest.mark.long
def test_a_server_killed_while_it_hands_a_mail_in_leaves_it_to_the_next(group: Database, tmp_path: Path) -> None:
    act_in_child(group)
    with socket.socket() as door:
        # A mail server that answers the door and then says nothing.
        door.bind(("127.0.0.1", 0))
        door.listen()
        door.settimeout(WAIT)
        environment = {
            **os.environ,
            "ENGROSS_DATA_DIR": str(tmp_path),
            "ENGROSS_DATABASE_URL": group.url,
            "ENGROSS_PUBLIC_URL": "https://charter.example.org",
            "ENGROSS_SMTP_URL": f"smtp://127.0.0.1:{door.getsockname()[1]}",
        }
        with subprocess.Popen([sys.executable, "-c", SEND], env=environment, cwd=ROOT) as child:
            line, _ = door.accept()
            os.kill(child.pid, signal.SIGKILL)
            assert child.wait(WAIT) == -signal.SIGKILL
            line.close()
    with mail_server() as (box, port):
        settings = mailing_settings(tmp_path, port)
        # Nobody knows yet that the one who held the first mail is gone.
        assert send_due(group, settings).sent == 2
        for later in (HOLD + timedelta(minutes=1), HOLD + timedelta(days=1)):
            moment = datetime.now(UTC) + later
            send_due(group, settings, now=lambda moment=moment: moment)
        assert box.recipients() == ["gilda@example.org", "mara@example.org", "otto@example.org"]
        assert len({mail["Message-ID"] for mail in box.mails}) == 3
