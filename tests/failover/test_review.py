"""A review names the address that a change moves, not the line of a file that says so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from failover.rendered import ADDRESSES, compiled

pytestmark = pytest.mark.slow


def tree(folder: Path, address: str) -> Path:
    made = compiled(
        folder / "spec",
        [{"standby": ["gateway"], "address": "cameras"}],
        addresses_table=f"{ADDRESSES}cameras,a,{address}\n",
    )
    for path, content in made.files.items():
        (folder / "tree" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "tree" / path).write_bytes(content)
    return folder / "tree"


def test_a_review_says_which_address_changes(tmp_path: Path) -> None:
    """From what to what, for each node that may have it."""
    trees = [tree(tmp_path / address, address) for address in ("10.99.1.200", "10.99.1.210")]
    said = subprocess.run(
        [sys.executable, "-m", "milepost", "diff", *map(str, trees)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    for node in ("n0", "n1"):
        assert f"virtual addresses of node {node}:" in said, said
    assert "10.99.1.200/24 → 10.99.1.210/24" in said.replace("\n    ", " ")
