"""Connections that say nothing, or so slowly that they only keep a place taken, are closed."""

from asyncio import TimerHandle, Transport

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


def patient(protocol: type[H11Protocol], seconds: float) -> type[H11Protocol]:
    """The protocol with an end to its patience: the head of a request has to be there after so many seconds.

    Uvicorn closes a connection only where nothing at all came after an answer; one that drips a letter now and then, or
    never begins, would stay for ever. How slowly a body may come, `app.security.BodyLimit` says.
    """

    class Patient(protocol):  # type: ignore[misc, valid-type]
        _ends: TimerHandle | None = None

        def connection_made(self, transport: Transport) -> None:
            super().connection_made(transport)
            self._ends = self.loop.call_later(seconds, self._close)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.conn.their_state is not h11.IDLE or not self.conn.trailing_data[0]:
                self._stop()
            elif self._ends is None:
                self._ends = self.loop.call_later(seconds, self._close)

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop()
            super().connection_lost(exc)

        def _stop(self) -> None:
            if self._ends is not None:
                self._ends.cancel()
                self._ends = None

        def _close(self) -> None:
            self._ends = None
            if not self.transport.is_closing():
                self.transport.write(_TOO_SLOW)
                self.transport.close()

    return Patient
