"""Threads: what leads from open to resolved and back, and who may settle them."""

import pytest

from app.errors import Refused
from app.rules.permissions import Action
from app.rules.threads import ThreadState, after_thread_act, may_settle


def test_a_thread_is_resolved_and_opened_again() -> None:
    assert after_thread_act("resolve", "open") is ThreadState.RESOLVED
    assert after_thread_act("reopen", "resolved") is ThreadState.OPEN


@pytest.mark.parametrize(("act", "state"), [("resolve", "resolved"), ("reopen", "open")])
def test_what_is_so_already_is_refused_in_words(act: str, state: str) -> None:
    with pytest.raises(Refused) as refusal:
        after_thread_act(act, state)
    assert refusal.value.message == f"This thread is {state} already; there is nothing to {act}."
    assert refusal.value.kind == "wrong-state"


@pytest.mark.parametrize(
    ("allowed", "is_author", "may"),
    [
        ({Action.RESOLVE_THREADS}, False, True),
        ({Action.RESOLVE_THREADS}, True, True),
        ({Action.COMMENT}, True, True),
        ({Action.COMMENT}, False, False),
        (set(), True, False),
        (set(Action) - {Action.RESOLVE_THREADS}, False, False),
    ],
)
def test_a_thread_is_settled_by_governors_and_by_its_author_while_they_may_comment(
    allowed: set[Action], is_author: bool, may: bool
) -> None:
    assert may_settle(frozenset(allowed), is_author=is_author) is may
