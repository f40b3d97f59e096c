"""Tree sources: one of the two trees that are compared; paths with identities first, bytes only of what differs."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol, Self

REGULAR = "100644"


class TreeEntry(str):
    """An entry of a Git tree, as Git lists it (``100644 blob 3b18e5…``): one text, because most entries are never taken apart."""

    __slots__ = ()

    @classmethod
    def of(cls, mode: str, id: str) -> Self:
        return cls(f"{mode} blob {id}")

    @property
    def mode(self) -> str:
        return self.partition(" ")[0]

    @property
    def id(self) -> str:
        """The hexadecimal id of its blob."""
        return self.rpartition(" ")[2]


class TreeSource(Protocol):
    """A tree source.

    ``label`` is what a person typed; ``entries`` are by path below the rendered folder, in order.
    """

    @property
    def label(self) -> str: ...

    @property
    def entries(self) -> Mapping[str, TreeEntry]: ...

    def read(self, paths: Iterable[str]) -> Iterator[bytes]:
        """The bytes of each path, in the order asked for. Raises KeyError for a path that is not there."""
        ...


@dataclass(frozen=True)
class EmptyTree:
    """A side without files: everything is new."""

    label: str = "nothing"
    entries: Mapping[str, TreeEntry] = field(default_factory=dict)

    def read(self, paths: Iterable[str]) -> Iterator[bytes]:
        for path in paths:
            raise KeyError(path)
        return iter(())


@dataclass(frozen=True)
class FolderTree:
    """A tree source on disk: a rendered folder. ``algorithm`` is the hash that the other side's repository names blobs with."""

    root: Path
    label: str
    algorithm: str = "sha1"

    @cached_property
    def entries(self) -> Mapping[str, TreeEntry]:
        found = {}
        for path in sorted(_walk(self.root)):
            mode, data = _load(f"{self.root}/{path}")
            found[path] = TreeEntry.of(mode, blob_id(data, self.algorithm))
        return found

    def read(self, paths: Iterable[str]) -> Iterator[bytes]:
        for path in paths:
            if path not in self.entries:
                raise KeyError(path)
            yield _load(f"{self.root}/{path}")[1]


def standing(side: TreeSource, paths: Iterable[str]) -> dict[str, bytes]:
    """The bytes of those of the paths that are there, asked for at once."""
    found = [path for path in paths if path in side.entries]
    return dict(zip(found, side.read(found), strict=True))


def blob_id(data: bytes, algorithm: str = "sha1") -> str:
    """What Git calls a file of these bytes."""
    make = hashlib.sha1 if algorithm == "sha1" else hashlib.sha256
    # Machines in FIPS mode refuse SHA-1 otherwise; here it names blobs and protects nothing.
    digest = make(b"blob %d\0" % len(data), usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()


def _walk(root: Path) -> Iterator[str]:
    """Files and links; leftovers of a compile that was killed (``.milepost-…``) are not part of a tree."""
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        with os.scandir(root / prefix) as entries:
            for entry in entries:
                if entry.name.startswith(".milepost-") or entry.name == ".git":
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{prefix}{entry.name}/")
                elif entry.is_symlink() or entry.is_file(follow_symlinks=False):
                    yield prefix + entry.name


def _load(path: str) -> tuple[str, bytes]:
    """Mode and bytes; of a link, what it points to, as Git has it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        if not Path(path).is_symlink():
            raise
        # A link is content to Git. To follow it could read any file of the machine into a
        # review.
        return "120000", os.fsencode(Path(path).readlink())
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        executable = os.fstat(descriptor).st_mode & stat.S_IXUSR
        return "100755" if executable else REGULAR, _as_committed(file.readall())


def _as_committed(data: bytes) -> bytes:
    """With the line ends that Milepost writes: a clone with `core.autocrlf` has others, and Git takes them back."""
    return data.replace(b"\r\n", b"\n") if b"\r\n" in data else data
