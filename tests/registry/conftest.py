"""Registries that run for the time of a test, in a network of their own where the machine allows it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.isolation import loopback_only
from registry.running import PROGRAM, Registries

SYSTEM = ("/usr/sbin", "/sbin")
"""Folders of the system's programs that a plain user's PATH may leave out."""


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skips a test, by name, on a machine without one of ``programs``."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *SYSTEM])
    missing = [program for program in programs if shutil.which(program, path=path) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not on this machine: {', '.join(missing)}")


@pytest.fixture
def registries(tmp_path: Path) -> Iterator[Registries]:
    """Nothing runs yet."""
    assert shutil.which(PROGRAM)
    with loopback_only():
        started = Registries(tmp_path)
        try:
            yield started
        finally:
            started.stop()
