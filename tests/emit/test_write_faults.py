"""Killed at any moment, disk full, read-only: each province's tree is wholly the old one or wholly the new one."""

from __future__ import annotations

import errno
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from killing import in_child, killed_at
from milepost.emit import atomic_swap
from milepost.emit.tree_writer import write
from milepost.model.tree import INDEX, Tree
from milepost.staging import clean

pytestmark = pytest.mark.slow

FOREIGN = "by hand\n"


def tree(version: int, files: int = 12, size: int = 300) -> Tree:
    """A tree whose every file but one says which version it is of; some files come and go."""
    names = [f"groups/g{n % 3}/s{n}.yaml" for n in range(files - version % 2)] + [
        f"only-{version}.yaml",
        "same.yaml",
    ]
    made = Tree("hunan")
    made.update((name, (b"same\n" if name == "same.yaml" else b"%d\n" % version) * size) for name in names)
    listed = ", ".join(f'"{name}"' for name in sorted([*names, INDEX]))
    made.add(INDEX, f'{{"files": [{listed}]}}'.encode())
    return made


def state(output: Path) -> dict[str, bytes]:
    """The province's files but for the foreign one."""
    home = output / "hunan"
    files = {
        path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file()
    }
    files.pop("groups/g0/NOTES", None)
    return files


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


@pytest.fixture
def output(tmp_path: Path) -> Path:
    write(tree(1), tmp_path)
    (tmp_path / "hunan/groups/g0/NOTES").write_text(FOREIGN)
    return tmp_path


def check_killed_at_every_step(output: Path, gone_is_fine: bool) -> None:
    old, new = dict(tree(1).items()), dict(tree(2).items())
    for step in range(1, 2000):
        result = killed_at(step, lambda: write(tree(2), output) and None)
        assert result in (0, -signal.SIGKILL)
        if gone_is_fine:
            clean(output)
        assert state(output) in (old, new), f"a mixture after a kill at step {step}"
        assert (output / "hunan/groups/g0/NOTES").read_text() == FOREIGN
        write(tree(1), output)
        assert names(output) == ["hunan"], "leftovers of a killed run are removed by the next one"
        if result == 0:
            assert step > 40
            return
    raise AssertionError("the write never came to its end")


def test_killed_at_every_step_the_tree_is_whole(output: Path) -> None:
    """Kill the process at its first call into the system, its second, its third ...: old or new, never a mixture."""
    check_killed_at_every_step(output, gone_is_fine=False)


def test_killed_at_every_step_without_an_atomic_exchange(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the kernel cannot exchange, the next run puts the old tree back if the kill came between two renames."""
    monkeypatch.setattr(atomic_swap, "_exchange", lambda one, other: False)
    check_killed_at_every_step(output, gone_is_fine=True)


def test_killed_at_random_moments_the_tree_is_whole(output: Path) -> None:
    """A process that writes without pause is killed again and again, at moments that nobody chose."""
    trees = [dict(tree(version, 40).items()) for version in (1, 2)]
    write(tree(1, 40), output)
    chance = random.Random(7)
    for _ in range(60):
        child = os.fork()
        if child == 0:
            while True:
                for version in (2, 1):
                    write(tree(version, 40), output)
        time.sleep(chance.uniform(0.001, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert state(output) in trees
        assert (output / "hunan/groups/g0/NOTES").read_text() == FOREIGN
    write(tree(1), output)
    assert names(output) == ["hunan"]


def test_readers_never_see_a_mixture(output: Path) -> None:
    """Whoever reads the folder while it is swapped sees one tree: an open folder stays the one that was opened."""
    child = os.fork()
    if child == 0:
        while True:
            for version in (2, 1):
                write(tree(version), output)
    try:
        for _ in range(200):
            with os.scandir(output / "hunan") as entries:
                assert len([entry for entry in entries if entry.name.startswith("only-")]) <= 1
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 256 KiB, or a folder and a limit on file sizes where this user may not mount."""
    with tempfile.TemporaryDirectory() as directory:
        mounted = (
            os.geteuid() == 0
            and not subprocess.run(
                ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", directory],
                check=False,
                capture_output=True,
            ).returncode
        )
        yield Path(directory)
        if mounted:
            subprocess.run(["umount", directory], check=True)


def test_a_full_disk_leaves_the_old_tree(small_disk: Path) -> None:
    """The error says that the disk is full, the old tree stands, and nothing half-made stays behind."""

    def overflow() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        write(tree(2, 2, 110_000), small_disk)

    write(tree(1), small_disk)
    assert in_child(overflow) in (errno.ENOSPC, errno.EFBIG)
    assert state(small_disk) == dict(tree(1).items())
    assert names(small_disk) == ["hunan"]


@pytest.mark.parametrize("call", ["os.mkdir", "open", "os.link"])
def test_where_no_inode_is_left_the_old_tree_stands(output: Path, call: str) -> None:
    """At the first file or folder that the system refuses to make, the second, the third ..."""

    def refused_at(number: int) -> None:
        left = number

        def refuse(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            making = event == call and (event != "open" or bool(int(str(arguments[2])) & os.O_CREAT))
            left -= making
            if making and left == 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        sys.addaudithook(refuse)
        write(tree(2), output)

    # The first folder is the output, which is there already; a link that cannot be made is a copy.
    for number in range(2 if call == "os.mkdir" else 1, 100):
        result = in_child(partial(refused_at, number))
        if result == 0:
            assert number > 2 or call == "os.link"
            assert state(output) == dict(tree(2).items())
            return
        assert result == errno.ENOSPC
        assert state(output) == dict(tree(1).items())
        assert names(output) == ["hunan"]


def test_a_read_only_output_is_an_error_and_no_change(output: Path) -> None:
    """Without the right to write, the error is PermissionError and the old tree stands."""

    def as_somebody_else() -> None:
        os.chdir(output)
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        write(tree(2), Path())

    output.chmod(0o555)
    assert in_child(as_somebody_else) == errno.EACCES
    output.chmod(0o755)
    assert state(output) == dict(tree(1).items())
    assert names(output) == ["hunan"]
