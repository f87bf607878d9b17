"""What the packet for a meeting costs: `python -m benchmarks.packet [PROPOSALS…]`.

A task force of twelve writes proposals into the PEPs charter, over its cover and seven sections, that get into each
other's way, with reviews and comments; with more of them than forty, the same ones are written again. Prints pages, the
milliseconds of processor time that gathering takes, and the processor seconds and memory of setting the pages.
"""

import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from anyio.from_thread import start_blocking_portal
from fastapi.testclient import TestClient

from app import clock
from app.db.engine import Database
from app.db.schema import migrate
from app.queries.charters import charter_row
from app.queries.packet import packet_material
from app.queries.people import account, member_count, person_by_email, standing
from app.queries.revisions import head_snapshot
from app.render.pdf.packet import packet_html, render_packet
from app.resources import fonts
from app.rules.permissions import permitted
from app.services.packet import packet
from tests.support.acts import head
from tests.support.site import API, add_person, client_of, make_site
from tests.support.task_force import PEOPLE, WISHES, written

SIZES = (10, 40, 100)


def write(database: Database, folder: Path, count: int) -> None:
    """So many proposals, each reviewed by three and commented on."""
    site = make_site(database, folder)
    people = [client_of(site.service, add_person(database, name, "member")) for name in PEOPLE]
    text = head(site.governor)
    for n in range(count):
        wish = WISHES[n % len(WISHES)]
        body = {"title": f"{wish.title} {n}", "rationale": "So we talked. " * 20, "base_revision": 1, "submit": True}
        body |= {"sections": written(wish, text), **({"front": wish.front} if wish.front else {})}
        number = done(people[n % 12], "/proposals", body)["number"]
        for step, position in ((1, "support"), (2, "support"), (3, "object")):
            done(
                people[(n + step) % 12], f"/proposals/{number}/reviews", {"position": position, "text": "So I see it."}
            )
        done(
            people[(n + 4) % 12],
            "/threads",
            {"text": "Have you asked patients?", "audience": "members", "proposal": number},
        )


def done(by: TestClient, path: str, body: object) -> dict:
    """What the service answers to something that it does."""
    answer = by.post(f"{API}{path}", json=body)
    if answer.status_code != 201:
        raise SystemExit(f"{path}: {answer.status_code} {answer.text[:300]}")
    return answer.json()


def measured(count: int) -> str:
    """One row."""
    with TemporaryDirectory() as name, start_blocking_portal() as portal:
        TestClient.portal = portal
        database = Database(f"sqlite:///{name}/engross.sqlite3")
        migrate(database)
        write(database, Path(name), count)
        with database.reading() as session:
            charter = charter_row(session, "peps")
            person = account(person_by_email(session, "gilda@example.org"))
            allowed = permitted(standing(session, person, charter), open_charter=charter.open)
            began = time.process_time()
            text = head_snapshot(session, charter)
            material = packet_material(session, charter, person, allowed)
            sheet = packet(
                charter, text, {1: text}, material, members=member_count(session, charter), day=clock.today()
            )
            packet_html(sheet, fonts())
            gathered = 1000 * (time.process_time() - began)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        pdf = render_packet(sheet)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        database.close()
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    changes = f"{count} | {sheet.changes} | {pdf.pages} | {len(pdf.bytes) // 1000}"
    return f"| {changes} | {gathered:.0f} | {spent:.1f} | {after.ru_maxrss // 1024} |"


def main() -> None:
    """Run it and print the table."""
    print("| proposals | changes | pages | kB | gathering: CPU ms | setting: CPU s | MB |")
    print("|--:|--:|--:|--:|--:|--:|--:|")
    for count in [int(given) for given in sys.argv[1:]] or SIZES:
        print(measured(count), flush=True)


if __name__ == "__main__":
    main()
