"""A text that takes the press long: who approves it waits, and nobody else does."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.acts import adopt, merge, propose
from tests.support.site import API, Site

EDITION = f"{API}/editions/2027-01"


@pytest.mark.long
def test_while_a_costly_edition_is_set_everybody_else_reads_and_writes_on(sqlite_site: Site) -> None:
    site = sqlite_site
    # No line can hold it, so every place to break it is tried.
    made = propose(site.member, "vision", "a" * 20_000)
    adopt(site.governor, 1, *[change["number"] for change in made["changes"]])
    merge(site.governor, *[change["ref"] for change in made["changes"]])
    site.governor.post(f"{API}/editions", json={"revision": 2, "date": "2027-01"})
    for act in ("freeze", "signoffs"):
        assert site.governor.post(f"{EDITION}/{act}", json={}).status_code < 300
    with ThreadPoolExecutor(1) as pool:
        approving = pool.submit(site.governor.post, f"{EDITION}/approve", json={})
        for n in range(10):
            assert site.reader.get("/peps/working").status_code == 200
            assert propose(site.other_member, "mission", f"A mission, {n}.")["number"] == n + 2
        assert not approving.done(), "all of that was done while the PDF was being set"
        answer = approving.result()
    # It is within the limits here; where it is not, that is said, and it stays a candidate.
    assert answer.status_code == 200 or answer.json()["type"].endswith("/pdf-too-costly")
    state = site.governor.get(EDITION).json()["state"]
    assert state == ("approved" if answer.status_code == 200 else "candidate")
