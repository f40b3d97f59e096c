"""Executors: how the work on provinces, which are independent, is spread. One way a file.

An executor is a module that offers ``executor``; ``base`` says what it promises. It is asked for as
``scheme://address``, and the scheme is the name of its file.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from milepost.executors.executor_protocol import ProvinceRunner


class NoSuchExecutorError(ValueError):
    """The executor that was asked for cannot be: no such scheme, or an address that is none."""


def schemes() -> tuple[str, ...]:
    """The names of all executors, found by walking this folder."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(name for name in names if hasattr(_module(name), "executor"))


def executor(wanted: str, jobs: int | None = None) -> ProvinceRunner:
    """The executor that ``wanted`` names. Raises NoSuchExecutorError."""
    scheme, _, address = wanted.partition("://")
    if scheme not in schemes():
        raise NoSuchExecutorError(f'there is no executor "{scheme}"; there are {" and ".join(schemes())}')
    run: ProvinceRunner = _module(scheme).executor(address, jobs)
    return run


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"{__name__}.{name}")
