"""What ``milepost plan`` says of the waves of the example."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fleets import EXAMPLE

pytestmark = pytest.mark.slow


def said(folder: Path, form: str, *cursors: str) -> str:
    """``milepost plan`` of the example's Hunan, with other cursors of its release."""
    spec = folder / "fleet-spec"
    shutil.copytree(EXAMPLE, spec)
    release = spec / "releases" / "tolling-1.5.0.yaml"
    head = release.read_text().split("  prepulled:")[0]
    release.write_text(head + "".join(f"  {cursor}\n" for cursor in cursors))
    command = [sys.executable, "-m", "milepost", "plan", str(spec), "--province", "hunan", "--format", form]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_what_waits_is_said(tmp_path: Path) -> None:
    """Sections that have switched wait until somebody says that they run the new version."""
    cursors = ("prepulled: south", "switched: south", "applied: pilot")
    text = said(tmp_path / "text", "text", *cursors)
    line = "tolling of 3 station groups waits for pre-pull tolling-1-5-0-south before it switches"
    assert text.count("waits for pre-pull") == 1 and line in text
    waves = json.loads(said(tmp_path / "json", "json", *cursors))["waves"]
    assert {wave["wave"]: len(wave["waiting"]) for wave in waves} == {"pilot": 0, "south": 3}


def test_nothing_waits_before_it_switches(tmp_path: Path) -> None:
    """A pull under way holds up nothing of what runs now."""
    assert "waits for pre-pull" not in said(tmp_path, "text", "prepulled: south")
