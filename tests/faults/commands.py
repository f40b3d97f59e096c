"""Every command that writes, at each system call by which it changes a disk or a remote: killed there, or refused from there on."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from random import Random

from faults.figures import Figures
from registry.isolation import loopback_only
from tracing import Fault, Traced, traced
from writing import NEEDS, WRITES, Scene

NAME = "commands"
COUNT, QUICK = 1_200, 20
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
    with tempfile.TemporaryDirectory() as scratch, loopback_only(), ExitStack() as stack:
        names = [name for name in WRITES if name not in NEEDS or shutil.which(NEEDS[name])]
        scenes = {name: stack.enter_context(WRITES[name](_made(Path(scratch, name)))) for name in names}
        tried = {name: _Tried(name, scene, Random(f"{seed} {name}")) for name, scene in scenes.items()}
        # Kills at every call first, as far as there are so many.
        for share, faults in ((count - count * 2 // 5, (Fault.KILL,)), (count * 2 // 5, tuple(_ERRORS))):
            for name, (fault, step) in islice(_in_turns(list(tried.values()), faults), share):
                _try(tried[name], fault, step, figures)
    return figures


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


class _Tried:
    """A command, what is seen before and after it, and the number of its changes."""

    def __init__(self, name: str, scene: Scene, random: Random) -> None:
        self.name, self.scene, self._random = name, scene, random
        scene.prepare()
        self.old = scene.state()
        whole = traced(scene.command, scene.folder, scene.variables)
        self.new, self.changes = scene.state(), len(whole.changes)
        assert whole.code == 0 and self.old != self.new and not scene.leftovers(), (name, whole.said)

    def steps(self, faults: Sequence[Fault]) -> list[tuple[Fault, int]]:
        every = [(fault, step) for fault in faults for step in range(1, self.changes + 1)]
        self._random.shuffle(every)
        return every


def _in_turns(tried: Sequence[_Tried], faults: Sequence[Fault]) -> Iterator[tuple[str, tuple[Fault, int]]]:
    """One fault of each command, another one of each ...; from the beginning where there are no more: no run is quite
    like the other.
    """
    while True:
        left = {each.name: each.steps(faults) for each in tried}
        while any(left.values()):
            yield from ((name, steps.pop()) for name, steps in left.items() if steps)


def _try(tried: _Tried, fault: Fault, step: int, figures: Figures) -> None:
    scene, new = tried.scene, tried.new
    scene.prepare()
    done = traced(scene.command, scene.folder, scene.variables, fault, step)
    what = f"{tried.name}: {fault.value} at change {step} ({_at(done, step)})"
    found = scene.state()
    seen = (
        "new"
        if found == new
        else "old"
        if found == tried.old
        else "half, and said so"
        if scene.pending
        else "half"
    )
    if wrong := _judge(done, fault, seen):
        figures.fail(f"{what}: {wrong}: {done.said[-300:]}")
        return
    scene.leftovers()
    again = subprocess.run(
        scene.command, cwd=scene.folder, env=scene.variables, capture_output=True, text=True, timeout=120
    )
    # `init` refuses a folder that holds a fleet, and `release advance` goes one step further.
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
    return "" if _ERRORS[fault] in done.said else "it does not say why"
