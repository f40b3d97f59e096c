"""Every command that writes, killed before each change that it makes: what stands is the old or the new, and the next
command goes on as if nothing had happened.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from cli.test_commands import milepost
from fleets import EXAMPLE
from killing import in_child, killed_everywhere
from milepost import driver, pipeline
from milepost.cli.commands.owners import command as owners
from milepost.diagnostics import Sink
from milepost.driver import release_step
from milepost.generate import generate
from milepost.model import release_steps
from milepost.registry import write_lock
from milepost.scaffold import write_small_fleet
from milepost.staging import clean, locked, replace_together

pytestmark = pytest.mark.slow

Files = dict[str, bytes]


def files(folder: Path) -> Files:
    """Every file but those in staging folders."""
    found = (
        p for p in folder.rglob("*") if p.is_file() and not any(s.startswith(".milepost-") for s in p.parts)
    )
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


def leftovers(folder: Path) -> list[Path]:
    return [p for p in folder.rglob(".milepost-*") if p.parent.name != p.name]


@pytest.fixture(scope="module")
def through(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with its release at the end."""
    spec = Path(shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("through") / "fleet-spec"))
    for _ in range(3):
        assert not release_step.step(spec, None, lambda r: release_steps.advance(r, together=False)).failed
    return spec


def advance(spec: Path) -> None:
    release_step.step(spec, None, lambda r: release_steps.advance(r, together=False))


def roll_back(spec: Path) -> None:
    release_step.step(spec, None, lambda r: release_steps.rollback(r, everything=False))


def finish(spec: Path) -> None:
    release_step.finish(spec, None)


def write_owners(spec: Path) -> None:
    owners.main([str(spec), "-o", str(spec / "CODEOWNERS"), "--organization", "toll"], standalone_mode=False)


def lock_images(spec: Path) -> None:
    shared = pipeline.read(spec, Sink())
    assert shared is not None and shared.spec.lock is not None
    shared.spec.lock.images.pop(min(shared.spec.lock.images))
    write_lock(spec, shared.spec.lock)


COMMANDS: tuple[Callable[[Path], None], ...] = (advance, roll_back, finish, write_owners, lock_images)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_edits_a_spec_leaves_it_old_or_new(
    through: Path, tmp_path: Path, command: Callable[[Path], None]
) -> None:
    """Also ``release_step finish``, which changes two files: whoever reads half of that is told, and the next command ends it."""
    begin = EXAMPLE if command is advance else through
    spec = tmp_path / "fleet-spec"

    def prepare() -> None:
        shutil.rmtree(spec, ignore_errors=True)
        shutil.copytree(begin, spec)

    prepare()
    old = files(spec)
    command(spec)
    new = files(spec)
    assert old != new and not leftovers(spec)
    kills = 0
    for step in killed_everywhere(prepare, lambda: command(spec)):
        kills += 1
        sink = Sink()
        readable = pipeline.read(spec, sink) is not None
        assert files(spec) in (old, new) if readable else [d.code.id for d in sink] == ["MP1031"], step
        release_step.take_back(spec)
        assert files(spec) in (old, new), f"killed at step {step}"
        if files(spec) == old:
            command(spec)
        with locked(spec):
            clean(spec)
        assert files(spec) == new and not leftovers(spec), f"killed at step {step}"
    assert kills > 5


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize(
    "make", [write_small_fleet, lambda target: generate(target, provinces=1, nodes=30, seed=1)]
)
def test_a_new_fleet_is_whole_or_not_there(
    tmp_path: Path, make: Callable[[Path], object], there: bool
) -> None:
    """And the same command can be given again."""
    target = tmp_path / "fleet-spec"

    def prepare() -> None:
        shutil.rmtree(target, ignore_errors=True)
        if there:
            target.mkdir()

    prepare()
    make(target)
    whole = files(target)
    steps_taken = 0
    for step in killed_everywhere(prepare, lambda: make(target)):
        steps_taken += 1
        if steps_taken % 7 and steps_taken > 20:
            continue
        if target.exists():
            with locked(target):
                clean(target)
        assert files(target) in ({}, whole), f"killed at step {step}"
        if files(target) != whole:
            make(target)
        assert files(target) == whole and not leftovers(target)


def test_a_compile_that_is_killed_leaves_true_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each change, those of the cache among them: the next compile leaves what a cold one does."""
    monkeypatch.setenv("MILEPOST_CACHE_DIR", str(tmp_path / "cache"))
    specs = [tmp_path / "a", tmp_path / "b"]
    for spec in specs:
        write_small_fleet(spec)
    (specs[1] / "fleet.yaml").write_text((specs[1] / "fleet.yaml").read_text() + "# another\n")
    output = tmp_path / "rendered"

    def compiled(spec: Path, folder: Path, *, cached: bool = True) -> driver.RunResult:
        return driver.run(driver.RunRequest(spec, folder, jobs=1, cached=cached))

    compiled(specs[0], tmp_path / "cold", cached=False)
    cold = files(tmp_path / "cold")

    def prepare() -> None:
        for folder in (output, tmp_path / "cache"):
            shutil.rmtree(folder, ignore_errors=True)
        compiled(specs[1], output)
        victim = next(p for p in sorted(output.rglob("*.yaml")))
        victim.write_text("edited: by hand\n")

    for step in killed_everywhere(prepare, lambda: compiled(specs[0], output)):
        assert compiled(specs[0], output).verdict is driver.RunVerdict.FINE
        assert files(output) == cold, f"killed at step {step}"
        assert not leftovers(output)


def test_word_of_a_change_cannot_lead_out_of_its_folder(tmp_path: Path) -> None:
    """A staging folder may have come with a checkout."""
    outside = tmp_path / "outside.txt"
    outside.write_text("mine\n")
    spec = tmp_path / "spec"
    place = spec / ".milepost-0123abcd"
    place.mkdir(parents=True)
    (place / "0.old").write_text("theirs\n")
    for path in ("../outside.txt", str(outside)):
        digest = hashlib.sha256(outside.read_bytes()).hexdigest()
        (place / "undo.json").write_text(json.dumps([{"path": path, "old": "0.old", "new": digest}]))
        with locked(spec):
            clean(spec)
        assert outside.read_text() == "mine\n"
        place.mkdir(exist_ok=True)


def test_a_file_that_somebody_edited_since_is_not_taken_back(tmp_path: Path) -> None:
    spec = tmp_path / "spec"
    spec.mkdir()
    (spec / "a").write_text("old a\n")
    (spec / "b").write_text("old b\n")

    def prepare() -> None:
        for name in "ab":
            (spec / name).write_text(f"old {name}\n")

    def change() -> None:
        with locked(spec):
            clean(spec)
            replace_together(spec, {"a": b"new a\n", "b": b"new b\n"})

    for _ in killed_everywhere(prepare, change):
        half = (spec / "a").read_text() == "new a\n" and (spec / "b").read_text() == "old b\n"
        if half:
            (spec / "a").write_text("by hand\n")
        with locked(spec):
            clean(spec)
        if half:
            assert (spec / "a").read_text() == "by hand\n"
            return
    raise AssertionError("never half done")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("call", ["mkdir", "rename", "open"])
def test_a_command_that_is_refused_by_the_system_changes_nothing(
    through: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Callable[[Path], None], call: str
) -> None:
    """A full disk, no inodes left, a file system that became read-only: at the first, the second ... such call."""
    begin = EXAMPLE if command is advance else through
    for refused in range(1, 12):
        spec = tmp_path / f"spec-{refused}"
        shutil.copytree(begin, spec)
        old = files(spec)
        result = in_child(partial(refused_at, command, spec, call, refused))
        if result == 0:
            return
        assert result == errno.ENOSPC
        assert files(spec) == old, f"{call} was refused at time {refused}"
        assert not leftovers(spec)


def refused_at(command: Callable[[Path], None], spec: Path, call: str, number: int) -> None:
    """The command, for which the system refuses the ``number``-th such call that would write below ``spec``."""
    left = number

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        wanted = {"mkdir": "os.mkdir", "rename": "os.rename", "open": "open"}[call]
        if event != wanted or str(spec) not in str(arguments[0]):
            return
        flags = arguments[2]
        if call == "open" and not (isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)):
            return
        left -= 1
        if left == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    sys.addaudithook(hook)
    command(spec)


def test_a_new_fleet_in_the_folder_where_somebody_stands(tmp_path: Path) -> None:
    """``milepost init .`` fills the very folder: a shell that stands in it goes on."""
    (tmp_path / "here").mkdir()
    inode = (tmp_path / "here").stat().st_ino
    done = milepost("init", ".", cwd=tmp_path / "here")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "here").stat().st_ino == inode and (tmp_path / "here" / "fleet.yaml").is_file()
