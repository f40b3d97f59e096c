"""The pipeline: names the stages from load to emit, times them, and stops between them.

``SharedSpec`` is what every province needs and is read once; a province then goes its own way to the end, which is why
provinces are the grain of processes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter

from milepost import cost, emit, load, lower, plan, resolve, validate
from milepost.diagnostics import Sink
from milepost.model.cluster_cost import ClusterCost
from milepost.model.document import ProvinceSource
from milepost.model.fleet import Catalog, Fleet
from milepost.model.manifest import ManifestTemplate, StaticFile
from milepost.model.parsed import ParsedSpec
from milepost.model.plan import Plan
from milepost.model.record import record
from milepost.model.tree import Tree


@record
class SharedSpec:
    """The documents that all provinces share, as written and as meant."""

    root: Path
    spec: ParsedSpec
    catalog: Catalog

    @property
    def provinces(self) -> tuple[str, ...]:
        return tuple(self.spec.provinces)


@record
class Compiled:
    """A compiled province, decided and lowered; ``render`` makes its bytes. ``tables`` are the digests of its inventory."""

    plan: Plan
    lowered: lower.Lowered
    tables: Mapping[str, str]


class StageClock:
    """Seconds that each stage took. A lap is what went by since the lap before."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = perf_counter()

    def lap(self, stage: str) -> None:
        now = perf_counter()
        self.seconds[stage] = now - self._since
        self._since = now


def read(root: Path, sink: Sink, instead: Mapping[str, bytes] | None = None) -> SharedSpec | None:
    """Load, validate and resolve what provinces share; None when there are errors, which are in ``sink``.

    ``instead`` holds the bytes of files that are read as if they were already so.
    """
    source = load.load(root, sink, instead)
    if source is None or sink.failed:
        return None
    spec = validate.spec_of(source, sink)
    if spec is None:
        return None
    catalog = resolve.catalog(spec, sink)
    return None if catalog is None else SharedSpec(root, spec, catalog)


def compile_province(
    shared: SharedSpec, name: str, sink: Sink, clock: StageClock | None = None
) -> Compiled | None:
    """Everything up to the bytes, every check included; None when there are errors, which are in ``sink``."""
    clock = clock or StageClock()
    source, meant = resolve_province(shared, name, sink, clock)
    decided = None if meant is None else plan.plan(meant, sink)
    clock.lap("plan")
    if decided is None:
        return None
    lowered = lower.lower(decided, sink)
    cost.check(decided, lowered.templates, sink)
    clock.lap("lower")
    if not sink.failed:
        emit.check_output(
            lowered.templates, lowered.texts, decided.fleet.province.cluster, sink, _known_secrets(shared)
        )
        clock.lap("conform")
    return None if sink.failed else Compiled(decided, lowered, source.digests)


def _known_secrets(shared: SharedSpec) -> frozenset[str]:
    """The fingerprints that a policy acknowledges."""
    policies = shared.spec.policies.values()
    return frozenset(known.fingerprint for policy in policies for known in policy.model.spec.known_secrets)


def plan_province(shared: SharedSpec, name: str, sink: Sink) -> Plan | None:
    """What is decided for a province, what is only refused included; None when it cannot be decided."""
    meant = fleet(shared, name, sink)
    return None if meant is None else plan.decide(meant, sink)


@record
class PlannedProvince:
    """What is decided for a province, and what its tree costs; None where it has no tree."""

    plan: Plan
    cost: ClusterCost | None


def plan_and_cost(shared: SharedSpec, name: str, sink: Sink) -> PlannedProvince | None:
    """As ``plan_province``, with the cost of what would be rendered."""
    decided = plan_province(shared, name, sink)
    if decided is None:
        return None
    # What is refused is shown as well, and it may be beyond being lowered.
    lowered = None if sink.failed else lower.lower(decided, Sink())
    return PlannedProvince(decided, None if lowered is None else _cost(decided, lowered))


def cost_of(compiled: Compiled) -> ClusterCost:
    """What the tree of a province costs."""
    return _cost(compiled.plan, compiled.lowered)


def _cost(decided: Plan, lowered: lower.Lowered) -> ClusterCost:
    return cost.cluster_cost(decided, lowered.templates, lowered.texts)


def fleet(shared: SharedSpec, name: str, sink: Sink) -> Fleet | None:
    """A province as meant, before anything is decided; None when there are errors, which are in ``sink``."""
    return resolve_province(shared, name, sink, StageClock())[1]


def resolve_province(
    shared: SharedSpec, name: str, sink: Sink, clock: StageClock
) -> tuple[ProvinceSource, Fleet | None]:
    parsed = shared.spec.provinces[name]
    source = load.load_province(shared.root, parsed.document, sink)
    clock.lap("load")
    inventory = None if sink.failed else validate.inventory(source, parsed, shared.spec, sink)
    clock.lap("validate")
    meant = None if inventory is None else resolve.fleet(shared.catalog, shared.spec, inventory, sink)
    clock.lap("resolve")
    return source, meant


def render(compiled: Compiled, clock: StageClock | None = None) -> Tree:
    """A province's tree. Its bytes are made as they are asked for, which is what writing it then takes."""
    clock = clock or StageClock()
    tree = Tree(compiled.plan.fleet.province.name)
    templates: tuple[ManifestTemplate | StaticFile, ...] = (
        *compiled.lowered.templates,
        *compiled.lowered.texts,
    )
    for template in templates:
        tree.update(emit.render(template))
    clock.lap("render")
    return tree


def choose(shared: SharedSpec, wanted: Sequence[str]) -> tuple[str, ...]:
    """The provinces to compile, in order of name; all where none is asked for. Raises KeyError for an unknown one."""
    for name in wanted:
        if name not in shared.spec.provinces:
            raise KeyError(name)
    return tuple(name for name in shared.provinces if not wanted or name in wanted)
