"""A pytest plugin that holds the suite against mutants: whether some test notices each of them.

The tests are collected once. A first child runs them all under coverage, which says what lines each goes through and how
long it takes. Then, for every mutant, a child is forked that gets the changed code and runs the tests that go through
its line, quickest first, until one fails. A fork costs milliseconds, so thousands of mutants are feasible; programs that
tests start would not see the change, so tests that start any are left out (``-m "not slow"``).
"""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType

import coverage
import pytest
from _pytest.runner import runtestprotocol

from mutants.operators import Mutant, code, mutants

PACKAGE = Path(__file__).parents[2] / "compiler" / "milepost"
KILLED, SURVIVED, TOO_LONG = "killed", "survived", "too long"


@dataclass(frozen=True)
class Wish:
    """``folders`` of the package; ``sample`` mutants of them (all where it is 0), chosen by ``seed``."""

    folders: tuple[str, ...]
    sample: int = 0
    seed: int = 1
    jobs: int = 2


@dataclass
class Reach:
    """Which tests go through a line of a file, quickest first, and how long each takes."""

    seconds: dict[str, float] = field(default_factory=dict)
    tests: dict[str, dict[int, list[str]]] = field(default_factory=dict)

    def of(self, mutant: Mutant) -> list[str]:
        return sorted(self.tests.get(str(mutant.path), {}).get(mutant.line, ()), key=self.seconds.__getitem__)


class Mutants:
    """Takes the place of the loop that runs tests. ``results`` holds what became of each mutant that a test reaches."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.results: dict[Mutant, str] = {}
        self.unreached: list[Mutant] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        reach = _in_child(lambda: _reach(items.values()))
        assert reach is not None, "the suite does not run"
        wanted = list(self._wanted(Reach(reach["seconds"], _by_line(reach["lines"]))))
        for mutant, verdict in _each(wanted, items, self.wish.jobs):
            self.results[mutant] = verdict
            print(f"{len(self.results)}/{len(wanted)} {verdict}: {mutant}", file=sys.stderr, flush=True)
        return True

    def _wanted(self, reach: Reach) -> Iterator[tuple[Mutant, list[str], float]]:
        found = [m for folder in self.wish.folders for p in _modules(folder) for m in mutants(p)]
        if self.wish.sample:
            found = random.Random(self.wish.seed).sample(found, min(self.wish.sample, len(found)))
        for mutant in found:
            if tests := reach.of(mutant):
                yield mutant, tests, sum(reach.seconds[test] for test in tests)
            else:
                self.unreached.append(mutant)


def _modules(folder: str) -> list[Path]:
    path = PACKAGE / folder
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def _reach(items: Iterable[pytest.Item]) -> dict[str, object]:
    """Every line that each test goes through, and the seconds it takes; tests that fail are left out."""
    measured = coverage.Coverage(source=["milepost"], data_file=None, config_file=False)
    measured.start()
    seconds = {}
    for item in items:
        measured.switch_context(item.nodeid)
        start = time.perf_counter()
        if _passes(item):
            seconds[item.nodeid] = time.perf_counter() - start
    measured.stop()
    data = measured.get_data()
    lines = {file: data.contexts_by_lineno(file) for file in data.measured_files()}
    kept = {
        file: {line: [t for t in tests if t in seconds] for line, tests in by_line.items()}
        for file, by_line in lines.items()
    }
    return {"seconds": seconds, "lines": kept}


def _by_line(lines: dict[str, dict[str, list[str]]]) -> dict[str, dict[int, list[str]]]:
    """JSON has no numbers for keys."""
    return {file: {int(n): tests for n, tests in by_line.items()} for file, by_line in lines.items()}


def _passes(item: pytest.Item) -> bool:
    return all(not report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def _each(
    wanted: Sequence[tuple[Mutant, list[str], float]], items: dict[str, pytest.Item], jobs: int
) -> Iterator[tuple[Mutant, str]]:
    """What becomes of each mutant, ``jobs`` of them at a time; in the order in which that is known."""
    waiting, running = list(reversed(wanted)), dict[int, tuple[Mutant, float]]()
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant, tests, seconds = waiting.pop()
            # Twice for the load of the machine, and some more: an endless loop shows in any case.
            running[_start(mutant, [items[test] for test in tests])] = (
                mutant,
                time.monotonic() + 10 + 10 * seconds,
            )
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid in running:
            yield running.pop(pid)[0], SURVIVED if status == 0 else KILLED
            continue
        for late in [pid for pid, (_, until) in running.items() if time.monotonic() > until]:
            os.kill(late, signal.SIGKILL)
            os.waitpid(late, 0)
            yield running.pop(late)[0], TOO_LONG
        time.sleep(0.005)


def _start(mutant: Mutant, items: Sequence[pytest.Item]) -> int:
    """The process in which the tests run against the mutant; it ends with 0 where all of them pass."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        _silence()
        put_in(mutant)
        status = 0 if all(_passes(item) for item in items) else 1
    finally:
        os._exit(status)


def put_in(mutant: Mutant) -> int:
    """Give every function that came of the mutant's the changed code; gives how many. Raises where there is none."""
    changed = code(mutant)
    meant = [
        f
        for f in gc.get_objects()
        if isinstance(f, FunctionType)
        and f.__code__.co_filename == str(mutant.path)
        and f.__code__.co_qualname == mutant.function
    ]
    for function in meant:
        function.__code__ = changed
    if not meant:
        raise LookupError(f"{mutant} is in no function that was imported")
    return len(meant)


def _silence() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)


def _in_child(make: object) -> dict[str, dict[str, object]] | None:
    """What ``make`` gives in a process of its own, where nothing stays behind; None where that fails."""
    reader, writer = os.pipe()
    if pid := os.fork():
        os.close(writer)
        with os.fdopen(reader) as pipe:
            text = pipe.read()
        os.waitpid(pid, 0)
        return json.loads(text) if text else None
    os.close(reader)
    try:
        with os.fdopen(writer, "w") as pipe:
            json.dump(make(), pipe)  # type: ignore[operator]
    finally:
        os._exit(0)
