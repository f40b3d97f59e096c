"""``milepost report`` as a shell sees it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fleets import EXAMPLE

pytestmark = pytest.mark.slow


def milepost(cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "milepost", *arguments],
        cwd=cwd,
        env=os.environ | {"NO_COLOR": "1", "MILEPOST_CACHE_DIR": str(cwd / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_page_is_written_and_nothing_else(tmp_path: Path) -> None:
    result = milepost(tmp_path, "report", str(EXAMPLE), "-o", "page.html")
    assert (result.returncode, result.stdout) == (0, "")
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]


def test_with_a_base_the_page_tells_what_changes(tmp_path: Path) -> None:
    """Two folders of rendered trees, as for diff."""
    shutil.copytree(EXAMPLE, tmp_path / "fleet-spec")
    assert milepost(tmp_path, "compile", "--output", "before").returncode == 0
    release = tmp_path / "fleet-spec/releases/tolling-1.5.0.yaml"
    release.write_text(release.read_text().replace("switched: pilot", "switched: south"))
    assert milepost(tmp_path, "compile").returncode == 0
    result = milepost(tmp_path, "report", "--base", "./before")
    assert result.returncode == 0, result.stderr
    assert "1.4.2</code> → <code>1.5.0" in (tmp_path / "report.html").read_text()


def test_a_base_that_is_nothing_exits_2(tmp_path: Path) -> None:
    result = milepost(tmp_path, "report", str(EXAMPLE), "--base", "no-such-thing")
    assert result.returncode == 2
    assert "no-such-thing" in result.stderr
    assert not (tmp_path / "report.html").exists()


def test_a_wrong_spec_exits_1_and_leaves_the_old_page(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("old")
    (tmp_path / "fleet-spec").mkdir()
    (tmp_path / "fleet-spec/fleet.yaml").write_text("kind: Fleet\n")
    result = milepost(tmp_path, "report")
    assert result.returncode == 1
    assert "error MP" in result.stderr
    assert (tmp_path / "report.html").read_text() == "old"


def test_one_province_can_have_a_page_of_its_own(tmp_path: Path) -> None:
    assert milepost(tmp_path, "report", str(EXAMPLE), "--province", "qinghai").returncode == 0
    text = (tmp_path / "report.html").read_text()
    assert 'data-province="qinghai"' in text
    assert 'data-province="hunan"' not in text
    assert milepost(tmp_path, "report", str(EXAMPLE), "--province", "tibet").returncode == 2
