"""While text is compared or read, Python's collector rests; afterwards it is as it was before."""

import gc

import pytest

from app.errors import TooLarge
from app.text.dialect import parse
from app.text.uncollected import uncollected


def test_the_collector_rests_only_while_the_work_is_done() -> None:
    assert gc.isenabled()
    assert uncollected(gc.isenabled)() is False
    assert uncollected(uncollected(gc.isenabled))() is False
    assert gc.isenabled()


def test_the_collector_is_at_work_again_after_an_error() -> None:
    with pytest.raises(TooLarge):
        parse("* - " * 70 + "a")
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        parse("words")
        assert not gc.isenabled()
    finally:
        gc.enable()
