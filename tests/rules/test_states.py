"""Every state and every act of proposals and editions: where it leads, or that it is refused."""

import pytest

from app.errors import Refused
from app.rules.states import EditionState, ProposalState, after_edition_act, after_proposal_act

PROPOSALS = {
    "submit": {"draft": "open", "returned": "open"},
    "return": {"open": "returned"},
    "withdraw": {"draft": "withdrawn", "open": "withdrawn", "returned": "withdrawn"},
    "edit": {"draft": "draft", "open": "open", "returned": "returned"},
    "review": {"open": "open"},
    "decide": {"open": "open", "decided": "decided"},
}
EDITIONS = {
    "redraft": {"draft": "draft"},
    "discard": {"draft": "draft"},
    "freeze": {"draft": "candidate"},
    "thaw": {"candidate": "draft"},
    "sign off": {"candidate": "candidate"},
    "approve": {"candidate": "approved"},
    "publish": {"approved": "published"},
    "withdraw": {"published": "withdrawn"},
}


@pytest.mark.parametrize("state", ProposalState)
@pytest.mark.parametrize("act", PROPOSALS)
def test_a_proposal_goes_only_where_the_table_leads(act: str, state: ProposalState) -> None:
    following = PROPOSALS[act].get(state)
    if following is not None:
        assert after_proposal_act(act, state) == following
        return
    with pytest.raises(Refused, match=state) as refusal:
        after_proposal_act(act, state)
    assert refusal.value.kind == "wrong-state"


@pytest.mark.parametrize("state", EditionState)
@pytest.mark.parametrize("act", EDITIONS)
def test_an_edition_goes_only_where_the_table_leads(act: str, state: EditionState) -> None:
    following = EDITIONS[act].get(state)
    if following is not None:
        assert after_edition_act(act, state) == following
        return
    with pytest.raises(Refused, match=state) as refusal:
        after_edition_act(act, state)
    assert refusal.value.kind == "wrong-state"


def test_a_refused_act_on_an_edition_names_the_state_that_it_needs() -> None:
    with pytest.raises(Refused) as refusal:
        after_edition_act("publish", "draft")
    assert refusal.value.message == (
        "This edition is in the state “draft”; to publish it, it has to be in the state “approved”."
    )


def test_nothing_leads_out_of_the_end() -> None:
    assert all("withdrawn" not in table for table in (*PROPOSALS.values(), *EDITIONS.values()))
