"""Terminals of other encodings: what they cannot show is escaped, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from compiling import write_files
from small import application, base, component, files, image


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["gbk", "latin-1"])
def test_a_table_reaches_its_end(tmp_path: Path, encoding: str) -> None:
    """A title with a character that the terminal lacks ends no command in the middle."""
    documents = [*base(), image("web"), application("app", [component()])]
    stations = "name,group,type,title\na,g4,toll-station,长沙\U0001f697\n"
    write_files(tmp_path / "fleet-spec", files(documents, stations=stations).items())
    run = subprocess.run(
        [sys.executable, "-m", "milepost", "query", "SELECT station, title FROM stations"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": encoding},
        capture_output=True,
        check=True,
    )
    shown = run.stdout.decode(encoding)
    assert "\\U0001f697" in shown
    assert shown.splitlines()[-1].startswith("1 row") or b"1 row" in run.stderr
