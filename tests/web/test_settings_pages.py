"""The settings and the people of a charter as pages."""

import pytest

from tests.web.filling import fields_of, form_to, send
from tests.web.markup import Page, words
from tests.web.visits import Visits

PAGE = "/peps/settings"


def test_a_governor_finds_the_settings_and_changes_them(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    assert PAGE in visits.page("/peps", gilda).links
    page = visits.page(PAGE, gilda)
    fields = fields_of(form_to(page, PAGE))
    assert (fields["rule"], fields["quorum"], fields["signoffs_required"], fields["open"]) == (
        "governors",
        "0",
        "1",
        "yes",
    )
    answer = send(gilda, PAGE, fields, rule="two_thirds", quorum="2")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?saved=yes")
    again = visits.page(f"{PAGE}?saved=yes", gilda)
    assert words(again.one("p", role="status")) == "Saved."
    assert fields_of(form_to(again, PAGE))["rule"] == "two_thirds"
    proposal = visits.page("/peps/proposals/3")
    assert "two thirds of those who take a side support it" in proposal.text
    assert "Quorum: 1 of 3 have reviewed, 2 are needed: not reached." in proposal.text


def test_a_form_over_settings_that_others_changed_says_what_they_are(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    fields = fields_of(form_to(visits.page(PAGE, gilda), PAGE))
    assert send(gilda, PAGE, fields, quorum="2").status_code == 303
    answer = send(gilda, PAGE, fields, quorum="3")
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "the quorum 2" in words(page.one("p", role="alert"))
    assert page.one("input", id="page.quorum").attrib["value"] == "3"
    assert send(gilda, PAGE, fields_of(form_to(page, PAGE))).status_code == 303


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"quorum": "many"}, "The quorum has to be a whole number"),
        ({"quorum": "-1"}, "The quorum has to be a whole number"),
        ({"quorum": "1001"}, "A quorum is a number of people from 0"),
        ({"signoffs_required": "0"}, "An edition needs at least 1 sign-off"),
        ({"rule": "all"}, "A rule is one of"),
    ],
)
def test_what_cannot_be_set_comes_back_with_what_was_typed(visits: Visits, typed: dict[str, str], told: str) -> None:
    gilda = visits.signed_in("gilda")
    fields = fields_of(form_to(visits.page(PAGE, gilda), PAGE))
    answer = send(gilda, PAGE, fields, **typed)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert told in words(page.one("p", role="alert"))
    (field,) = typed
    assert told in words(page.one("p", id=f"page.wrong.{field}")), "it is said beside the field too"
    shown = fields_of(form_to(page, PAGE))
    assert all(shown.get(name, value) == value for name, value in typed.items() if name != "rule")
    assert fields_of(form_to(visits.page(PAGE, gilda), PAGE)) == fields


def test_numbers_that_nobody_can_reach_are_pointed_out(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    fields = fields_of(form_to(visits.page(PAGE, gilda), PAGE))
    send(gilda, PAGE, fields, quorum="9", signoffs_required="4")
    text = visits.page(PAGE, gilda).text
    assert "Only 3 people can take a position, so a quorum of 9 is never reached." in text
    assert "There is 1 governor, so no edition can be approved with 4 sign-offs." in text


def test_a_charter_can_be_closed_to_readers(visits: Visits) -> None:
    gilda = visits.signed_in("gilda")
    fields = fields_of(form_to(visits.page(PAGE, gilda), PAGE))
    del fields["open"]
    assert send(gilda, PAGE, fields).status_code == 303
    assert visits.reader.get("/peps/proposals").status_code == 404
    assert visits.reader.get("/peps").status_code == 200
    assert visits.reader.get(PAGE).status_code == 404


def test_settings_are_for_those_who_manage_the_charter(visits: Visits) -> None:
    same = {"Sec-Fetch-Site": "same-origin"}
    assert visits.reader.get(PAGE).status_code == 401
    assert visits.reader.post(PAGE, headers=same).status_code == 401
    mara = visits.signed_in("mara")
    assert mara.get(PAGE).status_code == 403
    assert mara.post(PAGE, headers=same).status_code == 403
    assert PAGE not in visits.page("/peps", mara).links
    assert visits.signed_in("gilda").post(PAGE).status_code == 403


def test_members_see_each_other_and_governors_name_advisers(visits: Visits) -> None:
    mara, gilda = visits.signed_in("mara"), visits.signed_in("gilda")
    assert "/peps/people" in visits.page("/peps", mara).links
    assert "/peps/people" not in visits.page("/peps").links
    assert not visits.page("/peps/people", mara).has("input", name="advises")
    page = visits.page("/peps/people", gilda)
    assert [words(e) for e in page.all("strong") if words(e) != "Gilda"][-2:] == ["Mara", "Otto"]
    otto = next(e for e in page.all("form") if "Name as adviser: Otto" in words(e))
    assert send(gilda, otto.attrib["action"], fields_of(otto)).status_code == 303
    page = visits.page("/peps/people", mara)
    assert "Otto Member Adviser" in page.text
    page = visits.page("/peps/people", gilda)
    otto = next(e for e in page.all("form") if "No longer adviser: Otto" in words(e))
    assert send(gilda, otto.attrib["action"], fields_of(otto)).status_code == 303
    assert "Adviser" not in visits.page("/peps/people", mara).text
    assert visits.reader.get("/peps/people").status_code == 404
    address = otto.attrib["action"]
    same = {"Sec-Fetch-Site": "same-origin"}
    assert visits.reader.post(address, data={"advises": "yes"}, headers=same).status_code == 401
    assert mara.post(address, data={"advises": "yes"}, headers=same).status_code == 403
    assert gilda.post(address, data={"advises": "perhaps"}, headers=same).status_code == 404
    assert mara.get(address).status_code == 303
