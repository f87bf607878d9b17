"""Threads after merges: attached, moved with their block, changed or orphaned, never put on words that look alike."""

from tests.support.acts import adopt, head, merge, propose, refused, section, words
from tests.support.site import API, Site
from tests.support.threads import comment, comment_on_words, thread


def revise(site: Site, key: str, markdown: str) -> None:
    """A new revision in which the section reads so."""
    made = propose(site.other_member, key, markdown)
    numbers = [change["number"] for change in made["changes"]]
    adopt(site.governor, made["number"], *numbers)
    merge(site.governor, *(f"{made['number']}.{n}" for n in numbers), confirm_combined=True)


def anchor(site: Site, number: int) -> dict:
    """The anchor of a thread as a member sees it."""
    return thread(site.member, number)["anchor"]


def carried(site: Site) -> list[dict]:
    """The records that speak of carrying, the newest first."""
    return [r for r in site.member.get(f"{API}/records?limit=200").json() if r["act"] == "carry threads"]


def test_words_that_were_not_touched_stay_where_they_are_though_others_moved_them_along(site: Site) -> None:
    comment_on_words(site.member, "key partners")
    revise(site, "vision", words(site.member, "vision").replace("Enabling a world", "Enabling, soon, a whole world"))
    assert (anchor(site, 1)["state"], anchor(site, 1)["start"]) == (
        "attached",
        36 + len("Enabling, soon, a whole") - 10,
    )
    assert thread(site.member, 1)["words_now"] == "key partners"
    assert [r["object"] for r in carried(site)] == ["revision 2"]


def test_a_revision_that_touches_other_words_carries_nothing_and_records_nothing(sqlite_site: Site) -> None:
    comment_on_words(sqlite_site.member)
    comment(sqlite_site.member, section="vision")
    revise(sqlite_site, "mission", words(sqlite_site.member, "mission").replace("unified", "independent"))
    assert carried(sqlite_site) == []
    assert anchor(sqlite_site, 1)["state"] == anchor(sqlite_site, 2)["state"] == "attached"
    assert anchor(sqlite_site, 1)["revision"] == 2


def test_words_that_were_partly_rewritten_are_changed_and_show_both(sqlite_site: Site) -> None:
    comment_on_words(sqlite_site.member, "patients are key partners in shaping sustainable care")
    text = words(sqlite_site.member, "vision")
    revise(sqlite_site, "vision", text.replace("key partners", "equal partners"))
    seen = thread(sqlite_site.member, 1)
    assert seen["anchor"]["state"] == "changed"
    assert seen["anchor"]["quote"] == "patients are key partners in shaping sustainable care"
    assert seen["words_now"] == "patients are equal partners in shaping sustainable care"


def test_words_that_are_gone_orphan_the_thread_and_a_look_alike_is_offered_never_taken(site: Site) -> None:
    comment_on_words(site.member, "key partners")
    text = words(site.member, "vision")
    revise(site, "vision", text.replace("key partners", "co-authors"))
    # The same words stand somewhere else now: for a person to choose, not for the product.
    revise(site, "mission", words(site.member, "mission") + "\n\nPatients are key partners of us all.\n")
    seen = thread(site.member, 1)
    assert (seen["anchor"]["state"], seen["words_now"]) == ("orphaned", None)
    assert (seen["anchor"]["section"], seen["anchor"]["revision"]) == ("vision", 1)
    best = seen["offers"][0]
    assert (best["section"], best["text"], best["likeness"]) == ("mission", "key partners", 1.0)
    assert thread(site.governor, 1)["offers"]
    assert thread(site.other_member, 1)["offers"] == []
    assert [t["id"] for t in site.member.get(f"{API}/threads?anchor=orphaned").json()] == [1]


def test_what_a_revert_brings_back_has_its_threads_again(site: Site) -> None:
    text, vision = words(site.member, "vision"), section(site.member, "vision")["blocks"][0]["id"]
    comment_on_words(site.member, "key partners")
    comment_on_words(site.member, "patients are key partners in shaping")
    comment(site.member, block=vision)
    comment(site.member, section="mission")
    hung = [anchor(site, number) for number in (1, 2, 3, 4)]
    revise(site, "vision", text.replace("patients are key partners", "they are co-authors"))
    revise(site, "vision", "Nothing of all this.\n")
    made = propose(site.other_member, sections=[{"key": "mission", "remove": True}])
    adopt(site.governor, made["number"], *(change["number"] for change in made["changes"]))
    merge(site.governor, *(f"{made['number']}.{change['number']}" for change in made["changes"]))
    assert [anchor(site, n)["state"] for n in (1, 2, 3, 4)] == ["orphaned"] * 4
    for number in (4, 3, 2):
        answer = site.governor.post(
            f"{API}/revisions/{number}/revert", json={"base_revision": head(site.governor)["number"]}
        )
        assert answer.status_code == 201, answer.text
    assert words(site.member, "vision") == text
    for number, before in enumerate(hung, 1):
        assert anchor(site, number) | {"revision": 0} == before | {"revision": 0}
    assert site.member.get(f"{API}/awaiting").json()["counts"]["lost_threads"] == 0
    # A comment written on the old text finds it through all of that.
    late = comment(site.member, block=vision, quote="key partners", revision=1)
    assert (late["anchor"]["state"], late["words_now"]) == ("attached", "key partners")


def test_words_rewritten_in_part_are_whole_again_after_a_revert(sqlite_site: Site) -> None:
    text = words(sqlite_site.member, "vision")
    comment_on_words(sqlite_site.member, "patients are key partners in shaping")
    revise(sqlite_site, "vision", text.replace("patients are", ""))
    assert anchor(sqlite_site, 1)["state"] == "changed"
    sqlite_site.governor.post(f"{API}/revisions/2/revert", json={"base_revision": 2})
    assert anchor(sqlite_site, 1)["state"] == "attached"
    assert thread(sqlite_site.member, 1)["words_now"] == "patients are key partners in shaping"


def test_a_block_that_moves_takes_its_threads_along(sqlite_site: Site) -> None:
    blocks = section(sqlite_site.member, "mission")["blocks"]
    comment(sqlite_site.member, block=blocks[1]["id"])
    comment(sqlite_site.member, block=blocks[1]["id"], quote="PEPs is the first global community")
    vision = section(sqlite_site.member, "vision")["blocks"]
    sections = [
        {"key": "mission", "blocks": [blocks[0], *blocks[2:]]},
        {"key": "vision", "blocks": [*vision, blocks[1]]},
    ]
    made = propose(sqlite_site.other_member, sections=sections)
    numbers = [change["number"] for change in made["changes"]]
    adopt(sqlite_site.governor, 1, *numbers)
    merge(sqlite_site.governor, *(f"1.{n}" for n in numbers))
    for number in (1, 2):
        assert (anchor(sqlite_site, number)["state"], anchor(sqlite_site, number)["section"]) == ("moved", "vision")
    assert {t["id"] for t in sqlite_site.member.get(f"{API}/threads?section=vision").json()} == {1, 2}


def test_a_thread_on_a_section_follows_its_heading_and_is_orphaned_with_it(sqlite_site: Site) -> None:
    comment(sqlite_site.member, section="vision")
    sections = [{"key": "vision", "heading": "Our vision"}]
    propose(sqlite_site.other_member, sections=sections)
    adopt(sqlite_site.governor, 1)
    merge(sqlite_site.governor, "1.1")
    seen = thread(sqlite_site.member, 1)
    assert (seen["anchor"]["state"], seen["words_now"]) == ("changed", "Our vision")
    made = propose(sqlite_site.other_member, sections=[{"key": "vision", "remove": True}])
    numbers = [change["number"] for change in made["changes"]]
    adopt(sqlite_site.governor, 2, *numbers)
    merge(sqlite_site.governor, *(f"2.{n}" for n in numbers))
    assert anchor(sqlite_site, 1)["state"] == "orphaned"


def test_resolved_threads_are_carried_too_and_nobody_is_told_of_them(sqlite_site: Site) -> None:
    comment_on_words(sqlite_site.member, "key partners")
    sqlite_site.member.post(f"{API}/threads/1/resolve")
    revise(sqlite_site, "vision", words(sqlite_site.member, "vision").replace("key partners", "co-authors"))
    assert anchor(sqlite_site, 1)["state"] == "orphaned"


def test_an_orphan_is_hung_on_other_words_by_who_opened_it_or_a_governor(site: Site) -> None:
    comment_on_words(site.member, "key partners")
    comment_on_words(site.member, "key partners")
    revise(site, "vision", words(site.member, "vision").replace("key partners", "co-authors"))
    block = section(site.member, "vision")["blocks"][0]["id"]
    refused(site.other_member.post(f"{API}/threads/1/reattach", json={"block": block}), 403, "not-allowed")
    hung = site.member.post(f"{API}/threads/1/reattach", json={"block": block, "quote": "co-authors"}).json()
    assert (hung["anchor"]["state"], hung["words_now"]) == ("attached", "co-authors")
    assert hung["opened_on"]["quote"] == "key partners"
    hung = site.governor.post(f"{API}/threads/2/reattach", json={"block": block}).json()
    assert (hung["about"], hung["anchor"]["state"]) == ("block", "attached")
    old = {"block": block, "quote": "key partners", "revision": 1}
    refused(site.member.post(f"{API}/threads/1/reattach", json=old), 422, "older-revision")
    refused(site.member.post(f"{API}/threads/1/reattach", json={}), 422, "about-nothing")
    # From there it is carried on like any other.
    revise(site, "vision", words(site.member, "vision").replace("Enabling", "We enable"))
    assert anchor(site, 1)["state"] == "attached"
    assert anchor(site, 2)["state"] == "changed"


def test_a_thread_about_a_proposal_hangs_on_no_words(sqlite_site: Site) -> None:
    propose(sqlite_site.member, "vision", "Another vision.")
    comment(sqlite_site.member, proposal=1)
    refused(sqlite_site.member.post(f"{API}/threads/1/reattach", json={"section": "vision"}), 409, "not-on-text")


def test_a_split_block_keeps_each_thread_with_its_own_words(sqlite_site: Site) -> None:
    comment_on_words(sqlite_site.member, "sustainable care")
    comment_on_words(sqlite_site.member, "integral to decision-making")
    text = words(sqlite_site.member, "vision")
    revise(sqlite_site, "vision", text.replace("development, where their", "development.\n\nTheir").strip())
    first, second = anchor(sqlite_site, 1), anchor(sqlite_site, 2)
    assert first["block"] != second["block"]
    assert [thread(sqlite_site.member, n)["words_now"] for n in (1, 2)] == [
        "sustainable care",
        "integral to decision-making",
    ]
    assert head(sqlite_site.member)["number"] == 2
