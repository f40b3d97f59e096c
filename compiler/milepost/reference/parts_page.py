"""The page of parts, ``docs/reference/parts.md``, from the first paragraph of each module's docstring."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from types import ModuleType

from milepost.emit import rules as emit_rules
from milepost.lower import backends
from milepost.model import delivery
from milepost.plan import STEPS
from milepost.plan.pass_order import Step, named
from milepost.reference import markdown_text
from milepost.validate import rules as validate_rules

_HEAD = f"""{markdown_text.GENERATED}
# The parts of the compiler

Where each stands in the flow is told in [Architecture](../architecture.md). Rules and back ends are found by walking
their folder; the order of passes is a decision.
"""


def page() -> str:
    """Passes in their order; everything else in order of name."""
    return _HEAD + "".join(
        (
            _section("Rules about what is written", _modules(validate_rules)),
            _passes(STEPS),
            _section("Back ends", _modules(backends)),
            _section("Delivery engines", _engines()),
            _section("Checks at the way out", _modules(emit_rules)),
        )
    )


def _engines() -> list[ModuleType]:
    return [importlib.import_module(f"{delivery.__name__}.{name}") for name in delivery.names()]


def _modules(package: ModuleType) -> list[ModuleType]:
    names = sorted(m.name for m in pkgutil.iter_modules(package.__path__))
    return [importlib.import_module(f"{package.__name__}.{name}") for name in names]


def _section(title: str, modules: Iterable[ModuleType]) -> str:
    rows = [(markdown_text.code(_short(module)), _paragraph(module)) for module in modules]
    return f"\n## {title}\n\n{markdown_text.table(('file', 'what it does'), rows)}"


def _passes(steps: Iterable[Step]) -> str:
    """With what each declares, from which their order is checked."""
    rows = []
    for step in steps:
        module = importlib.import_module(step.run.__module__)
        reads = ", ".join(map(named, step.reads.values()))
        writes = "" if step.writes is None else named(step.writes)
        rows.append((markdown_text.code(_short(module)), _paragraph(module), step.role.value, reads, writes))
    heads = ("file", "what it does", "role", "reads", "writes")
    return f"\n## Passes of the plan, in order\n\n{markdown_text.table(heads, rows)}"


def _short(module: ModuleType) -> str:
    """``plan/passes/image_architectures.py``: the path below the package."""
    ending = "/__init__.py" if hasattr(module, "__path__") else ".py"
    return module.__name__.partition(".")[2].replace(".", "/") + ending


def _paragraph(module: ModuleType) -> str:
    return (module.__doc__ or "").strip().split("\n\n")[0].replace("``", "`")
