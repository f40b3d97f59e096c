"""What a province's tree is called, by Git and by its digest, and what an artifact of it holds: the same for the same bytes."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import subprocess
import tarfile
from pathlib import Path

import pytest

from milepost.publish.artifact import CONFIG, CONTENT, artifact
from milepost.publish.review.read.tree_source import FolderTree, TreeEntry, blob_id
from milepost.publish.tree_id import tree_id
from milepost.publish.trees import IncompleteTreeError, ProvinceTree, trees
from publish.forest import for_cluster, index, province, wild, write

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
@pytest.mark.parametrize("seed", range(8))
def test_a_trees_id_is_the_one_that_git_gives_it(seed: int, algorithm: str, tmp_path: Path) -> None:
    """Also where a file and a folder begin alike: Git sorts a folder as if it ended in a slash."""
    files = wild(random.Random(seed)) | {
        "p/a": "1",
        "p/a.b": "2",
        "p/a-b/c": "3",
        "p/ab/c/d": "4",
        "p/a0": "5",
    }
    files.pop("p/a")
    write(files, tmp_path)
    git = ["git", "-C", str(tmp_path)]
    subprocess.run(["git", "init", "-q", f"--object-format={algorithm}", tmp_path], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    made = subprocess.run([*git, "write-tree"], check=True, capture_output=True, text=True).stdout.strip()
    entries = {
        path: TreeEntry.of("100644", blob_id(text.encode("utf-8", "surrogateescape"), algorithm))
        for path, text in files.items()
    }
    assert tree_id(entries, algorithm) == made


def test_a_folder_on_disk_is_named_as_git_names_it(tmp_path: Path) -> None:
    """Modes, links and all; leftovers of a killed compile are not part of it."""
    write(province(), tmp_path / "tree")
    (tmp_path / "tree/hunan/link").symlink_to("milepost.json")
    (tmp_path / "tree/hunan/run").write_text("#!/bin/sh\n")
    (tmp_path / "tree/hunan/run").chmod(0o755)
    write({"x": "left over"}, tmp_path / "tree/.milepost-hunan-0a1b2c3d")
    git = ["git", "-C", str(tmp_path / "tree")]
    subprocess.run(["git", "init", "-q", tmp_path / "tree"], check=True)
    subprocess.run([*git, "add", "-A", "hunan"], check=True)
    listed = subprocess.run([*git, "ls-files", "-s"], check=True, capture_output=True, text=True).stdout
    rows = {row.split("\t")[1]: TreeEntry.of(*row.split()[:2]) for row in listed.splitlines()}
    assert dict(FolderTree(tmp_path / "tree", "tree").entries) == rows


def test_the_same_tree_is_the_same_artifact(tmp_path: Path) -> None:
    """Neither time nor mode nor order nor who made it shows."""
    made = []
    for name, order in (("one", sorted(province())), ("two", sorted(province(), reverse=True))):
        root = write({path: province()[path] for path in order}, tmp_path / name)
        made.append(artifact(trees(root)[0]))
        os.utime(root / "hunan/milepost.json", (0, 0))
        (root / "hunan/milepost.json").chmod(0o600)
        made.append(artifact(trees(root)[0]))
    assert len({each.manifest().data for each in made}) == 1


def test_an_artifact_holds_the_tree_and_nothing_else(tmp_path: Path) -> None:
    """In Flux's form: one layer, the paths as they stand in the province's folder; nothing that is for machines."""
    made = artifact(trees(write(province() | {"hunan/mine.txt": "x"}, tmp_path))[0])
    manifest = json.loads(made.manifest().data)
    assert manifest["config"]["mediaType"] == CONFIG
    assert [layer["mediaType"] for layer in manifest["layers"]] == [CONTENT]
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(made.content.data))) as archive:
        found = {member.name: archive.extractfile(member) for member in archive}
        texts = {name: file.read().decode() for name, file in found.items() if file}
        assert {(member.mtime, member.uid, member.mode) for member in archive.getmembers()} == {(0, 0, 0o644)}
    assert texts == for_cluster(province())


def test_a_changed_byte_is_another_digest(tmp_path: Path) -> None:
    """And so is a file that only moved."""
    rendered = write(province(), tmp_path)
    digests = [trees(rendered)[0].digest]
    write({"hunan/groups/g4/a.yaml": "kind: X\n"}, rendered)
    digests.append(trees(rendered)[0].digest)
    moved = {path.replace("g4/a.yaml", "g60/a.yaml"): text for path, text in province().items()}
    digests.append(trees(write(moved | {"hunan/milepost.json": index("hunan", moved)}, rendered))[0].digest)
    assert len(set(digests)) == 3


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "not an index"),
        ("[]", "not an index"),
        (index("guangdong", {}), "the tree of guangdong"),
        ('{"province": "hunan", "files": ["milepost.json", "../../secret"]}', "secret is not there"),
        ('{"province": "hunan", "files": ["milepost.json", "groups"]}', "groups is not there"),
    ],
)
def test_an_index_that_lies_is_not_believed(text: str, problem: str, tmp_path: Path) -> None:
    """Nothing outside the province's folder is read, whatever its index says."""
    write(province() | {"hunan/milepost.json": text, "secret": "x"}, tmp_path)
    with pytest.raises(IncompleteTreeError, match=problem):
        trees(tmp_path)


def test_a_province_that_is_not_there_is_named(tmp_path: Path) -> None:
    """So is a folder without any."""
    write(province(), tmp_path / "rendered")
    with pytest.raises(IncompleteTreeError, match="qinghai holds no province"):
        trees(tmp_path / "rendered", ["qinghai"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(IncompleteTreeError, match="no folder of it has"):
        trees(tmp_path / "empty")
    assert isinstance(trees(tmp_path / "rendered")[0], ProvinceTree)
