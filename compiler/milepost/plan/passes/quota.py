"""Resource quotas: whether all pods of a station group's namespace fit its budget, and none is turned away.

Counted are the pods of every station of the group and what Milepost itself runs in its namespace, with one pod more for
each rollout that may go on at the same time. A quota of CPU or memory turns away what states none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from milepost.diagnostics import Code, Related, Sink
from milepost.model.failover import Failovers
from milepost.model.fleet import Fleet, StationGroup
from milepost.model.origin import DocumentOrigin, Setting
from milepost.model.plan import Placement, PodLoad
from milepost.model.pod_template import containers, draft
from milepost.model.quantity import bytes_of, cores, millicores
from milepost.model.registry_routing import Mirror, RegistryRouting
from milepost.plan.capacity.overhead_pods import AGENT, mirror_requests, mirror_resources
from milepost.plan.capacity.pod_requests import silent
from milepost.plan.pass_order import Role

MP4052 = Code(
    "MP4052",
    "group exceeds its budget",
    "The budgets of a station group become the ResourceQuota of its namespace. When its pods reach a limit, Kubernetes "
    "refuses the next one, and nobody at the station is told. So all pods of the group must fit, and one more for each "
    "Deployment that starts the new pod before the old one goes.",
    "kind: StationGroup\nspec: {budgets: {pods: 10}}\n# of 5 stations with 3 pods each\n",
)
MP4053 = Code(
    "MP4053",
    "pod rejected by ResourceQuota",
    "Where a namespace has a quota of CPU or memory, Kubernetes refuses every pod of which a container states neither a "
    "request nor a limit of it. `budgets` of a station group, or of a level above, make such a quota.",
    "kind: Fleet\nspec: {budgets: {cpu: '60'}}\n---\ncomponents: [{name: web, image: web}]\n# without resources\n",
)
_WORDS = {"cpu": "CPU", "memory": "memory"}


class _Use(NamedTuple):
    """Pods of a namespace and what they ask for, by the names of budgets: CPU in millicores, memory in bytes."""

    pods: int = 0
    cpu: int = 0
    memory: int = 0

    def times(self, count: int) -> _Use:
        return _Use(self.pods * count, self.cpu * count, self.memory * count)

    def of(self, key: str) -> int:
        return self[self._fields.index(key)]


ROLE = Role.CHECKS


def run(
    fleet: Fleet, placement: Placement, failovers: Failovers, registry: RegistryRouting, sink: Sink
) -> None:
    groups = _Groups(fleet, placement, failovers, registry)
    over: dict[tuple[str, object], list[tuple[int, StationGroup]]] = {}
    for group in fleet.province.groups:
        # Most groups have no budget; adding up their pods would be for nothing.
        used = groups.use(group) if group.budgets else _Use()
        for key, setting in group.budgets.items():
            if used.of(key) > _limit(key, setting):
                # By the setting and not by the group: a budget of the fleet that is too small
                # is one mistake, however many groups inherit it.
                over.setdefault((key, setting), []).append((used.of(key), group))
    for (key, _), found in over.items():
        _report_sum(key, sorted(found, key=lambda f: (-f[0], f[1].name)), groups, sink)
    _check_silent(fleet, groups, _quiet(fleet, placement, registry), sink)


class _Groups:
    """What station groups have in their namespaces."""

    def __init__(
        self, fleet: Fleet, placement: Placement, failovers: Failovers, registry: RegistryRouting
    ) -> None:
        self._failovers = failovers
        self._fleet, self._placement = fleet, placement
        self._signatures = [_sum(map(_use, shape.loads)) for shape in placement.signatures]
        self.mirrors: dict[str, list[Mirror]] = {}
        for mirror in registry.mirrors:
            if mirror.site is not None:
                self.mirrors.setdefault(mirror.site.group, []).append(mirror)
        self._requests = mirror_requests(registry)
        self._agents = {site.group for site in registry.agents}

    def signatures(self, group: StationGroup) -> Counter[int]:
        """How many stations of each shape it has."""
        return Counter([self._placement.signature_index[station.name] for station in group.stations])

    def use(self, group: StationGroup) -> _Use:
        parts = [self._signatures[number].times(count) for number, count in self.signatures(group).items()]
        parts += [_Use(1, *self._requests[m.hop.tier]) for m in self.mirrors.get(group.name, ())]
        if group.name in self._agents:
            parts.append(_Use(1, *AGENT).times(sum(len(station.nodes) for station in group.stations)))
        # Twice, since the new daemon stands beside the old one for a while.
        moving = sum(len(self._failovers.nodes(station)) for station in group.stations)
        parts.append(_Use(1, *self._failovers.request).times(2 * moving))
        return _sum(parts)

    def labels(self, group: StationGroup) -> set[str]:
        """The labels of its pods, and the tiers whose mirrors it has."""
        found = {load.label for n in self.signatures(group) for load in self._placement.signatures[n].loads}
        return found | {mirror.hop.tier.name for mirror in self.mirrors.get(group.name, ())}

    def largest(self, group: StationGroup, key: str) -> tuple[PodLoad, _Use] | None:
        """The load that takes most of a budget."""
        found: dict[str, tuple[PodLoad, _Use]] = {}
        for number, count in self.signatures(group).items():
            for load in self._placement.signatures[number].loads:
                _, before = found.get(load.label, (load, _Use()))
                found[load.label] = (load, _sum([before, _use(load).times(count)]))
        return max(found.values(), key=lambda f: (f[1].of(key), f[0].label), default=None)

    def component(self, load: PodLoad) -> tuple[str, DocumentOrigin]:
        """Name and place of the first component of a load."""
        component = self._fleet.components[load.edition, load.members[0]]
        return f'"{component.name}" of "{component.application}"', component.origin.of("name")


def _use(load: PodLoad) -> _Use:
    # A rollout with a surge has one pod more for a while. A quota without room for it stops the
    # rollout half way, with the old version still running.
    return _Use(1, *load.request).times(load.instances + load.surge)


def _sum(uses: Iterable[_Use]) -> _Use:
    return _Use(*map(sum, zip(_Use(), *uses, strict=True)))


def _limit(key: str, setting: Setting) -> int:
    read: Mapping[str, Callable[[Any], int]] = {"pods": int, "cpu": millicores, "memory": bytes_of}
    return read[key](setting.value)


def _report_sum(key: str, over: list[tuple[int, StationGroup]], groups: _Groups, sink: Sink) -> None:
    used, group = over[0]
    setting = group.budgets[key]
    more = "" if len(over) == 1 else f", as may {len(over) - 1} more"
    related = [Related("the station group", group.origin.of("metadata", "name").span)]
    if (largest := groups.largest(group, key)) is not None:
        name, at = groups.component(largest[0])
        related.append(Related(f"{name} takes {_said(key, largest[1].of(key))} of it", at.span))
    sink.report(
        MP4052,
        f'station group "{group.name}" may have {_said(key, used)}{more}, and its budget is {setting.value}',
        setting.origin(group.origin).span,
        related=related,
        hint=f"raise budgets.{key} to {_enough(key, used)} or more, or split the station group",
    )


def _said(key: str, amount: int) -> str:
    if key == "pods":
        return f"{amount} pods"
    return f"requests of {_enough(key, amount)}{' cores' if key == 'cpu' else ' of memory'}"


def _enough(key: str, amount: int) -> str:
    """As a budget may be written, rounded up."""
    if key == "pods":
        return str(amount)
    return cores(amount) if key == "cpu" else f"{-(-amount // 2**20)}Mi"


Quiet = dict[str, dict[str, tuple[str, DocumentOrigin]]]
"""By resource, then by label or tier: what states none of it, as a message names it, and its place."""


def _check_silent(fleet: Fleet, groups: _Groups, found: Quiet, sink: Sink) -> None:
    """One message per component and resource that it states no amount of, naming the first group with a quota for it."""
    for key, quiet in found.items():
        for group in fleet.province.groups if quiet else ():
            if key in group.budgets:
                for label in sorted(groups.labels(group) & quiet.keys()):
                    # Taken out, so that one container is told once and not for every group that
                    # has a quota.
                    _report_silent(quiet.pop(label), key, group, sink)


def _quiet(fleet: Fleet, placement: Placement, registry: RegistryRouting) -> Quiet:
    found: Quiet = {key: {} for key in _WORDS}
    loads = {(load.application, load.members): load for shape in placement.signatures for load in shape.loads}
    for load in loads.values():
        parts = fleet.members(load.edition, load.members)
        spec = draft([(c.settings, c.pod) for c in parts])
        for container in containers(spec, "initContainers", "containers"):
            component = next((c for c in parts if c.name == container.get("name")), parts[0])
            name = f'container "{container.get("name")}" of "{component.application}"'
            for key in (key for key in found if silent(container, key)):
                found[key].setdefault(load.label, (name, component.origin.of("resources")))
    for tier in dict.fromkeys(m.hop.tier for m in registry.mirrors if m.site is not None):
        place = tier.origin.of("spec", "mirror", "resources")
        for key in (key for key in found if silent({"resources": mirror_resources(tier)}, key)):
            found[key][tier.name] = (f'the mirror of registry tier "{tier.name}"', place)
    return found


def _report_silent(what: tuple[str, DocumentOrigin], key: str, group: StationGroup, sink: Sink) -> None:
    name, at = what
    sink.report(
        MP4053,
        f'{name} states no {_WORDS[key]}, and the quota of station group "{group.name}" turns away what does not',
        at.span,
        related=[Related("this budget makes the quota", group.budgets[key].origin(group.origin).span)],
        hint=f"state resources.requests.{key}",
    )
