"""Checks of what is written, one a file. A new rule is a new file here that offers ``check(spec, sink)``."""

from __future__ import annotations

import importlib
import pkgutil

from milepost.diagnostics import Sink
from milepost.model.written import Spec


def check(spec: Spec, sink: Sink) -> None:
    """Run every rule of this folder, in order of file name."""
    for module in sorted(m.name for m in pkgutil.iter_modules(__path__)):
        importlib.import_module(f"{__name__}.{module}").check(spec, sink)
