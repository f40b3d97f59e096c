"""Output rules: what schemas do not say, one check a file. A new rule is a new file here that offers ``check(rendered,
findings)``.

Rules look at objects that have the shape of their kind, so they need not ask for types.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Any

from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered


def check(rendered: Rendered, findings: Findings) -> None:
    """Run every rule of this folder, in order of file name."""
    for rule in _rules():
        rule.check(rendered, findings)


@cache
def _rules() -> list[Any]:
    # Sorted by hand, since the order of messages must not follow from the order of a folder.
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [importlib.import_module(f"{__name__}.{name}") for name in names]
