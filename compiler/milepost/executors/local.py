"""The local executor: forked processes, one per processor, take provinces from one queue and share what was read.

With one job, or where the system cannot fork, everything happens in this process.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
from collections.abc import Iterator, Sequence
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any

from milepost import pipeline
from milepost.executors import NoSuchExecutorError
from milepost.executors.executor_protocol import (
    Decide,
    OutputTarget,
    Progress,
    ProvinceRunner,
    StagedProvinces,
    compile_tree,
    put_together,
    standing,
)
from milepost.executors.outcome import Outcome

_SMALL = 8
"""Starting processes costs about as much as compiling a few small provinces."""


def executor(address: str, jobs: int | None) -> ProvinceRunner:
    """``jobs`` is the number of processes, as many as there are processors by default; there is no address."""
    if address:
        raise NoSuchExecutorError(f'the executor "local" has no address, and "{address}" was given')
    return partial(run, jobs=jobs)


def run(
    shared: pipeline.SharedSpec,
    names: Sequence[str],
    target: OutputTarget,
    decide: Decide,
    progress: Progress,
    jobs: int | None = None,
) -> list[Outcome]:
    """As ``executor_protocol.ProvinceRunner``."""
    count = processes(shared, names, jobs)
    if count == 1:
        return _alone(shared, names, target, decide, progress)
    return _together(shared, names, target, decide, progress, count)


def processes(shared: pipeline.SharedSpec, names: Sequence[str], jobs: int | None) -> int:
    """How many processes ``names`` are worth: as many as there are processors, but one where all is soon done."""
    if "fork" not in multiprocessing.get_all_start_methods():
        return 1
    if jobs is None and sum(_weight(shared, name) for name in names) < _SMALL * 2**16:
        return 1
    return max(1, min(jobs or _processors(), len(names)))


def longest_first(shared: pipeline.SharedSpec, names: Sequence[str]) -> list[str]:
    """``names`` by the bytes of their inventory, so that no process is left with a long one."""
    return sorted(names, key=lambda name: (-_weight(shared, name), name))


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _weight(shared: pipeline.SharedSpec, name: str) -> int:
    """Bytes of a province's inventory."""
    spec = shared.spec.provinces[name].model.spec
    total = 0
    for path in (*spec.stations, *spec.nodes):
        try:
            total += (shared.root / path).stat().st_size
        except OSError:
            continue
    return total


def _alone(
    shared: pipeline.SharedSpec,
    names: Sequence[str],
    target: OutputTarget,
    decide: Decide,
    progress: Progress,
) -> list[Outcome]:
    staged = StagedProvinces(target)
    try:
        outcomes = []
        for name in names:
            outcomes.append(staged.stage(compile_tree(shared, name, rendered=target.rendered)))
            progress(outcomes[-1])
        if not decide(outcomes):
            return outcomes
        staged.clear()
        return standing(outcomes, put_together([staged]))
    finally:
        staged.close()


def _together(
    shared: pipeline.SharedSpec,
    names: Sequence[str],
    target: OutputTarget,
    decide: Decide,
    progress: Progress,
    count: int,
) -> list[Outcome]:
    # Forked and not spawned: what was read is inherited, where a spawned process would be sent a pickle of it.
    context = multiprocessing.get_context("fork")
    queue = longest_first(shared, names)
    workers: dict[Connection, Any] = {}
    for _ in range(count):
        ours, theirs = context.Pipe()
        inherited = (ours, *workers)
        process = context.Process(target=_work, args=(theirs, inherited, shared, target), daemon=True)
        process.start()
        theirs.close()
        workers[ours] = process
    staged = StagedProvinces(target)
    try:
        outcomes = {o.province: o for o in _outcomes(list(workers), queue, progress)}
        ordered = [outcomes[name] for name in names]
        if not decide(ordered):
            return ordered
        staged.clear()
        return standing(ordered, put_together([*map(_Elsewhere, workers), staged]))
    finally:
        staged.close()
        # All first: a process ends when its connection is closed, whichever is waited for.
        for connection in workers:
            connection.close()
        for process in workers.values():
            process.join()


def _outcomes(connections: list[Connection], queue: list[str], progress: Progress) -> Iterator[Outcome]:
    """Hands out names, one to each process at a time, and gives what comes back. Raises what a process raised."""
    waiting = list(reversed(queue))
    busy = set()
    for connection in connections:
        if waiting:
            connection.send(waiting.pop())
            busy.add(connection)
    while busy:
        heard = wait(list(busy))
        for connection in [c for c in busy if c in heard]:
            answer = _received(connection)
            progress(answer)
            yield answer
            if waiting:
                connection.send(waiting.pop())
            else:
                busy.discard(connection)


def _received(connection: Connection) -> Any:
    """What a process answers. Raises what it raised, and ChildProcessError where it is gone."""
    try:
        answer = connection.recv()
    except (EOFError, OSError):
        raise ChildProcessError(
            "a process that compiled provinces ended early; was it killed for memory?"
        ) from None
    if isinstance(answer, BaseException):
        raise answer
    return answer


class _Elsewhere:
    """The staged provinces of another process, as ``executor_protocol.Part``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self) -> None:
        self._ask("put")

    def back(self) -> None:
        self._ask("back")

    def keep(self) -> None:
        self._say("keep")

    def kept(self) -> dict[str, str | None]:
        signatures: dict[str, str | None] = _received(self._connection)
        return signatures

    def _ask(self, word: str) -> None:
        self._say(word)
        _received(self._connection)

    def _say(self, word: str) -> None:
        """Whether anybody hears it shows when the answer is waited for."""
        with contextlib.suppress(OSError):
            self._connection.send((word,))


def _work(
    ours: Connection, inherited: Sequence[Connection], shared: pipeline.SharedSpec, target: OutputTarget
) -> None:
    """The life of a process: provinces until the decision, then the decision. Ends, silently, when its starter is gone.

    Ends of pipes that the starter holds are ``inherited`` by a fork: kept open here, no process would see them close.
    """
    for connection in inherited:
        connection.close()
    staged = StagedProvinces(target)
    try:
        while isinstance(message := ours.recv(), str):
            ours.send(staged.stage(compile_tree(shared, message, rendered=target.rendered)))
        # From here on trees change: the starter, which is interrupted as well, says what becomes of them.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _obey(staged, ours, message)
    except (EOFError, KeyboardInterrupt):
        pass
    except Exception as error:
        _send_error(ours, error)
    finally:
        staged.close()


def _send_error(ours: Connection, error: Exception) -> None:
    """Nothing is said where nobody is left to hear it."""
    with contextlib.suppress(OSError):
        try:
            ours.send(error)
        except (TypeError, AttributeError, pickle.PicklingError):
            ours.send(RuntimeError(f"{type(error).__name__}: {error}"))


def _obey(staged: StagedProvinces, ours: Connection, message: tuple[str]) -> None:
    """Put trees in place, then keep them or take them back; back as well where nobody is left to say what."""
    assert message == ("put",)
    try:
        staged.put()
    except Exception as error:
        _send_error(ours, error)
        return
    try:
        ours.send(None)
        (word,) = ours.recv()
    except (EOFError, OSError):
        staged.back()
        return
    if word == "back":
        staged.back()
        ours.send(None)
        return
    staged.keep()
    ours.send(staged.kept())
