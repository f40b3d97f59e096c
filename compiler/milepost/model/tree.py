"""The rendered tree: path to bytes. A path has one writer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, KeysView, Mapping

INDEX = "milepost.json"
"""The file of a province's tree that says what the tree is and lists the files that Milepost owns in it."""


class TwoWritersError(RuntimeError):
    """Two parts of the compiler wrote one path: a bug in Milepost."""


File = bytes | Callable[[], bytes]
"""The bytes of a file, or how they are made."""


class Tree(Mapping[str, bytes]):
    """A province's rendered files; paths are relative to the province's folder, with forward slashes.

    In order of path. Bytes are made when they are asked for and not kept: a large province has more of them than a
    processor's cache holds, and whoever writes them needs one file at a time.
    """

    def __init__(self, province: str) -> None:
        self.province = province
        self._files: dict[str, File] = {}

    def add(self, path: str, file: File) -> None:
        if path in self._files:
            # Refused at once: the later one would win silently, and which one is later depends
            # on the order of back ends.
            raise TwoWritersError(path)
        self._files[path] = file

    def update(self, files: Iterable[tuple[str, File]]) -> None:
        for path, file in files:
            self.add(path, file)

    def __getitem__(self, path: str) -> bytes:
        file = self._files[path]
        # Made on demand: a province of hundreds of MB is written file by file.
        return file if isinstance(file, bytes) else file()

    def __contains__(self, path: object) -> bool:
        return path in self._files

    def __len__(self) -> int:
        return len(self._files)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._files))

    def keys(self) -> KeysView[str]:
        return dict.fromkeys(self).keys()
