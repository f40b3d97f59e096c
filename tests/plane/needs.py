"""Marks of tests that need a control plane: they run one after the other, and are skipped by name where a part is missing."""

from __future__ import annotations

import pytest

from plane import binaries
from plane.binaries import Program

ONE_AT_A_TIME = pytest.mark.xdist_group("plane")


def needs(*programs: Program) -> list[pytest.MarkDecorator]:
    """The marks of a module whose tests need these programs beside etcd."""
    missing = binaries.missing(programs)
    why = f"not on this machine: {', '.join(missing)} (`make test-plane` builds what Go can)"
    return [pytest.mark.plane, pytest.mark.slow, ONE_AT_A_TIME, pytest.mark.skipif(bool(missing), reason=why)]
