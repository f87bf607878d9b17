"""A conflict says what can be chosen for it: what is not on offer settles nothing."""

from tests.support.acts import adopt, head, propose, refused, section
from tests.support.site import API, Site


def test_edit_against_delete_offers_no_both_and_says_so(sqlite_site: Site) -> None:
    site = sqlite_site
    blocks = section(site.member, "mission")["blocks"]
    edited = [blocks[0], {**blocks[1], "text": "PEPs is a worldwide community."}, *blocks[2:]]
    propose(site.member, sections=[{"key": "mission", "blocks": edited}])
    propose(site.other_member, sections=[{"key": "mission", "blocks": [blocks[0], *blocks[2:]]}])
    adopt(site.governor, 1)
    adopt(site.governor, 2)
    asked: dict[str, object] = {"changes": ["1.1", "2.1"]}
    (conflict,) = site.governor.post(f"{API}/merge-preview", json=asked).json()["conflicts"]
    assert conflict["choices"] == ["standing", "proposed", "text"]
    body = {**asked, "base_revision": 1, "resolutions": {conflict["id"]: {"choice": "both"}}}
    told = refused(site.governor.post(f"{API}/merge", json=body), 409, "conflicts")
    assert [(c["id"], c["choices"]) for c in told["conflicts"]] == [(conflict["id"], conflict["choices"])]
    assert head(site.reader)["number"] == 1
    for choice in conflict["choices"]:
        own = {"text": "PEPs is worldwide."} if choice == "text" else {}
        tried = {**asked, "resolutions": {conflict["id"]: {"choice": choice, **own}}}
        assert site.governor.post(f"{API}/merge-preview", json=tried).json()["conflicts"] == []
