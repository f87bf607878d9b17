"""Whom partners, amendments, recommendations and deadlines are told to, and with which link."""

from datetime import timedelta

from sqlalchemy import select

from app import clock
from app.db.models.notices import Notice
from app.queries.people import person_by_email
from tests.support.acts import propose, words
from tests.support.site import API, Site

ANY = {"If-Match": "*"}


def told(site: Site, name: str, kind: str) -> list[tuple[str, str]]:
    """What somebody was told of that kind, with the address that shows it."""
    with site.database.reading() as session:
        person = person_by_email(session, f"{name}@example.org").id
        query = select(Notice.words, Notice.address).where(Notice.person_id == person, Notice.kind == kind)
        return [(row.words, row.address) for row in session.execute(query.order_by(Notice.id))]


def amend(site: Site, *, submit: bool) -> None:
    text = words(site.member, "vision")
    propose(site.member, "vision", text.replace("key partners", "equal partners"))
    body = {
        "title": "Trusted",
        "base_revision": 1,
        "sections": [{"key": "vision", "markdown": text.replace("key partners", "trusted partners")}],
        "relation": {"kind": "amendment", "to": 1},
        "submit": submit,
    }
    assert site.other_member.post(f"{API}/proposals", json=body).status_code == 201


def test_an_author_hears_of_an_amendment_once_others_can_see_it(site: Site) -> None:
    amend(site, submit=False)
    assert told(site, "mara", "amendment-offered") == []
    site.other_member.post(f"{API}/proposals/2/submit")
    site.governor.post(f"{API}/proposals/2/return", json={"reason": "Why?"})
    site.other_member.post(f"{API}/proposals/2/submit")
    sentence = "Otto offers other wording for proposal 1 “Other words”. You can take it over as your next version."
    assert told(site, "mara", "amendment-offered") == [(sentence, "/peps/proposals/2#page.relation")]
    assert told(site, "gilda", "amendment-offered") == []


def test_whoever_offered_an_amendment_hears_that_it_was_taken_over(site: Site) -> None:
    amend(site, submit=True)
    assert site.member.post(f"{API}/proposals/1/amendments/2/accept").status_code == 200
    sentence = "Mara took proposal 2 “Trusted” over: it is now version 2 of proposal 1 “Other words”."
    assert told(site, "otto", "amendment-taken") == [(sentence, "/peps/proposals/1")]
    assert told(site, "otto", "edited") == []
    assert told(site, "mara", "amendment-taken") == []
    tag = site.member.get(f"{API}/proposals/1").headers["etag"]
    site.member.patch(f"{API}/proposals/1", json={"title": "Better"}, headers={"If-Match": tag})
    assert len(told(site, "otto", "edited")) == 1


def test_a_recommendation_is_told_to_the_author_with_a_link_to_the_change(site: Site) -> None:
    propose(site.member, "vision", "Another vision.")
    said = [{"change": 1, "outcome": "rejected", "reason": "It says less."}]
    assert site.governor.post(f"{API}/proposals/1/recommendations", json=said).status_code == 201
    sentence = "Gilda recommends rejecting change 1.1 of proposal 1 “Other words”."
    assert told(site, "mara", "recommended") == [(sentence, "/peps/proposals/1#change.1")]
    assert told(site, "otto", "recommended") == []


def test_those_who_have_not_reviewed_are_told_until_when_reviews_are_asked_for(site: Site) -> None:
    propose(site.member, "vision", "Another vision.")
    site.other_member.post(f"{API}/proposals/1/reviews", json={"position": "support", "text": ""})
    before = told(site, "mara", "proposed")
    day = (clock.today() + timedelta(days=1)).isoformat()
    site.governor.put(f"{API}/proposals/1/review-by", json={"review_by": day}, headers=ANY)
    site.governor.put(f"{API}/proposals/1/review-by", json={"review_by": day}, headers=ANY)
    new = told(site, "mara", "proposed")[len(before) :]
    assert [(w.startswith("Gilda asks for reviews of proposal 1"), a) for w, a in new] == [(True, "/peps/proposals/1")]
    assert not any("asks for reviews" in w for w, _ in told(site, "otto", "proposed"))


def test_what_partners_do_is_told_to_the_other_side_alone(site: Site) -> None:
    propose(site.member, "vision", "Another vision.", submit=False)
    id = next(p["id"] for p in site.member.get(f"{API}/people").json() if p["name"] == "Otto")
    site.member.post(f"{API}/proposals/1/partners", json={"person": id})
    site.other_member.post(f"{API}/proposals/1/sign")
    site.member.delete(f"{API}/proposals/1/partners/{id}", headers=ANY)
    # What they were told of the draft before is gone with it.
    assert [w.split(" ")[1] for w, _ in told(site, "otto", "shared")] == ["no"]
    assert [a for _, a in told(site, "otto", "shared")] == ["/peps/proposals"]
    assert [a for _, a in told(site, "mara", "signed")] == ["/peps/proposals/1"]
    assert told(site, "gilda", "shared") == told(site, "gilda", "signed") == []
