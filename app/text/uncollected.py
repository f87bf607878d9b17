"""Work that makes many small values and no cycles, done while the collector does not look through them all."""

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def uncollected(work: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """The same function, during which Python does not search for cycles; what is freed by counting is freed as ever.

    Nothing that comes out depends on it. Where several threads do so at once, the collector is at work again as soon
    as the first is ready: it is whoever stopped it who starts it again.
    """

    @wraps(work)
    def done(*args: _Given.args, **kwargs: _Given.kwargs) -> _Made:
        if not gc.isenabled():
            return work(*args, **kwargs)
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            gc.enable()

    return done
