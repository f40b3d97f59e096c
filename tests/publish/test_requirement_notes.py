"""What an upgrade asks of a cluster is told in the review, beside the objects that it changes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases import claims
from compiling import write_files
from milepost.publish.compared_trees import compared_trees
from milepost.publish.forms import get
from milepost.publish.review import GuardRules, Review, review

OLD, NEW = "tree/an-older-kubeedge-has-older-jobs", "tree/an-upgrade-is-seen-before-it-happens"


def reviewed(folder: Path, old: str | None, new: str | None, now: datetime | None = None) -> Review:
    """The change from the tree of one claim to that of another."""
    for side, name in (("old", old), ("new", new)):
        files = ((path, data.decode()) for path, data in claims.compiled(name).files.items())
        write_files(folder / side, files)
    trees = compared_trees(str(folder / "old"), str(folder / "new"), folder)
    return review(trees.base, trees.head, GuardRules(now=now))


def told(found: Review) -> list[str]:
    return [note for note in found.notes if note.startswith("north: ")]


def test_an_upgrade_is_told_with_what_it_changes(tmp_path: Path) -> None:
    """The version as a note, jobs and health checks as lines."""
    found = reviewed(tmp_path, OLD, NEW)
    assert told(found) == ["north: made for kubeedge 1.21.2, before for 1.20.0"]
    text = get("text").render(found)
    assert "ImagePrePullJob" in text and "note: north: made for kubeedge 1.21.2" in text


@pytest.mark.parametrize(("day", "ended"), [(15, False), (16, True)])
def test_a_version_without_fixes_is_told_on_the_day_of_the_change(
    day: int, ended: bool, tmp_path: Path
) -> None:
    """1.30 had its last fix on the 15th of July 2025."""
    found = told(
        reviewed(tmp_path, "releases/a-wave-is-pulled-ahead", OLD, datetime(2025, 7, day, tzinfo=UTC))
    )
    assert found[:2] == [
        "north: made for kubernetes 1.30, before for 1.32",
        "north: made for kubeedge 1.20.0, before for 1.23.1",
    ]
    assert found[2:] == ["north: Kubernetes 1.30 has got no fixes since 2025-07-15"] * ended


def test_what_comes_and_goes_is_told(tmp_path: Path) -> None:
    """In both directions."""
    other = "tree/a-tree-says-what-it-needs"
    assert told(reviewed(tmp_path / "a", None, other)) == [
        "north: the cluster must now have kube-apiserver: --allow-privileged",
        "north: the cluster must now have Secrets: web-key",
    ]
    assert told(reviewed(tmp_path / "b", other, None)) == [
        "north: the cluster need no longer have kube-apiserver: --allow-privileged",
        "north: the cluster need no longer have Secrets: web-key",
    ]


def test_a_change_that_asks_nothing_says_nothing(tmp_path: Path) -> None:
    """Objects alone."""
    assert told(reviewed(tmp_path, None, "tree/a-new-station-is-a-file-and-a-line")) == []
