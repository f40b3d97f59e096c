"""The one page that names the stages from load to emit, and stops between them.

``Shared`` is what every province needs and is read once; a province then goes its own way to the end, which is why
provinces are the grain of processes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from milepost import emit, load, lower, plan, resolve, validate
from milepost.diagnostics import Sink
from milepost.model.fleet import Catalog, Fleet
from milepost.model.manifest import Sheet, TextSheet
from milepost.model.plan import Plan
from milepost.model.tree import Tree
from milepost.model.written import Spec


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """The documents that all provinces share, as written and as meant."""

    root: Path
    spec: Spec
    catalog: Catalog

    @property
    def provinces(self) -> tuple[str, ...]:
        return tuple(self.spec.provinces)


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """One province, decided and lowered; bytes are made by ``render``."""

    plan: Plan
    lowered: lower.Lowered


def read(root: Path, sink: Sink) -> Shared | None:
    """Load, validate and resolve what provinces share; None when there are errors, which are in ``sink``."""
    source = load.load(root, sink)
    if source is None or sink.failed:
        return None
    spec = validate.spec_of(source, sink)
    if spec is None:
        return None
    catalog = resolve.catalog(spec, sink)
    return None if catalog is None else Shared(root, spec, catalog)


def compile_province(shared: Shared, name: str, sink: Sink) -> Compiled | None:
    """Everything up to the bytes, every check included; None when there are errors, which are in ``sink``."""
    fleet = _meant(shared, name, sink)
    decided = None if fleet is None else plan.plan(fleet, sink)
    if decided is None:
        return None
    lowered = lower.lower(decided, sink)
    if not sink.failed:
        emit.conform(lowered.sheets, lowered.texts, sink)
    return None if sink.failed else Compiled(decided, lowered)


def look(shared: Shared, name: str, sink: Sink) -> Plan | None:
    """What is decided for a province, what is only refused included; None when it cannot be decided."""
    fleet = _meant(shared, name, sink)
    return None if fleet is None else plan.look(fleet, sink)


def _meant(shared: Shared, name: str, sink: Sink) -> Fleet | None:
    written = shared.spec.provinces[name]
    source = load.load_province(shared.root, written.document, sink)
    inventory = None if sink.failed else validate.inventory(source, written, shared.spec, sink)
    return None if inventory is None else resolve.fleet(shared.catalog, shared.spec, inventory, sink)


def render(compiled: Compiled) -> Tree:
    """The bytes of a province's tree."""
    tree = Tree(compiled.plan.fleet.province.name)
    sheets: tuple[Sheet | TextSheet, ...] = (*compiled.lowered.sheets, *compiled.lowered.texts)
    for sheet in sheets:
        tree.update(emit.render(sheet))
    return tree


def choose(shared: Shared, wanted: Sequence[str]) -> tuple[str, ...]:
    """The provinces to compile, in order of name; all where none is asked for. Raises KeyError for an unknown one."""
    for name in wanted:
        if name not in shared.spec.provinces:
            raise KeyError(name)
    return tuple(name for name in shared.provinces if not wanted or name in wanted)
