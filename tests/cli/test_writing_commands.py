"""Which commands write, and that those that say they only read do: by the system calls that they make."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracing import POSSIBLE, traced
from writing import READS, WRITES, Scene, commands, reading

pytestmark = pytest.mark.slow


def test_every_command_is_tried_where_it_writes_or_known_to_read() -> None:
    """A new one needs a scene in ``writing.WRITES``, where all faults of ``faults.commands`` meet it, or a line in ``READS``."""
    written = {name.partition(" --")[0] for name in WRITES}
    assert written.isdisjoint(READS)
    assert written | READS.keys() == set(commands())


@pytest.mark.skipif(not POSSIBLE, reason="tracing is written for Linux on x86-64")
@pytest.mark.parametrize("name", READS)
def test_a_command_that_reads_changes_nothing(name: str, tmp_path: Path) -> None:
    """Outside of its cache and the folder for temporary files, where it leaves nothing."""
    scene = Scene(tmp_path, tmp_path, READS[name])
    reading(tmp_path)
    before = scene.state()
    done = traced(scene.command, tmp_path, scene.variables)
    assert "Traceback" not in done.said and "Usage" not in done.said
    private = tuple(f"{tmp_path}/{name}" for name in ("cache", "tmp"))
    assert [change for change in done.changes if not change[1].startswith((*private, "socket:"))] == []
    assert scene.state() == before and not scene.leftovers()
