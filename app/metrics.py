"""Figures for whoever watches over the service (Prometheus), on a door of their own that is shut unless asked for.

Their labels are routes as the program names them, methods and statuses: never an address, a person or a charter, and
never more of them than there are routes.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from app import __version__, clock
from app.db.engine import Database
from app.errors import Unavailable
from app.queries.health import outbox_health

if TYPE_CHECKING:
    pass

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
OTHER = "other"


class Metrics:
    """The figures of one process. Counted where requests are answered; the outbox is looked at when somebody asks."""

    def __init__(self, database: Database) -> None:
        # Only who wants figures needs the library.
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, PlatformCollector
        from prometheus_client.process_collector import ProcessCollector

        self.registry: CollectorRegistry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        Info("engross", "The program.", registry=self.registry).info({"version": __version__})
        self._requests = Counter(
            "engross_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "engross_request_seconds",
            "How long it took until an answer was out.",
            ["method", "route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._under_way = Gauge("engross_requests_under_way", "Requests being answered.", registry=self.registry)
        self.registry.register(_Outbox(database))

    def began(self) -> None:
        """A request has come in."""
        self._under_way.inc()

    def ended(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """A request was answered; ``route`` as the program names it, None if no route took it."""
        self._under_way.dec()
        method = method if method in _METHODS else OTHER
        self._requests.labels(method, route or OTHER, str(status)).inc()
        self._seconds.labels(method, route or OTHER).observe(seconds)

    def open(self, host: str, port: int) -> None:
        """Open the door where figures are asked for, until the process ends."""
        from prometheus_client import start_http_server

        try:
            start_http_server(port, host, self.registry)
        except OSError as error:
            raise Unavailable(
                f"Figures cannot be shown on {host}:{port}: {error.strerror or error}. ENGROSS_METRICS says where."
            ) from error

    def text(self) -> str:
        """The figures as Prometheus reads them."""
        from prometheus_client import generate_latest

        return bytes(generate_latest(self.registry)).decode()


class _Outbox:
    """What waits in the outbox, asked of the database whenever somebody asks for figures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> list[Any]:
        """Nothing is asked of the database before somebody wants to know."""
        return []

    def collect(self) -> Iterator[Any]:
        """The figures of this moment; only that it does not answer, if the database does not."""
        from prometheus_client.core import GaugeMetricFamily

        now = clock.now()
        try:
            with self._database.reading() as session:
                found = outbox_health(session, now)
        except SQLAlchemyError:
            yield GaugeMetricFamily("engross_database_up", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("engross_database_up", "Whether the database answers.", 1)
        yield GaugeMetricFamily("engross_outbox_waiting", "Mails that wait.", found.waiting)
        yield GaugeMetricFamily("engross_outbox_stuck", "Mails that have waited for over an hour.", found.stuck)
        yield GaugeMetricFamily("engross_outbox_given_up", "Mails given up within seven days.", found.given_up)
        oldest = 0.0 if found.since is None else (now - found.since).total_seconds()
        yield GaugeMetricFamily("engross_outbox_oldest_seconds", "For how long the first of them has waited.", oldest)
