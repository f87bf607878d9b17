"""The door of the server: requests for what never changes are answered there, all others go in."""

from typing import Any

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.cli.patience import patient
from app.immutable import Immutable

# A connection that stays open may be closed so many seconds early: to set its clock anew each time costs too much.
_EARLY = 1.0

PATIENCE = 20.0
"""Seconds in which the head of a request has to arrive."""


def server_of(application: FastAPI, patience: float = PATIENCE, **more: Any) -> uvicorn.Server:
    """The server of an application, with this door in it; ``more`` are settings of uvicorn.

    A connection has ``patience`` seconds to say what it wants.
    """
    kept: Immutable | None = application.state.kept
    speaking: Any = patient(H11Protocol if kept is None else protocol_with(kept), patience)
    return uvicorn.Server(uvicorn.Config(application, http=speaking, log_level="warning", server_header=False, **more))


def protocol_with(kept: Immutable) -> type[H11Protocol]:
    """The protocol that uvicorn is to speak, with these answers at hand.

    Reading a request by h11 and handing it to the application takes longer than sending a PDF. So the bytes that come
    in are looked at first: if they are one whole plain request for a kept answer, that is written, and h11 never hears
    of it. It is asked only between two requests, and never while a reader takes in what it was sent too slowly.
    """

    class Door(H11Protocol):
        _set_at = 0.0

        def data_received(self, data: bytes) -> None:
            if self._is_waiting():
                answer = kept.answer(data, self.server_state.default_headers)
                if answer is not None:
                    self.transport.write(answer)
                    self._wait_for_more()
                    return
            super().data_received(data)

        def _is_waiting(self) -> bool:
            """Whether nothing of another request is under way on this connection."""
            return (
                self.conn.their_state is h11.IDLE
                and self.conn.our_state is h11.IDLE
                and not self.conn.trailing_data[0]
                and not self.flow.write_paused
                and not self.transport.is_closing()
            )

        def _wait_for_more(self) -> None:
            """Close the connection if nothing comes for as long as the server waits."""
            now = self.loop.time()
            if self.timeout_keep_alive_task is not None and now - self._set_at < _EARLY:
                return
            self._unset_keepalive_if_required()
            self._set_at = now
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    return Door
