"""What all tests on a real control plane share: what they need, an address of their own, and the record of what was held."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plane.record import Record, write

RECORDS: list[Record] = []
_ADDRESSES = itertools.count(1)


@pytest.fixture(scope="session")
def address() -> Callable[[], str]:
    """A loopback address that no other plane of this machine has."""
    process = os.getpid()
    return lambda: f"127.{64 + process // 250 % 64}.{process % 250}.{next(_ADDRESSES)}"


@pytest.fixture(scope="session")
def verified() -> Callable[..., None]:
    """Write down what was held against what: ``verified(claim, against, count)``."""
    return lambda *what: RECORDS.append(Record(*what))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    target = os.environ.get("MILEPOST_VERIFIED")
    if target and RECORDS:
        write(Path(target), RECORDS, failed=session.testsfailed)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield tmp_path_factory.mktemp("plane")
