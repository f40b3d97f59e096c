"""What all tests share: the switch for goldens, and the example fleet compiled once per process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from compiling import Compilation, compile_spec
from goldens import Goldens

EXAMPLE = Path(__file__).parents[1] / "fleet-spec"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-goldens",
        nargs="?",
        const="missing",
        choices=("missing", "overwrite"),
        help="write expected files that are missing; `overwrite` replaces those that differ, too",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-goldens") and os.environ.get("CI"):
        raise pytest.UsageError("CI compares with expected files; it never writes them")


@pytest.fixture
def goldens(request: pytest.FixtureRequest) -> Goldens:
    return Goldens(request.config.getoption("--update-goldens"))


@pytest.fixture(scope="session")
def example() -> Compilation:
    """The example fleet. Frozen, except that a test may add nothing to it."""
    return compile_spec(EXAMPLE)
