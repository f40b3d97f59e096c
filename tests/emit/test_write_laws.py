"""Any tree over any folder: what is Milepost's becomes the tree, what is not stays, or nothing happens at all."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.emit.tree_writer import ForeignFileError, difference, write
from milepost.model.tree import INDEX, Tree

pytestmark = pytest.mark.slow

PATHS = ["a", "b", "d/a", "d/b", "d/e/a", "d/e", "f/a"]
contents = st.sampled_from(["1\n", "2\n", ""])
files = st.dictionaries(st.sampled_from(PATHS), contents, max_size=5).map(
    lambda found: without_clashes(found)
)


def without_clashes(found: dict[str, str]) -> dict[str, str]:
    """No path that is also a folder of another."""
    return {path: text for path, text in found.items() if not any(p.startswith(f"{path}/") for p in found)}


def tree(found: dict[str, str]) -> Tree:
    made = Tree("hunan")
    made.update((path, text.encode()) for path, text in found.items())
    made.add(INDEX, json.dumps({"files": sorted([*found, INDEX])}).encode())
    return made


def on_disk(directory: Path) -> dict[str, str]:
    found = (path for path in directory.rglob("*") if path.is_file() and path.name != INDEX)
    return {path.relative_to(directory).as_posix(): path.read_text() for path in found}


def put(directory: Path, found: dict[str, str]) -> None:
    """Writes files as somebody else would, where nothing is in the way."""
    for path, text in found.items():
        target = directory / path
        if not target.exists() and all(not parent.is_file() for parent in target.parents):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)


@settings(max_examples=300, deadline=None)
@given(old=files, foreign=files, new=files)
def test_the_folder_becomes_the_tree_and_keeps_what_is_not_milepost_s(
    old: dict[str, str], foreign: dict[str, str], new: dict[str, str]
) -> None:
    """After a write the folder is the tree and the foreign files; a refused one changed nothing; both are then clean."""
    with tempfile.TemporaryDirectory() as directory:
        output = Path(directory)
        write(tree(old), output)
        put(output / "hunan", foreign)
        before = on_disk(output / "hunan")
        others = {path: text for path, text in before.items() if path not in old}
        try:
            write(tree(new), output)
        except ForeignFileError:
            assert on_disk(output / "hunan") == before
            assert in_the_way(new, others)
        else:
            assert on_disk(output / "hunan") == others | new
            assert difference(tree(new), output) == []
            assert not in_the_way(new, others)
        assert [path.name for path in output.iterdir()] == ["hunan"]


def in_the_way(new: dict[str, str], others: dict[str, str]) -> bool:
    """Whether a foreign file would have to go."""
    return any(
        (wanted == path and new[wanted] != others[path])
        or wanted.startswith(f"{path}/")
        or path.startswith(f"{wanted}/")
        for wanted in new
        for path in others
    )
