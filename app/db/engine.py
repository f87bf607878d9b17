"""The database: how it is opened, how a transaction begins, and the only place that commits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

# How long a writer waits for another on SQLite before it gives up, in seconds.
_BUSY_SECONDS = 30

MAIL_WRITTEN = "mail written"
"""Set in the ``info`` of a session that put mail in the outbox, so that a sender is woken by its commit."""

ONLY_READS = "only reads"
"""Set in the ``info`` of a session that changes nothing: what never changes in the database need be asked for once."""


class Database:
    """One database, with sessions for reading and sessions for writing.

    On SQLite every transaction that writes begins with BEGIN IMMEDIATE: two writers then wait for each other
    instead of one of them failing half way. On PostgreSQL the acts lock the charter's row.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _open(url)
        self._readers = sessionmaker(self.engine, expire_on_commit=False, autoflush=False, info={ONLY_READS: True})
        self._writers = sessionmaker(self.engine.execution_options(engross_writes=True), expire_on_commit=False)
        self.wake_sender: Callable[[], object] = lambda: None

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite (else PostgreSQL)."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and changes nothing."""
        with self._readers() as session:
            try:
                yield session
            finally:
                session.rollback()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose work is committed when the block ends well, and undone as a whole when it does not."""
        with self._writers() as session:
            try:
                yield session
                session.commit()
                if session.info.get(MAIL_WRITTEN):
                    self.wake_sender()
            except BaseException:
                session.rollback()
                raise

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that sees one state of the whole database for as long as it takes, and changes nothing.

        Nobody waits for it: on SQLite writers go on in the write-ahead log, on PostgreSQL in newer row versions.
        """
        with self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def founding(self) -> Iterator[Connection]:
        """A connection for one transaction over tables and rows alike: all of it is there at the end, or nothing."""
        with self.engine.execution_options(engross_writes=True).begin() as connection:
            yield connection

    @contextmanager
    def alone(self) -> Iterator[None]:
        """For what only one of several servers may do at a time, like migrating: the others wait here until it is done.

        SQLite needs none of it: there only one can write at a time, and what is being read stays as it is.
        """
        if self.is_sqlite:
            yield
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SELECT pg_advisory_lock(hashtext('engross alone'))")
            try:
                yield
            finally:
                connection.exec_driver_sql("SELECT pg_advisory_unlock(hashtext('engross alone'))")

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _open(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        file = Path(parsed.database)
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() and not parsed.database.startswith("file:"):
            # It holds the secret half of the signing key: nobody else on the machine may read it.
            with suppress(FileExistsError):
                file.touch(0o600, exist_ok=False)
    # What is written or asked for, drafts and addresses among it, is never repeated by an error.
    engine = create_engine(
        parsed, connect_args={"timeout": _BUSY_SECONDS}, pool_size=10, max_overflow=20, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions on its own: it would begin them late and deferred.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("engross_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
