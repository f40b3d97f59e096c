"""What all tests share: the switch for goldens."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from goldens import Goldens

# Whether inputs are made quickly says something about the machine, and nothing about Milepost.
settings.register_profile("milepost", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("milepost")


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
