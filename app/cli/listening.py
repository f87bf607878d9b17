"""Where the server listens: one address and port of this machine, taken before anything else is done."""

import errno
import socket
from contextlib import ExitStack

from app.errors import Unavailable


def listening(host: str, port: int) -> socket.socket:
    """The door people come in by, taken first: who finds it taken has done nothing yet.

    ``port`` 0 is any that is free. Unavailable, with what to do, if nobody can be served there.
    """
    where = f"{host}:{port}"
    try:
        # Named whole, so that each connection sends what it has at once: of one whose protocol is not said asyncio
        # believes that it is something else than TCP, and every answer waits 40 ms for the visitor to confirm its head.
        kind, sort, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
        )[0]
        with ExitStack() as unless_bound:
            door = unless_bound.enter_context(socket.socket(kind, sort, protocol))
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind(address)
            unless_bound.pop_all()
    except (OSError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise Unavailable(
                f"{where} is taken: another program serves there, perhaps Engross itself. "
                "End that one, or choose another port with ENGROSS_PORT."
            ) from error
        reason = error.strerror if isinstance(error, OSError) else "this is not the name of a machine"
        raise Unavailable(
            f"Nobody can be served on {where}: {reason}. ENGROSS_HOST and ENGROSS_PORT say where."
        ) from error
    return door
