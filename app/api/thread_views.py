"""What answers show of threads."""

from app.api.views import Json, moment
from app.queries.calling import Calling
from app.queries.thread_lists import ThreadHead
from app.queries.threads import ThreadView
from app.text.anchor_json import anchor_shown
from app.text.anchors import Anchor


def thread_head_json(head: ThreadHead, keys: dict[str, str]) -> Json:
    """A thread in a list; ``keys`` gives the keys of sections by id."""
    return {
        "id": head.number,
        "state": head.state,
        "audience": head.audience,
        "about": head.about,
        "subject": head.subject,
        "section": None if head.section is None else keys.get(head.section, head.section),
        "block": head.block,
        "proposal": head.proposal,
        "change": change_name(head.proposal, head.change),
        "anchor_state": head.anchor_state,
        "author": head.author,
        "text": head.said,
        "comments": head.comments,
        "created_at": moment(head.created_at),
        "last_at": moment(head.last_at),
    }


def thread_json(view: ThreadView, keys: dict[str, str]) -> Json:
    """A thread with all that was said in it, and where its words are now."""
    section = None if view.anchor is None else view.anchor.section
    return {
        "id": view.number,
        "state": view.state,
        "audience": view.audience,
        "about": view.about,
        "subject": view.subject,
        "section": None if section is None else keys.get(section, section),
        "proposal": view.proposal,
        "change": change_name(view.proposal, view.change),
        "anchor": _anchor(view.anchor, keys),
        "opened_on": _anchor(view.first, keys),
        "words_now": view.now,
        "offers": [
            {
                "section": keys.get(offer.section, offer.section),
                "block": offer.block,
                "start": offer.start,
                "end": offer.end,
                "text": offer.text,
                "likeness": round(offer.likeness, 3),
            }
            for offer in view.offers
        ],
        "author": view.author,
        "comments": [
            {"number": c.number, "author": c.author, "text": c.text, "created_at": moment(c.created_at)}
            for c in view.comments
        ],
        "created_at": moment(view.created_at),
        "last_at": moment(view.last_at),
        "resolved_by": view.resolved_by,
        "resolved_at": moment(view.resolved_at),
        "following": view.following,
    }


def calling_json(found: Calling) -> Json:
    """Who hears that they were called, and which calls reached nobody."""
    return {
        "called": [*found.told],
        "not_called": [
            *({"words": f"@{name}", "why": "cannot-read", "could_be": [name]} for name in found.unable),
            *(
                {"words": one.words, "why": "several" if one.several else "nobody", "could_be": [*one.names]}
                for one in found.missed
            ),
        ],
    }


def change_name(proposal: int | None, change: int | None) -> str | None:
    """The name of the change a thread is about, like 12.3."""
    return None if change is None else f"{proposal}.{change}"


def _anchor(anchor: Anchor | None, keys: dict[str, str]) -> Json | None:
    if anchor is None:
        return None
    return {**anchor_shown(anchor), "section": keys.get(anchor.section, anchor.section)}
