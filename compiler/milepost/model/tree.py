"""What emit gives: path to bytes. A path has one writer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

INDEX = "milepost.json"
"""The file of a province's tree that says what the tree is and lists the files that Milepost owns in it."""


class TwoWritersError(RuntimeError):
    """Two parts of the compiler wrote one path: a bug in Milepost."""


class Tree:
    """A province's rendered files; paths are relative to the province's folder, with forward slashes."""

    def __init__(self, province: str) -> None:
        self.province = province
        self._files: dict[str, bytes] = {}

    def add(self, path: str, data: bytes) -> None:
        if path in self._files:
            raise TwoWritersError(path)
        self._files[path] = data

    def update(self, files: Iterable[tuple[str, bytes]]) -> None:
        for path, data in files:
            self.add(path, data)

    def __getitem__(self, path: str) -> bytes:
        return self._files[path]

    def __contains__(self, path: str) -> bool:
        return path in self._files

    def __len__(self) -> int:
        return len(self._files)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._files))

    def items(self) -> Iterator[tuple[str, bytes]]:
        """In order of path."""
        for path in self:
            yield path, self._files[path]
