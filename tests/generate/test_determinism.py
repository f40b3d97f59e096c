"""The same seed gives the same bytes, wherever it is asked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from milepost.generate import generate
from milepost.generate.__main__ import main
from milepost.generate.dice import Dice
from milepost.generate.fleet_draft import draft

pytestmark = pytest.mark.slow


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_hash_seed_locale_and_folder_do_not_show(tmp_path: Path, hash_seed: str) -> None:
    """Another process with another hash seed, locale, time zone and working directory writes the same bytes."""
    generate(tmp_path / "here", provinces=3, nodes=400, seed=7)
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "LC_ALL": "C", "TZ": "Asia/Shanghai"}
    command = [
        sys.executable,
        "-m",
        "milepost.generate",
        "there",
        "--provinces",
        "3",
        "--nodes",
        "400",
        "--seed",
        "7",
    ]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


def test_another_seed_is_another_fleet() -> None:
    """Of the same size."""
    (one, same), (other, size) = draft(3, 400, 1, "station-group"), draft(3, 400, 2, "station-group")
    assert one.files != other.files
    assert (same.stations, same.nodes) == (size.stations, size.nodes)


def test_the_stream_of_choices_never_changes() -> None:
    """Known by heart: a change here changes every fleet that anybody has measured with."""
    dice = Dice(1, "hunan")
    assert [dice.below(1000) for _ in range(5)] == [145, 144, 158, 837, 958]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    """Old tables would mix with new ones."""
    (tmp_path / "mine.csv").write_text("name\n")
    with pytest.raises(FileExistsError):
        generate(tmp_path, provinces=1, nodes=10)
    assert contents(tmp_path) == {"mine.csv": b"name\n"}


def test_the_command_says_in_one_line_why_it_cannot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, nothing written."""
    assert main([str(tmp_path / "fleet"), "--provinces", "30"]) == 2
    assert capsys.readouterr().err == "error: there are 1 to 29 provinces to take\n"
    assert not (tmp_path / "fleet").exists()
