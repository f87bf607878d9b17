"""Every role and every action: what is not said in the table is not permitted."""

import pytest

from app.rules.permissions import Action, Role, Standing, permitted

A = Action
READING = {A.READ_EDITIONS, A.READ_WORKING_TEXT, A.READ_RECORDS}
INSIDE = READING | {A.READ_UNPUBLISHED_EDITIONS, A.READ_MEMBERS_THREADS}
WRITING = {A.PROPOSE, A.REVIEW, A.COMMENT}
MANAGING = {A.MANAGE_MEMBERS, A.MANAGE_CHARTER}
GOVERNING = MANAGING | {A.DECIDE, A.MERGE, A.KEEP_FILES, A.RUN_EDITIONS, A.RESOLVE_THREADS, A.RECOMMEND}
TABLE = [
    (Standing(), False, {A.READ_EDITIONS}),
    (Standing(), True, READING),
    (Standing(Role.MEMBER), False, INSIDE | WRITING),
    (Standing(Role.MEMBER), True, INSIDE | WRITING),
    (Standing(Role.GOVERNOR), False, INSIDE | WRITING | GOVERNING),
    (Standing(Role.GOVERNOR), True, INSIDE | WRITING | GOVERNING),
    (Standing(admin=True), False, INSIDE | MANAGING),
    (Standing(admin=True), True, INSIDE | MANAGING),
    (Standing(Role.MEMBER, advises=True), False, INSIDE | WRITING | {A.RECOMMEND}),
    (Standing(advises=True), True, READING),
    (Standing(Role.MEMBER, admin=True), False, INSIDE | WRITING | MANAGING),
    (Standing(Role.GOVERNOR, admin=True), False, INSIDE | WRITING | GOVERNING),
]


@pytest.mark.parametrize(("standing", "open_charter", "allowed"), TABLE)
def test_each_standing_may_do_exactly_what_the_table_says(
    standing: Standing, open_charter: bool, allowed: set[Action]
) -> None:
    assert permitted(standing, open_charter=open_charter) == allowed


def test_an_administrator_without_a_role_decides_nothing() -> None:
    assert not permitted(Standing(admin=True), open_charter=True) & (WRITING | GOVERNING - MANAGING)
