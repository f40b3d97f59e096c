"""The index of diagnostic codes, found by walking the package: a code is a constant in the file that raises it.

Stands above the stages and reads them, which costs their imports: for documentation, tests and ``explain``, never for
a compile. Refuses two codes with one id.
"""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path

import milepost
from milepost.diagnostics import Code

STAGES = {
    "1": "load",
    "2": "validate",
    "3": "resolve",
    "4": "plan",
    "5": "lower",
    "6": "emit",
    "7": "publish",
    "8": "registry",
}
"""The first digit of a code, and the stage whose matter it is."""

_DECLARATION = re.compile(r"^(MP\d{4}) = Code\(", re.MULTILINE)


class DuplicateCodeError(RuntimeError):
    """Two files declare one id: a bug in Milepost."""


@cache
def codes() -> dict[str, Code]:
    """All codes by id, in order of id. Raises DuplicateCodeError."""
    return {id_: getattr(importlib.import_module(module), id_) for id_, module in homes().items()}


@cache
def homes() -> dict[str, str]:
    """The module that declares each code; found by searching source text, so that no other module has to be imported.

    Raises DuplicateCodeError.
    """
    found: dict[str, str] = {}
    root = Path(milepost.__file__).parent
    for file in sorted(root.rglob("*.py")):
        module = ".".join((root.name, *file.relative_to(root).with_suffix("").parts)).removesuffix(
            ".__init__"
        )
        for id_ in _DECLARATION.findall(file.read_text(encoding="utf-8")):
            if id_ in found:
                raise DuplicateCodeError(f"{id_}: {found[id_]} and {module}")
            found[id_] = module
    return dict(sorted(found.items()))


def stage(code: Code) -> str:
    """The stage that ``code`` belongs to."""
    return STAGES[code.id[2]]
