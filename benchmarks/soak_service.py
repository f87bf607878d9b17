"""Thirty people act for minutes while services are killed with -9 again and again: is anything lost?

`make soak-service`: on SQLite with one process, then on PostgreSQL with two. It ends with 1 if anything acknowledged is
missing or there twice, or if `verify` names a fault.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from app.db.engine import Database
from app.db.schema import migrate
from app.queries.verification import verify
from tests.support.crowd import Services, Told, let_them_act, lost_or_doubled
from tests.support.postgres import find_binaries, postgres_server
from tests.support.site import add_person, found_charter


def soak(name: str, database: Database, folder: Path, count: int, given: argparse.Namespace) -> int:
    """Let them act on one database; how many faults there were."""
    migrate(database)
    found_charter(database)
    governors = max(1, given.people // 10)
    people = [
        (add_person(database, f"person{n}", "governor" if n < governors else "member"), n < governors)
        for n in range(given.people)
    ]
    told, chance, seconds = Told(), random.Random(given.seed), given.minutes * 60
    # At random moments, but not so late that nobody would act after the last one.
    moments = sorted(chance.uniform(0, seconds * 0.9) for _ in range(given.kills))
    with Services(database, folder, count).run() as services:
        began = time.monotonic()
        let_them_act(
            services,
            people,
            told,
            going_on=_until(began + seconds, told, given.kills),
            kill_when=lambda done: time.monotonic() - began >= moments[done],
            kills=given.kills,
            seed=given.seed,
        )
        took = time.monotonic() - began
    faults = lost_or_doubled(database, told)
    with database.reading() as session:
        looked = verify(session)
    sorts = Counter(sort for sort, _ in told.acknowledged)
    done = ", ".join(f"{number} {sort}s" for sort, number in sorted(sorts.items()))
    print(f"{name}, {count} process(es): {given.people} people, {took:.0f} s, {told.kills} kills", flush=True)
    print(f"  acknowledged {len(told.acknowledged)} of {len(told.asked)} acts: {done}")
    print(f"  connections broken {told.broken}; refused: {dict(told.refused.most_common())}")
    print(f"  looked at {looked.records} records and {looked.revisions} revisions: {len(faults)} faults")
    for fault in faults[:50]:
        print(f"  FAULT {fault}")
    return len(faults)


def _until(end: float, told: Told, kills: int) -> Callable[[], bool]:
    return lambda: (time.monotonic() < end or told.kills < kills) and not told.failures


def main() -> None:
    """Soak the one database or both."""
    parser = argparse.ArgumentParser(description="People act while services are killed with -9.")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    given = parser.parse_args()
    faults = 0
    with TemporaryDirectory(prefix="engross-soak-") as place:
        if given.database != "postgres":
            folder = Path(place, "sqlite")
            folder.mkdir()
            database = Database(f"sqlite:///{folder / 'engross.sqlite3'}")
            faults += soak("SQLite", database, folder, 1, given)
            database.close()
        if given.database != "sqlite":
            faults += _on_postgres(Path(place, "postgres"), given)
    sys.exit(1 if faults else 0)


def _on_postgres(place: Path, given: argparse.Namespace) -> int:
    binaries = find_binaries()
    if binaries is None:
        print("PostgreSQL 15 or later is not on this machine.", file=sys.stderr)
        return 1
    with postgres_server(binaries, place / "server") as address:
        server = sa.create_engine(f"{address}/postgres", isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.exec_driver_sql("CREATE DATABASE engross")
        server.dispose()
        database = Database(f"{address}/engross")
        (place / "data").mkdir()
        faults = soak("PostgreSQL", database, place / "data", 2, given)
        database.close()
    return faults


if __name__ == "__main__":
    main()
