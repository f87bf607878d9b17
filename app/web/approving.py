"""Approvals under way: making a PDF takes longer than a page should, and a second press must not make it twice."""

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from app import clock
from app.db.engine import Database
from app.errors import EngrossError
from app.services import editions

PATIENCE = 20.0
"""So many seconds the page waits by itself; after that it says that the work goes on, and looks again."""

_REMEMBERED = 100
_log = logging.getLogger(__name__)
_Name = tuple[str, str, str]
_works: OrderedDict[_Name, "Work"] = OrderedDict()
_lock = threading.Lock()


@dataclass(slots=True)
class Work:
    """One approval: since when it runs, of which state of the edition, and how it ended."""

    since: datetime
    seen: int
    done: threading.Event = field(default_factory=threading.Event)
    problem: str | None = None

    @property
    def runs(self) -> bool:
        """Whether it is still going on."""
        return not self.done.is_set()

    @property
    def seconds(self) -> int:
        """For how long it has been going on."""
        return max(0, int((clock.now() - self.since).total_seconds()))


def begin(database: Database, charter: str, edition: str, *, by: int, seen: int) -> Work:
    """Begin to approve the edition that was ``seen``; who presses twice gets the work that runs."""
    name = (database.url, charter, edition)
    with _lock:
        known = _works.get(name)
        if known is not None and known.runs:
            return known
        work = _works[name] = Work(clock.now(), seen)
        _works.move_to_end(name)
        while len(_works) > _REMEMBERED:
            _works.popitem(last=False)
    # A daemon: a server that stops does not wait for it, and an approval that does not end well has not happened.
    threading.Thread(target=_carry_out, args=(work, database, charter, edition, by), daemon=True).start()
    return work


def work_on(database: Database, charter: str, edition: str) -> Work | None:
    """The approval of that edition that runs in this process, or ended last."""
    with _lock:
        return _works.get((database.url, charter, edition))


def _carry_out(work: Work, database: Database, charter: str, edition: str, by: int) -> None:
    try:
        editions.approve(database, charter, edition, by=by, now=clock.now(), seen=work.seen)
    except EngrossError as error:
        work.problem = error.message
    except Exception:
        _log.exception("approving edition %s of %s", edition, charter)
        work.problem = "The PDF could not be made. Nothing was changed; the edition is still a candidate."
    finally:
        work.done.set()
