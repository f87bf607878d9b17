"""Services killed with -9 while people act: nothing that was answered is lost, nothing is done twice, all of it fits.

The long version is a command of its own: `make soak-service`.
"""

from pathlib import Path

import pytest

from tests.support.crowd import Services, Told, let_them_act, lost_or_doubled
from tests.support.site import Site, add_person

pytestmark = pytest.mark.long
ACTS, KILLS = 60, 2


def test_nothing_acknowledged_is_lost_when_services_are_killed_while_people_act(site: Site, tmp_path: Path) -> None:
    people = [(add_person(site.database, f"person{n}", "governor" if n < 2 else "member"), n < 2) for n in range(6)]
    told = Told()
    count = 1 if site.database.is_sqlite else 2
    with Services(site.database, tmp_path, count).run() as services:
        let_them_act(
            services,
            people,
            told,
            # By what was done, not by the clock: a slow machine only takes longer.
            going_on=lambda: (len(told.acknowledged) < ACTS or told.kills < KILLS) and not told.failures,
            kill_when=lambda done: len(told.acknowledged) >= (done + 1) * ACTS // (KILLS + 1),
            kills=KILLS,
            seed=7,
        )
    assert lost_or_doubled(site.database, told) == []
    assert told.kills == KILLS
    assert told.broken >= 1, "it was killed when nobody needed it"
    assert {sort for sort, _ in told.acknowledged} >= {"proposal", "comment", "review", "decision", "merge"}
