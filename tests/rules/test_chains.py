"""The links of the audit trail: one value, one hash, whatever the order of its fields."""

from hypothesis import given
from hypothesis import strategies as st

from app.rules.chains import FIRST_LINK, link_hash

values = st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers() | st.none(), max_size=4)


def test_a_link_is_the_same_for_good() -> None:
    """A hash that came out differently tomorrow would make every chain look broken."""
    told = {"chain": "peps", "number": 1, "act": "propose", "detail": "„é“", "person": None}
    assert link_hash(told, FIRST_LINK) == "fe7473ebaf5da31969cd612deba8b67b1a8e81de049006b468b4f612808a8f20"


@given(first=values, second=values)
def test_different_values_have_different_links_and_order_does_not_matter(first: dict, second: dict) -> None:
    turned = dict(reversed(first.items()))
    assert link_hash(first, FIRST_LINK) == link_hash(turned, FIRST_LINK)
    assert (link_hash(first, FIRST_LINK) == link_hash(second, FIRST_LINK)) is (first == second)


@given(told=values)
def test_a_link_hangs_on_the_one_before(told: dict) -> None:
    assert link_hash(told, FIRST_LINK) != link_hash(told, "1" * 64)
