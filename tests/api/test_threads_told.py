"""Who is told of a comment: those called by name, followers of the thread and of its proposal, each once."""

import sqlalchemy
from fastapi.testclient import TestClient

from tests.support.acts import adopt, by_hand, merge, propose, words
from tests.support.site import API, Site
from tests.support.threads import comment, comment_on_words


def told(site: Site) -> list[tuple[str, str, str]]:
    """What people were told of threads, in order: the person, the kind, and the words."""
    query = (
        "SELECT people.name, kind, words FROM notices JOIN people ON people.id = notices.person_id "
        "WHERE object LIKE 'thread %' ORDER BY notices.id"
    )
    with site.database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sqlalchemy.text(query))]


def mode(client: TestClient, path: str, wanted: str | None) -> None:
    """Follow, mute, or neither."""
    answer = client.put(f"{API}/{path}/following", json={"mode": wanted}, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text


def test_whoever_takes_part_hears_of_what_follows(site: Site) -> None:
    comment_on_words(site.member)
    assert told(site) == []
    site.other_member.post(f"{API}/threads/1/replies", json={"text": "Yes."})
    assert told(site) == [("Mara", "commented", "Otto answered in thread 1 on “key partners”.\n\nYes.")]
    site.governor.post(f"{API}/threads/1/resolve")
    site.governor.post(f"{API}/threads/1/reopen")
    resolved, reopened = "Gilda resolved thread 1 on “key partners”.", "Gilda reopened thread 1 on “key partners”."
    assert sorted(told(site)[1:]) == sorted(
        (name, "resolved", said) for name in ("Mara", "Otto") for said in (resolved, reopened)
    )


def test_who_is_called_by_name_is_told_once_and_follows_from_then_on(site: Site) -> None:
    comment_on_words(site.member, text="@Otto and @gilda, @Mara asks. Not @Stan, not otto@example.org.")
    said = "Mara mentioned you in a comment on “key partners”.\n\n@Otto and @gilda, @Mara asks."
    assert [(name, kind) for name, kind, _ in told(site)] == [("Otto", "mentioned"), ("Gilda", "mentioned")]
    assert all(words.startswith(said) for _, _, words in told(site))
    site.governor.post(f"{API}/threads/1/replies", json={"text": "I think so, @Otto."})
    assert [(name, kind) for name, kind, _ in told(site)[2:]] == [("Otto", "mentioned"), ("Mara", "commented")]


def test_who_muted_a_thread_hears_only_what_is_meant_for_them(sqlite_site: Site) -> None:
    site = sqlite_site
    comment_on_words(site.member)
    mode(site.member, "threads/1", "muted")
    site.other_member.post(f"{API}/threads/1/replies", json={"text": "Hm."})
    site.other_member.post(f"{API}/threads/1/replies", json={"text": "@Mara?"})
    assert [(name, kind) for name, kind, _ in told(site)] == [("Mara", "mentioned")]
    site.other_member.post(f"{API}/threads/1/replies", json={"text": "Hm."})
    assert len(told(site)) == 1


def test_who_follows_a_proposal_hears_of_what_is_said_of_it(site: Site) -> None:
    propose(site.member, "vision", words(site.member, "vision").replace("key", "equal"))
    mode(site.governor, "proposals/1", "following")
    comment(site.other_member, "Good.", change="1.1")
    said = "Otto commented on change 1.1 of proposal 1 “Other words”.\n\nGood."
    assert ("Gilda", "commented", said) in told(site)
    site.member.post(f"{API}/threads/1/replies", json={"text": "Thank you."})
    assert (
        "Otto",
        "commented",
        "Mara answered in thread 1 on change 1.1 of proposal 1 “Other words”.\n\nThank you.",
    ) in told(site)
    # To comment on a proposal is to take part in it.
    assert site.other_member.get(f"{API}/proposals/1/following").json() == {"mode": "following"}


def test_nobody_is_told_of_what_they_may_not_see(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, "vision", "Another vision.", submit=False)
    comment(site.member, "@Otto and @Gilda, what do you think?", proposal=1, audience="public")
    assert told(site) == []
    comment_on_words(site.member, audience="public")
    site.other_member.post(f"{API}/threads/2/replies", json={"text": "One."})
    assert {name for name, _, _ in told(site)} == {"Mara"}
    site.other_member.post(f"{API}/threads/2/replies", json={"text": "Two."})
    by_hand(site.database, "DELETE FROM roles WHERE person_id = 1")
    site.governor.post(f"{API}/threads/2/replies", json={"text": "Three."})
    assert [name for name, _, _ in told(site)] == ["Mara", "Mara", "Otto"]


def test_who_opened_many_threads_is_told_of_them_in_one_sentence(sqlite_site: Site) -> None:
    site = sqlite_site
    for _ in range(12):
        comment_on_words(site.member, "key partners")
    propose(site.other_member, "vision", words(site.member, "vision").replace("key partners", "co-authors"))
    adopt(site.governor, 1)
    merge(site.governor, "1.1")
    query = "SELECT words, address FROM notices WHERE kind = 'orphaned'"
    with site.database.engine.connect() as connection:
        said = [tuple(row) for row in connection.execute(sqlalchemy.text(query))]
    threads = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more"
    sentence = f"Revision 2 rewrote or took out what your comments are about in threads {threads}."
    assert said == [(sentence, "/peps/threads?show=mine")]


def test_who_opened_a_thread_is_told_when_its_words_are_rewritten_or_gone(site: Site) -> None:
    comment_on_words(site.member, "key partners")
    comment_on_words(site.other_member, "patients are key partners in shaping sustainable care")
    comment_on_words(site.governor, "key partners")
    comment_on_words(site.member, "key partners")
    site.member.post(f"{API}/threads/4/resolve")
    before = len(told(site))
    propose(site.member, "vision", words(site.member, "vision").replace("key partners", "co-authors"))
    adopt(site.governor, 1)
    merge(site.governor, "1.1")
    gone = "Since revision 2 the text no longer has what your comment was about: thread {} on “key partners”."
    rewritten = (
        "Revision 2 rewrote part of what your comment is about: "
        "thread 2 on “patients are key partners in shaping sustainable care”."
    )
    # Who merged sees it nowhere else, so they are told of their own comment too; of what is resolved nobody is.
    assert told(site)[before:] == [
        ("Mara", "orphaned", gone.format(1)),
        ("Otto", "orphaned", rewritten),
        ("Gilda", "orphaned", gone.format(3)),
    ]


def test_the_answer_says_who_was_called_and_who_was_not(sqlite_site: Site) -> None:
    site = sqlite_site
    number = propose(site.member, markdown="Other words.", submit=False)["number"]
    said = {"proposal": number, "audience": "public", "text": "@Gilda, @Mara, @Otto Meier and @Nemo."}
    made = site.member.post(f"{API}/threads", json=said)
    assert made.status_code == 201, made.text
    assert made.json()["called"] == []
    assert made.json()["not_called"] == [
        {"words": "@Gilda", "why": "cannot-read", "could_be": ["Gilda"]},
        {"words": "@Otto Meier", "why": "nobody", "could_be": ["Otto"]},
        {"words": "@Nemo", "why": "nobody", "could_be": []},
    ]
    comment_on_words(site.member)
    answer = site.governor.post(f"{API}/threads/2/replies", json={"text": "Yes, @Otto and @mara."}).json()
    assert (answer["called"], answer["not_called"]) == (["Mara", "Otto"], [])
    assert "called" not in site.governor.get(f"{API}/threads/2").json()
