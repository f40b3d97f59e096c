"""What reaches the disk: the tree, the whole tree, and nothing that is not Milepost's."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from threading import Thread

import pytest

from milepost.emit.tree_writer import ForeignFileError, WriteCounts, difference, owned, write
from milepost.model.tree import INDEX, Tree
from milepost.staging import locked, opened, staging

pytestmark = pytest.mark.slow


def tree(files: dict[str, str], province: str = "hunan") -> Tree:
    """A tree with its index, as lower would make it."""
    made = Tree(province)
    made.update((path, text.encode()) for path, text in files.items())
    made.add(INDEX, json.dumps({"files": sorted([*files, INDEX])}).encode())
    return made


def on_disk(directory: Path) -> dict[str, str]:
    """Every file below ``directory`` that is not the index."""
    files = (path for path in directory.rglob("*") if path.is_file() and path.name != INDEX)
    return {path.relative_to(directory).as_posix(): path.read_text() for path in files}


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_a_fresh_province_is_written(tmp_path: Path) -> None:
    """The folder holds exactly the files of the tree, and nothing else stands beside it."""
    files = {"sync/source.yaml": "a\n", "groups/g1/s1.yaml": "b\n", "groups/g2/s2.yaml": "c\n"}
    assert write(tree(files), tmp_path / "rendered") == WriteCounts(4, 0, 0)
    assert on_disk(tmp_path / "rendered" / "hunan") == files
    assert names(tmp_path / "rendered") == ["hunan"]


def test_nothing_is_touched_when_nothing_changed(tmp_path: Path) -> None:
    """A second write of the same tree leaves files, folders and their times alone."""
    made = tree({"a/b.yaml": "x\n"})
    write(made, tmp_path)
    before = [(path, path.stat()) for path in sorted(tmp_path.rglob("*"))]
    assert write(made, tmp_path) == WriteCounts(0, 2, 0)
    assert [(path, path.stat()) for path in sorted(tmp_path.rglob("*"))] == before


def test_unchanged_files_keep_their_times(tmp_path: Path) -> None:
    """A change writes what changed and takes everything else over as it is."""
    write(tree({"a.yaml": "1\n", "b.yaml": "1\n"}), tmp_path)
    before = (tmp_path / "hunan/a.yaml").stat()
    assert write(tree({"a.yaml": "1\n", "b.yaml": "2\n"}), tmp_path) == WriteCounts(1, 2, 0)
    after = (tmp_path / "hunan/a.yaml").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert (tmp_path / "hunan/b.yaml").read_text() == "2\n"


def test_what_is_no_longer_rendered_is_removed(tmp_path: Path) -> None:
    """An owned file that left the tree is gone, and so is the folder that held only it."""
    write(tree({"groups/g1/s1.yaml": "1\n", "groups/g2/s2.yaml": "2\n"}), tmp_path)
    assert write(tree({"groups/g2/s2.yaml": "2\n"}), tmp_path) == WriteCounts(1, 1, 1)
    assert not (tmp_path / "hunan/groups/g1").exists()


def test_a_file_may_become_a_folder_and_back(tmp_path: Path) -> None:
    """Paths that Milepost owns may change their nature from one compile to the next."""
    for files in ({"a": "1\n"}, {"a/b": "2\n"}, {"a": "3\n"}):
        write(tree(files), tmp_path)
        assert on_disk(tmp_path / "hunan") == files


def test_foreign_files_folders_and_links_stay(tmp_path: Path) -> None:
    """What Milepost does not own survives every change: bytes, times, modes, empty folders, dangling links."""
    write(tree({"groups/g1/s1.yaml": "1\n"}), tmp_path)
    home = tmp_path / "hunan"
    (home / "groups/g1/NOTES.md").write_text("by hand\n")
    (home / "local/empty").mkdir(parents=True)
    (home / "local").chmod(0o700)
    (home / "link").symlink_to("nowhere")
    os.mkfifo(home / "pipe")
    before = (home / "groups/g1/NOTES.md").stat().st_mtime_ns
    write(tree({"groups/g2/s2.yaml": "2\n"}), tmp_path)
    assert (home / "groups/g1/NOTES.md").stat().st_mtime_ns == before
    assert (home / "link").is_symlink() and (home / "pipe").is_fifo() and (home / "local/empty").is_dir()
    assert (home / "local").stat().st_mode & 0o777 == 0o700
    assert not (home / "groups/g1/s1.yaml").exists()


def test_a_hand_edited_file_is_written_again(tmp_path: Path) -> None:
    """An owned file belongs to Milepost, whoever changed it, and comes back when it was deleted."""
    made = tree({"a.yaml": "1\n", "b.yaml": "1\n"})
    write(made, tmp_path)
    (tmp_path / "hunan/a.yaml").write_text("edited\n")
    (tmp_path / "hunan/b.yaml").unlink()
    assert difference(made, tmp_path) == [("a.yaml", "changed"), ("b.yaml", "missing")]
    assert write(made, tmp_path) == WriteCounts(2, 1, 0)
    assert difference(made, tmp_path) == []


@pytest.mark.parametrize(
    ("path", "wanted"),
    [("a.yaml", "a.yaml"), ("a", "a/b.yaml"), ("a/b.yaml", "a")],
    ids=["the file itself", "a folder on the way", "a folder in its place"],
)
def test_a_foreign_file_in_the_way_is_refused(tmp_path: Path, path: str, wanted: str) -> None:
    """Nothing is written when a file that Milepost did not write would have to go."""
    write(tree({"own.yaml": "1\n"}), tmp_path)
    (tmp_path / "hunan" / path).parent.mkdir(exist_ok=True)
    (tmp_path / "hunan" / path).write_text("by hand\n")
    before = on_disk(tmp_path / "hunan")
    with pytest.raises(ForeignFileError) as caught:
        write(tree({"own.yaml": "2\n", wanted: "3\n"}), tmp_path)
    assert caught.value.paths == (("a",) if wanted != path else ("a.yaml",))
    assert on_disk(tmp_path / "hunan") == before
    assert names(tmp_path) == ["hunan"]


def test_an_index_that_cannot_be_read_is_named_as_the_reason(tmp_path: Path) -> None:
    """Without it every file is foreign, the index itself among them; the message says what leads out of that."""
    write(tree({"own.yaml": "1\n"}), tmp_path)
    (tmp_path / "hunan" / INDEX).write_text("{")
    with pytest.raises(ForeignFileError, match="cannot be read: restore it, or remove"):
        write(tree({"own.yaml": "2\n"}), tmp_path)
    assert on_disk(tmp_path / "hunan") == {"own.yaml": "1\n"}


def test_a_foreign_file_with_the_same_bytes_is_adopted(tmp_path: Path) -> None:
    """A checkout whose index is new to the folder is taken over without a fuss."""
    (tmp_path / "hunan").mkdir()
    (tmp_path / "hunan/a.yaml").write_text("1\n")
    assert write(tree({"a.yaml": "1\n"}), tmp_path) == WriteCounts(1, 1, 0)
    assert owned(tmp_path / "hunan") == {"a.yaml", INDEX}


def test_links_are_never_followed(tmp_path: Path) -> None:
    """Neither a link at a wanted path nor a linked folder on the way leads a write out of the tree."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "rendered/hunan").mkdir(parents=True)
    (tmp_path / "rendered/hunan/groups").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ForeignFileError, match="groups"):
        write(tree({"groups/s1.yaml": "1\n"}), tmp_path / "rendered")
    (tmp_path / "rendered/hubei").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ForeignFileError, match="hubei"):
        write(tree({"a": "1\n"}, "hubei"), tmp_path / "rendered")
    assert names(tmp_path / "elsewhere") == []


@pytest.mark.parametrize(
    "index", ["", "[]", '{"files": 3}', "<<<<<<< ours", "[" * 100_000, '{"files": ["../x", "/x", 3]}']
)
def test_an_index_that_cannot_be_trusted_owns_nothing(tmp_path: Path, index: str) -> None:
    """A broken index protects files from removal, and no path of it leads out of the folder."""
    (tmp_path / "hunan").mkdir()
    (tmp_path / "hunan" / INDEX).write_text(index)
    assert owned(tmp_path / "hunan") <= {INDEX}


def test_the_difference_is_what_write_would_do(tmp_path: Path) -> None:
    """Missing, changed and stale paths, in order, and nothing on the disk changes."""
    write(tree({"a": "1\n", "b": "1\n"}), tmp_path)
    assert difference(tree({"b": "2\n", "c": "1\n"}), tmp_path) == [
        ("a", "stale"),
        ("b", "changed"),
        ("c", "missing"),
        (INDEX, "changed"),
    ]
    assert on_disk(tmp_path / "hunan") == {"a": "1\n", "b": "1\n"}


def test_a_province_that_is_gone_is_removed(tmp_path: Path) -> None:
    """Its owned files go, and the folder with them unless somebody else's file stands in it."""
    write(tree({"a/b": "1\n"}), tmp_path)
    write(tree({"a/b": "1\n"}, "hubei"), tmp_path)
    (tmp_path / "hubei/a/NOTES").write_text("by hand\n")
    assert write(Tree("hunan"), tmp_path) == write(Tree("hubei"), tmp_path) == WriteCounts(0, 0, 2)
    assert not (tmp_path / "hunan").exists()
    assert on_disk(tmp_path / "hubei") == {"a/NOTES": "by hand\n"}
    assert write(Tree("nowhere"), tmp_path) == WriteCounts()


def test_two_writers_of_one_output_take_turns(tmp_path: Path) -> None:
    """While one holds the output, another waits; neither fails."""
    write(tree({"a": "1\n"}), tmp_path)
    other = Thread(target=write, args=(tree({"a": "2\n"}), tmp_path))
    with locked(tmp_path):
        other.start()
        other.join(0.1)
        assert other.is_alive()
        assert on_disk(tmp_path / "hunan") == {"a": "1\n"}
    other.join(10)
    assert on_disk(tmp_path / "hunan") == {"a": "2\n"}


def test_what_killed_runs_left_is_removed_whosever_it_is(tmp_path: Path) -> None:
    """For the whole output, in whatever form, and nothing else that begins alike."""
    for name in (".milepost-hunan-north-0123abcd", ".milepost-0123abcd", ".milepost-notes", ".milepost"):
        (tmp_path / name).mkdir()
    write(tree({"a": "1\n"}), tmp_path)
    assert names(tmp_path) == [".milepost", ".milepost-notes", "hunan"]


def test_what_was_aside_when_a_run_was_killed_is_put_back(tmp_path: Path) -> None:
    """Where two renames do what one cannot, the old tree may stand aside for a moment."""
    write(tree({"a": "1\n"}), tmp_path)
    aside = tmp_path / ".milepost-0123abcd" / "aside"
    aside.mkdir(parents=True)
    (tmp_path / "hunan").rename(aside / "hunan")
    write(tree({"b": "1\n"}, "hubei"), tmp_path)
    assert on_disk(tmp_path) == {"hubei/b": "1\n", "hunan/a": "1\n"}


def test_a_staging_folder_ignores_itself_in_git(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    with staging(tmp_path) as place:
        (opened(place) / "new").mkdir()
        (place / "new" / "a.yaml").write_text("a: 1\n")
        said = subprocess.run(
            ["git", "-C", str(tmp_path), "status", "--porcelain", "--untracked-files=all"],
            check=True,
            capture_output=True,
            text=True,
        )
    assert said.stdout == ""


def test_a_mount_point_is_refused_before_anything_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tree({"a": "1\n"}), tmp_path)
    monkeypatch.setattr(Path, "is_mount", lambda path: path.name == "hunan")
    with pytest.raises(OSError, match="mount point"):
        write(tree({"a": "2\n"}), tmp_path)
    assert on_disk(tmp_path / "hunan") == {"a": "1\n"}
    assert names(tmp_path) == ["hunan"]
