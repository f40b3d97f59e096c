"""Forked worker processes: each takes names from one queue, and ends silently when whoever started it is gone.

They share what was read before the fork. A process that is killed is an error here; a pool would wait for it for ever.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import pickle
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

Life = Callable[[Connection], None]
"""What a worker does: receives names and sends what it made of each, until the connection ends (EOFError)."""


@contextlib.contextmanager
def workers(count: int, life: Life) -> Iterator[list[Connection]]:
    """``count`` processes that live as ``life`` says, by the connections to them; they end with the context."""
    # Forked and not spawned: what was read is inherited, where a spawned process would be sent a pickle of it.
    context = multiprocessing.get_context("fork")
    started: dict[Connection, Any] = {}
    for _ in range(count):
        ours, theirs = context.Pipe()
        process = context.Process(target=_live, args=(life, theirs, (ours, *started)), daemon=True)
        process.start()
        theirs.close()
        started[ours] = process
    try:
        yield list(started)
    finally:
        # All first: a process ends when its connection is closed, whichever is waited for.
        for connection in started:
            connection.close()
        for process in started.values():
            process.join()


def hand_out(connections: Sequence[Connection], names: Sequence[str]) -> Iterator[Any]:
    """Names to workers, one to each at a time, and what comes back. Raises what a worker raised, and as ``received``."""
    waiting = list(reversed(names))
    busy = set()
    for connection in connections:
        if waiting:
            connection.send(waiting.pop())
            busy.add(connection)
    while busy:
        # Of all at once: a closed pipe counts as heard, so a process that was killed is noticed
        # while others still work.
        heard = wait(list(busy))
        for connection in [c for c in busy if c in heard]:
            yield received(connection)
            if waiting:
                connection.send(waiting.pop())
            else:
                busy.discard(connection)


def received(connection: Connection) -> Any:
    """What a worker answers. Raises what it raised, and ChildProcessError where it is gone."""
    try:
        answer = connection.recv()
    except (EOFError, OSError):
        raise ChildProcessError(
            "a process that compiled provinces ended early; was it killed for memory?"
        ) from None
    if isinstance(answer, BaseException):
        raise answer
    return answer


def send_error(ours: Connection, error: Exception) -> None:
    """Does nothing where the other end of the pipe is closed."""
    with contextlib.suppress(OSError):
        try:
            ours.send(error)
        except (TypeError, AttributeError, pickle.PicklingError):
            # An exception with a lock or an open file in it cannot be sent; its words can.
            ours.send(RuntimeError(f"{type(error).__name__}: {error}"))


def _live(life: Life, ours: Connection, inherited: Sequence[Connection]) -> None:
    """Ends of pipes that the starter holds are ``inherited`` by a fork: kept open here, no process would see them close."""
    for connection in inherited:
        connection.close()
    try:
        life(ours)
    except (EOFError, KeyboardInterrupt):
        pass
    except Exception as error:
        send_error(ours, error)
