"""Every command that writes, at each system call by which it changes a disk or a remote: killed there, or refused from there on."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from random import Random

from faults.figures import Figures
from registry.isolation import loopback_only
from tracing import Fault, Traced, traced
from writing import NEEDS, WRITES, Scene

NAME = "commands"
COUNT, QUICK = 1_200, 12
_AT_ONCE = 3
"""Commands that are tried beside each other: each waits much."""
_ERRORS = {
    Fault.FULL: os.strerror(errno.ENOSPC),
    Fault.NO_INODES: os.strerror(errno.ENOSPC),
    Fault.READ_ONLY: os.strerror(errno.EROFS),
}


def run(count: int, seed: int) -> Figures:
    """``count`` faults, at calls that are spread over all commands."""
    figures = Figures(
        f"Each of {len(WRITES)} commands that write is run under ptrace: at a system call of it, or of a program that it "
        "started, that changes a disk or a remote, all of it is killed; or from there on the disk is full, has no inodes "
        "left, or is read-only.",
        "What people and clusters see is as before the command or as after it, whole; of a change of several files that was "
        "killed half way, or met a disk that became read-only, word stands, by which the next command takes it back. A "
        "command that was refused says why, in words, and exits 2 unless it could do without. Given again, it does its "
        "work and leaves nothing behind.",
    )
    random = Random(seed)
    names = [name for name in WRITES if name not in NEEDS or shutil.which(NEEDS[name])]
    # Each scene costs some seconds: a few faults are tried on a few commands.
    names = sorted(random.sample(names, min(len(names), max(1, count // 2))))
    with loopback_only(), ProcessPoolExecutor(_AT_ONCE, mp_context=get_context("fork")) as pool:
        changes = dict(zip(names, pool.map(_changes, names), strict=True))
        # Kills at every call first, as far as there are so many.
        shares = ((count - count * 2 // 5, (Fault.KILL,)), (count * 2 // 5, tuple(_ERRORS)))
        chosen = [
            one for share, faults in shares for one in islice(_in_turns(changes, faults, random), share)
        ]
        by_name = [(name, [fault for of, fault in chosen if of == name]) for name in names]
        for tried in pool.map(_tried, by_name):
            figures.tried += tried.tried
            figures.kinds += tried.kinds
            figures.wrong += tried.wrong
    return figures


Chosen = tuple[Fault, int]
"""What happens, and from which change on."""


def _in_turns(
    changes: Mapping[str, int], faults: Sequence[Fault], random: Random
) -> Iterator[tuple[str, Chosen]]:
    """One fault of each command, another one of each ...; from the beginning where there are no more: no run is quite
    like the other.
    """
    while True:
        left = {
            name: [(fault, step) for fault in faults for step in range(1, number + 1)]
            for name, number in changes.items()
        }
        for steps in left.values():
            random.shuffle(steps)
        while any(left.values()):
            yield from [(name, steps.pop()) for name, steps in left.items() if steps]


def _changes(name: str) -> int:
    """How often the command changes something."""
    with tempfile.TemporaryDirectory() as scratch, WRITES[name](Path(scratch)) as scene:
        scene.prepare()
        return len(traced(scene.command, scene.folder, scene.variables).changes)


def _tried(work: tuple[str, list[Chosen]]) -> Figures:
    name, chosen = work
    figures = Figures("", "")
    if not chosen:
        return figures
    with tempfile.TemporaryDirectory() as scratch, WRITES[name](Path(scratch)) as scene:
        scene.prepare()
        old = scene.state()
        whole = traced(scene.command, scene.folder, scene.variables)
        new = scene.state()
        assert whole.code == 0 and old != new and not scene.leftovers(), (name, whole.said)
        for fault, step in chosen:
            _try(name, scene, (old, new), fault, step, figures)
    return figures


def _try(
    name: str, scene: Scene, states: tuple[object, object], fault: Fault, step: int, figures: Figures
) -> None:
    old, new = states
    scene.prepare()
    done = traced(scene.command, scene.folder, scene.variables, fault, step)
    what = f"{name}: {fault.value} at change {step} ({_at(done, step)})"
    found = scene.state()
    half = "half, and said so" if scene.pending else "half"
    seen = "new" if found == new else "old" if found == old else half
    if wrong := _judge(done, fault, seen):
        figures.fail(f"{what}: {wrong}: {done.said[-300:]}")
        return
    scene.leftovers()
    again = subprocess.run(
        scene.command, cwd=scene.folder, env=scene.variables, capture_output=True, text=True, timeout=120
    )
    # Where the work was done: `init` refuses a folder that holds a fleet, and `release advance` goes
    # one step further.
    if (scene.state() != new and found != new) or scene.leftovers():
        figures.fail(f"{what}: the next one: {again.stderr[-300:]} {scene.leftovers()}")
        return
    figures.add(f"{fault.value}: {seen}")


def _at(done: Traced, step: int) -> str:
    return " ".join(done.changes[step - 1]) if step <= len(done.changes) else "nowhere"


def _judge(done: Traced, fault: Fault, seen: str) -> str:
    """What is wrong; nothing if nothing is."""
    if "Traceback" in done.said or "bug in Milepost" in done.said:
        return "a traceback"
    # Word of what is half done is left by a kill, and where not even that can be taken back.
    if seen.startswith("half") and (seen == "half" or fault not in (Fault.KILL, Fault.READ_ONLY)):
        return "neither as before nor as after it"
    if fault is Fault.KILL:
        return ""
    if done.code == 0:
        return "" if seen == "new" else "it says that it did its work"
    if done.code != 2:
        return f"exit code {done.code}"
    # Git says of some files only that it could not write them.
    return "" if _ERRORS[fault] in done.said or "failed to write" in done.said else "it does not say why"
