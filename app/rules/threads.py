"""Threads: who they are for, what they can hang on, their states, and who may settle them."""

from collections.abc import Mapping
from enum import StrEnum

from app.errors import Refused
from app.rules.permissions import Action


class Audience(StrEnum):
    """Who reads a thread: those with a role in the charter, or everybody who may read the working text."""

    MEMBERS = "members"
    PUBLIC = "public"


class ThreadState(StrEnum):
    """Whether a thread still waits for something. A reply changes nothing about it."""

    OPEN = "open"
    RESOLVED = "resolved"


class About(StrEnum):
    """What a thread is about; the first three hang on the text and are carried along with it."""

    WORDS = "words"
    BLOCK = "block"
    SECTION = "section"
    PROPOSAL = "proposal"
    CHANGE = "change"


ON_TEXT = frozenset({About.WORDS, About.BLOCK, About.SECTION})

_STATES: Mapping[str, Mapping[ThreadState, ThreadState]] = {
    "resolve": {ThreadState.OPEN: ThreadState.RESOLVED},
    "reopen": {ThreadState.RESOLVED: ThreadState.OPEN},
}


def after_thread_act(act: str, state: str) -> ThreadState:
    """The state of a thread after that act; Refused if it is in that state already."""
    following = _STATES[act].get(ThreadState(state))
    if following is None:
        raise Refused(f"This thread is {state} already; there is nothing to {act}.", kind="wrong-state")
    return following


def may_settle(allowed: frozenset[Action], *, is_author: bool) -> bool:
    """Whether somebody may resolve, reopen and re-attach a thread: its author, while they may comment, or governors."""
    return Action.RESOLVE_THREADS in allowed or (is_author and Action.COMMENT in allowed)
