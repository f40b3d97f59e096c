"""The local executor: forked processes, one per processor, take provinces from one queue and share what was read.

With one job, or where the system cannot fork, everything happens in this process.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Sequence
from functools import partial
from multiprocessing.connection import Connection

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
from milepost.executors.workers import hand_out, received, send_error, workers

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
    # By bytes of inventory, which is what the time of a province goes by.
    if jobs is None and sum(_weight(shared, name) for name in names) < _SMALL * 2**16:
        return 1
    return max(1, min(jobs or _processors(), len(names)))


def longest_first(shared: pipeline.SharedSpec, names: Sequence[str]) -> list[str]:
    """``names`` by the bytes of their inventory, so that no process is left with a long one."""
    return sorted(names, key=lambda name: (-_weight(shared, name), name))


def _processors() -> int:
    # The processors that this process may use: a container on a machine with 64 may have two of
    # them.
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
    staged = StagedProvinces(target)
    try:
        with workers(count, partial(_work, shared, target)) as connections:
            outcomes = {}
            for outcome in hand_out(connections, longest_first(shared, names)):
                outcomes[outcome.province] = outcome
                progress(outcome)
            ordered = [outcomes[name] for name in names]
            if not decide(ordered):
                return ordered
            staged.clear()
            # Two phases, as in a commit over several databases: all put, then all keep; one
            # that fails has all others go back.
            return standing(ordered, put_together([*map(_Elsewhere, connections), staged]))
    finally:
        staged.close()


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
        signatures: dict[str, str | None] = received(self._connection)
        return signatures

    def _ask(self, word: str) -> None:
        self._say(word)
        received(self._connection)

    def _say(self, word: str) -> None:
        """Whether anybody hears it shows when the answer is waited for."""
        with contextlib.suppress(OSError):
            self._connection.send((word,))


def _work(shared: pipeline.SharedSpec, target: OutputTarget, ours: Connection) -> None:
    """The life of a process: provinces until the decision, then the decision."""
    staged = StagedProvinces(target)
    try:
        while isinstance(message := ours.recv(), str):
            ours.send(staged.stage(compile_tree(shared, message, rendered=target.rendered)))
        # From here on trees change: the starter, which is interrupted as well, says what becomes of them.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _obey(staged, ours, message)
    finally:
        staged.close()


def _obey(staged: StagedProvinces, ours: Connection, message: tuple[str]) -> None:
    """Put trees in place, then keep them or take them back; back as well where nobody is left to say what."""
    assert message == ("put",)
    try:
        staged.put()
    except Exception as error:
        send_error(ours, error)
        return
    try:
        ours.send(None)
        (word,) = ours.recv()
    # The starter is gone without a word. Nobody can say that the others succeeded, so the old
    # trees come back.
    except (EOFError, OSError):
        staged.back()
        return
    if word == "back":
        staged.back()
        ours.send(None)
        return
    staged.keep()
    ours.send(staged.kept())
