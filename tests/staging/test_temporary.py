"""Temporary folders that killed commands left."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from milepost.staging import locked, temporary


def test_what_a_killed_command_left_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not what a running one uses, nor what may be in use in a moment, nor another kind, nor where a link leads."""
    place = tmp_path / "tmp"
    for name in ("query-left", "query-fresh", "query-used", "query-linked", "publish-left"):
        (place / f"milepost-{name}" / "inside").mkdir(parents=True)
    (place / "milepost-query-linked").rename(tmp_path / "mine")
    (place / "milepost-query-linked").symlink_to(tmp_path / "mine")
    for name in ("query-left", "query-used", "publish-left"):
        os.utime(place / f"milepost-{name}", (0, 0))
    monkeypatch.setattr("tempfile.tempdir", str(place))
    with locked(place / "milepost-query-used"), temporary("query") as own:
        assert own.parent == place and own.is_dir()
    left = sorted(path.name.removeprefix("milepost-") for path in place.iterdir())
    assert left == ["publish-left", "query-fresh", "query-linked", "query-used"]
    assert (tmp_path / "mine" / "inside").is_dir()
