"""A summary leaves nothing out: expanded, it is the raw difference, and that turns one tree into the other."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path

import pytest

from milepost.publish.forms import json as as_json
from milepost.publish.forms import raw as as_raw
from milepost.publish.review import GuardRules, Review, review
from milepost.publish.review.classify.change_classes import classes
from milepost.publish.review.classify.compare import compare
from milepost.publish.review.judge import coverage_proof
from publish.forest import Files, Planted, mass, mutated, province, wild, write

pytestmark = pytest.mark.slow


def _reviewed(old: Files, new: Files) -> Review:
    return review(Planted(old), Planted(new), GuardRules())


def _applied(folder: Path, old: Files, patch: str) -> Files:
    """What git makes of a tree with a patch."""
    write(old, folder)
    subprocess.run(["git", "init", "-q", folder], check=True)
    if patch:
        command = ["git", "-C", str(folder), "apply", "--unidiff-zero", "--whitespace=nowarn", "-"]
        subprocess.run(command, input=patch.encode("utf-8", "surrogateescape"), check=True)
    found = (p for p in folder.rglob("*") if p.is_file() and ".git" not in p.relative_to(folder).parts)
    return {
        p.relative_to(folder).as_posix(): p.read_bytes().decode("utf-8", "surrogateescape") for p in found
    }


@pytest.mark.parametrize("seed", range(60))
def test_git_makes_the_new_tree_of_the_old_one_with_what_the_summary_expands_to(
    seed: int, tmp_path: Path
) -> None:
    """Whatever the trees hold, YAML or not, and however they changed."""
    rng = random.Random(seed)
    old = wild(rng)
    new = mutated(old, rng)
    patch = as_raw.render(_reviewed(old, new))
    assert _applied(tmp_path, old, patch) == new


@pytest.mark.parametrize("seed", range(60, 300))
def test_the_json_form_expands_to_the_raw_difference_byte_for_byte(seed: int) -> None:
    """A machine that has the JSON alone can make the raw difference, and check it against the digest in it."""
    rng = random.Random(seed)
    old = wild(rng)
    result = _reviewed(old, mutated(old, rng))
    read = json.loads(as_json.render(result))
    assert "".join(coverage_proof.expand(as_json.pieces(read), as_json.modes(read))) == as_raw.render(result)


@pytest.mark.parametrize("objects", [1, 10, 1_000, 100_000])
def test_any_number_of_objects_is_covered(objects: int) -> None:
    """From one object to a hundred thousand, one line stands for all that changed alike."""
    stations = max(1, objects // 10)
    old, new = mass(stations), mass(stations, seed=1)
    new = {path: text.replace("value: info", "value: warn") for path, text in new.items()}
    result = _reviewed(old, new)
    assert len(result.lines) == 10
    assert result.raw.files == stations
    assert sum(line.found.lines for line in result.lines) == result.raw.lines == stations * 20


def test_a_line_that_is_left_out_is_noticed() -> None:
    """The check is not a formality: take a class away, or a place, and it fails."""
    comparison = compare(Planted(province()), Planted(province(version="1.5.0")))
    found = classes(comparison.edits)
    coverage_proof.check(found, comparison.modes, comparison.raw)
    with pytest.raises(coverage_proof.CoverageError):
        coverage_proof.check(found[1:], comparison.modes, comparison.raw)
    found[0].variants[0].sites.pop()
    with pytest.raises(coverage_proof.CoverageError):
        coverage_proof.check(found, comparison.modes, comparison.raw)


def test_a_line_that_is_told_twice_is_noticed() -> None:
    """Every changed line belongs to exactly one line of the summary."""
    comparison = compare(Planted(province()), Planted(province(version="1.5.0")))
    found = classes(comparison.edits)
    with pytest.raises(coverage_proof.CoverageError, match="two lines"):
        coverage_proof.check([*found, found[0]], comparison.modes, comparison.raw)


def test_a_changed_mode_is_a_change(tmp_path: Path) -> None:
    """A file that becomes executable is in the summary and in the raw difference."""
    from milepost.publish.review.read.tree_source import FolderTree

    old, new = (write(province(), tmp_path / side) for side in ("old", "new"))
    (new / "hunan/groups/g4/a.yaml").chmod(0o755)
    patch = as_raw.render(review(FolderTree(old, "old"), FolderTree(new, "new"), GuardRules()))
    assert patch == (
        "diff --git a/hunan/groups/g4/a.yaml b/hunan/groups/g4/a.yaml\nold mode 100644\nnew mode 100755\n"
    )


def test_the_same_tree_has_no_difference() -> None:
    """Nothing is said where nothing changed."""
    result = _reviewed(province(), province())
    assert (result.lines, result.raw.files, as_raw.render(result)) == ((), 0, "")
