"""A Word document on which somebody worked in another program, with changes as that one records them."""

from pathlib import Path

import pytest

from tests.api.test_from_word import brought, document
from tests.support.acts import adopt, merge, propose, words
from tests.support.office import worked_on
from tests.support.site import Site

pytestmark = [pytest.mark.office, pytest.mark.long]


def test_what_was_done_in_another_program_is_what_becomes_a_proposal(sqlite_site: Site, tmp_path: Path) -> None:
    site = sqlite_site
    folder = tmp_path / "files"
    folder.mkdir()
    found = brought(site.member, worked_on(document(site.member), folder))
    (one,) = found["suggestions"]
    assert [told.split(":")[0] for told in one["in_words"]] == [
        "Paragraph 2 of Who is a Patient Engagement Industry Professional? deleted",
        "Paragraph 1 of Vision",
        "Paragraph 2 of Mission split, a new paragraph begins",
        "Item C of Mission added",
        "Item E of Mission",
        "Note 7 added",
    ]
    assert found["left"] == []
    (remark,) = found["remarks"]
    assert (remark["section"], remark["quote"]) == ("mission", "Leveraging collective")
    assert [(said["author"], said["text"]) for said in remark["sayings"]] == [("Olga", "Is this English?")]
    vision, mission = (words(site.member, key) for key in ("vision", "mission"))
    made = propose(site.other_member, sections=one["sections"], base=1)
    adopt(site.governor, made["number"], *(change["number"] for change in made["changes"]))
    merge(site.governor, *(change["ref"] for change in made["changes"]))
    label = words(site.member, "vision").partition("healthcare research[^")[2].partition("]")[0]
    cited = vision.replace("healthcare research", f"healthcare research[^{label}]")
    assert words(site.member, "vision") == cited.replace("key partners", "equal partners")
    split = mission.replace(" Through collective engagement", "\n\nThrough collective engagement")
    listed = split.replace(
        "B. Being a global community for PE industry professionals\nC.",
        "B. Being a global community for PE industry professionals\nC. Being heard everywhere\nD.",
    )
    assert words(site.member, "mission") == listed.replace(
        "D. Speaking as a unified voice", "E. Speaking as a **unified voice**"
    )
    assert "Exceptions may be made" not in words(site.member, "definition")
    assert f"[^{label}]: As defined elsewhere." in words(site.member, "footnotes")
