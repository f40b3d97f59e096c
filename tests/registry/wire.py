"""A server on loopback that puts bytes on the wire as it is told: slowly, wrongly, without end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Script = Callable[["Asked"], Iterable[bytes | float]]
"""What to send for a request, piece by piece; a number is a pause in seconds."""


@dataclass
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]

    @property
    def authorization(self) -> str:
        return self.headers.get("authorization", "")


@dataclass
class Wire:
    """``asked`` is every request that came; ``script`` says what each gets."""

    host: str = ""
    script: Script = lambda asked: [answer(404, b"{}")]
    asked: list[Asked] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    """What a script keeps from one request to the next."""


def answer(status: int, body: bytes = b"", headers: Iterable[tuple[str, str]] = ()) -> bytes:
    """A sound answer; the connection stays open."""
    rows = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", *(f"{k}: {v}" for k, v in headers)]
    return "\r\n".join(rows).encode("latin-1", "replace") + b"\r\n\r\n" + body


def drip(data: bytes, pause: float) -> Iterator[bytes | float]:
    """A byte at a time."""
    for number in range(len(data)):
        yield data[number : number + 1]
        yield pause


@contextmanager
def wire(address: str = "127.0.0.1") -> Iterator[Wire]:
    """It listens as long as the context."""
    running, over = Wire(), threading.Event()
    listening = socket.create_server((address, 0))
    running.host = f"{address}:{listening.getsockname()[1]}"

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=_talk, args=(connection, running, over), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield running
    finally:
        over.set()
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def _talk(connection: socket.socket, running: Wire, over: threading.Event) -> None:
    with suppress(OSError), connection:
        stream = connection.makefile("rb")
        while (asked := _read(stream)) is not None:
            running.asked.append(asked)
            for piece in running.script(asked):
                if over.is_set():
                    return
                if isinstance(piece, bytes):
                    connection.sendall(piece)
                else:
                    time.sleep(piece)


def _read(stream: object) -> Asked | None:
    readline, read = stream.readline, stream.read  # type: ignore[attr-defined]
    first = readline().decode("latin-1").split()
    if len(first) != 3:
        return None
    headers = {}
    while line := readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    read(int(headers.get("content-length", 0)))
    return Asked(first[0], first[1], headers)
