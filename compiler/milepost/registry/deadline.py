"""Time limits over whole exchanges: connecting, sending, and reading head and body, however slowly they come.

A limit of a socket is one between two pieces: a byte every three seconds never reaches it. So a watch stands beside each
exchange and shuts its connection down when the time is over.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from milepost.registry.door import is_of_this_machine

_MOST_ADDRESSES = 6
"""Of one name that are tried: a name may have hundreds, none of which answers."""
_AGAIN = 0.2
_here = threading.local()


class Deadline:
    """A moment; ``left`` are the seconds until then, at least 0."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        return max(0.0, self._end - time.monotonic())


class Watch:
    """Of the exchange that this thread has inside the ``with``; ``over`` says that it was ended.

    ``remote`` forbids addresses of this machine: somebody elsewhere named the host.
    """

    def __init__(self, seconds: float, *, remote: bool) -> None:
        self.over, self.remote, self.deadline = seconds <= 0, remote, Deadline(seconds)
        self._connection: HTTPConnection | None = None
        self._guard = threading.Lock()
        self._timer = self._armed(seconds)

    def __enter__(self) -> Self:
        _here.watch = self
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        with self._guard:
            self._timer.cancel()
            self._connection = None
        _here.watch = None

    def hold(self, connection: HTTPConnection) -> None:
        """Watch this connection from here on. Raises TimeoutError where it is too late to begin."""
        if self.over:
            raise TimeoutError("no answer in time")
        with self._guard:
            self._connection = connection

    def _armed(self, seconds: float) -> threading.Timer:
        timer = threading.Timer(max(0.0, seconds), self._end)
        timer.daemon = True
        return timer

    def _end(self) -> None:
        """Again and again until the exchange is left: its socket may not have been there the first time."""
        self.over = True
        with self._guard:
            wire = getattr(self._connection, "sock", None)
            if isinstance(wire, socket.socket):
                with suppress(OSError):
                    # The plain method: a TLS socket's own one would take its state from under a reader.
                    socket.socket.shutdown(wire, socket.SHUT_RDWR)
            if not self._timer.finished.is_set():
                # The connection may be between two sockets at this moment, while a name is
                # resolved or a redirect followed.
                self._timer = self._armed(_AGAIN)
                self._timer.start()


class _Watched(HTTPConnection):
    """A connection that tells the watch of its thread about itself."""

    def _new_conn(self) -> socket.socket:
        watch: Watch = _here.watch
        watch.hold(self)
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            told = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
            raise NameResolutionError(self.host, self, told) from error
        failure: OSError = OSError("it has no address")
        for family, kind, protocol, _, where in found[:_MOST_ADDRESSES]:
            # Of the address that is connected to, after the name was resolved: a name that
            # looks foreign may lead here (DNS rebinding).
            if watch.remote and self.proxy is None and is_of_this_machine(str(where[0])):
                raise NewConnectionError(self, "its name leads to this machine itself")
            wire = socket.socket(family, kind, protocol)
            try:
                wire.settimeout(max(0.001, min(_seconds(self.timeout), watch.deadline.left)))
                for option in self.socket_options or ():
                    wire.setsockopt(*option)
                wire.connect(where)
                return wire
            except OSError as error:
                failure = error
                wire.close()
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(self, "no answer in time") from failure
        raise NewConnectionError(self, failure.strerror or str(failure)) from failure

    def request(self, *arguments: Any, **options: Any) -> None:
        watch: Watch = _here.watch
        watch.hold(self)
        super().request(*arguments, **options)


class _WatchedHttps(_Watched, HTTPSConnection):
    """The same over TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedHttps


POOLS = {"http": _Pool, "https": _HttpsPool}


def _seconds(timeout: object) -> float:
    return float(timeout) if isinstance(timeout, int | float) else 60.0
