"""Pod placement: which workloads each station and each station group has, decided per signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter

from milepost.diagnostics import Code, Related, Sink
from milepost.diagnostics.wording import and_more
from milepost.model.fleet import Application, Fleet, Settings, Station, StationGroup
from milepost.model.plan import (
    GroupClass,
    ImageBuilds,
    Placement,
    PodLoad,
    RunningVersions,
    SelectingLabels,
    StationClass,
    StationSignature,
    Workload,
)
from milepost.plan.pass_order import Role
from milepost.plan.placement.pods import Pod
from milepost.plan.placement.selector_matching import fitting, mentioned_labels
from milepost.plan.placement.station_solver import (
    PlacementProblem,
    PlacementSolution,
    PlacementSolver,
    group_workload,
    needs_slots,
)
from milepost.plan.placement.topology import pods

MP4001 = Code(
    "MP4001",
    "not enough matching nodes",
    "Instances of a component never share a node, so a station needs as many matching nodes as replicas.",
    "components: [{name: service, image: service, replicas: 3}]\n# at a station of 2 nodes\n",
)
MP4002 = Code(
    "MP4002",
    "more nodes than stateful replicas",
    "The data of a StatefulSet lies on a node's disk, so each instance is pinned to one node. If more nodes match than "
    "there are instances, the choice could change when a node is added, and the instance would start empty elsewhere.",
    "components: [{name: redis, image: redis, workload: StatefulSet}]\n# at a station of 2 nodes\n",
)
MP4004 = Code(
    "MP4004",
    "pod may stay unschedulable",
    "Pods that must stay apart compete for nodes. In the worst order that the scheduler may choose, one of them would "
    "wait for ever.",
    "topology: [{apart: [redis, mysql]}]\n# and both fit the same single node\n",
)
MP4005 = Code(
    "MP4005",
    "availability contract does not hold",
    "A component with `survives: N` must still have an instance after any N nodes of its station are lost. Pods are not "
    "moved from a lost node, since a node behind a cut line looks the same and goes on working.",
    "components: [{name: service, image: service, replicas: 1, survives: 1}]\n",
)
MP4009 = Code(
    "MP4009",
    "no image for a node's architecture",
    "A node that the component should run on has an architecture that the image was not built for.",
    "# an image for amd64 alone, on every node of a station with an arm64 lane computer\n",
)
MP4019 = Code(
    "MP4019",
    "data instances without slots",
    "A StatefulSet with several instances keeps data on several nodes. Which instance is whose must not follow from the "
    "order of their names: a replaced machine would have another name, and the data of a healthy one would go to another "
    "instance. So each matching node says its `slot`, the place at the station that stays when the machine is replaced.",
    "name,station,profile,roles,slot\nredis-a,yueyang,box,data,0\nredis-b,yueyang,box,data,\n# replicas: 2\n",
)
MP4016 = Code(
    "MP4016",
    "instances restart together",
    "A component with `survives` keeps an instance while its version changes: its DaemonSet or Deployment restarts one "
    "after the other. Instances that have objects of their own nobody holds back: they all restart when the new version "
    "arrives.",
    "components: [{name: redis, image: redis, workload: StatefulSet, replicas: 2, survives: 1}]\n",
)
CODES = {code.id: code for code in (MP4001, MP4002, MP4004, MP4005, MP4009, MP4016, MP4019)}
_NAMED = 3
"""Stations that a message names; the others are counted."""


ROLE = Role.DECIDES


def run(
    fleet: Fleet, running: RunningVersions, images: ImageBuilds, labels: SelectingLabels, sink: Sink
) -> Placement:
    catalog = fleet.catalog
    by_application = {
        a.key: pods(a, images.platforms, images.builds, catalog.label_domain, sink)
        for a in fleet.editions
        if a.at_stations
    }
    # Rules that contradict each other leave pods without an answer. Solving on would report
    # every station for one cause in the spec.
    if sink.failed:
        return Placement({}, (), (), ())
    signatures = _Signatures(fleet, running, by_application, labels)
    for group in fleet.province.groups:
        for station in group.stations:
            signatures.place(station)
    shapes = signatures.shapes()
    _report_all(shapes, signatures.solutions, sink)
    classes = _station_classes(shapes, signatures.solutions)
    return Placement(
        signatures.signature_index,
        shapes,
        classes,
        _group_classes(fleet.province.groups, signatures, shapes),
        tuple(signatures.resting),
    )


class _Signatures:
    """What decides the place of pods at a station; stations that have it in common are one shape, solved once."""

    def __init__(
        self,
        fleet: Fleet,
        running: RunningVersions,
        by_application: Mapping[str, tuple[Pod, ...]],
        labels: SelectingLabels,
    ) -> None:
        self._fleet, self._running = fleet, running
        self.pods = by_application
        everything = [pod for found in by_application.values() for pod in found]
        selectors = [s for pod in everything for s in pod.selectors]
        self.labels = sorted(mentioned_labels(selectors) | labels.keys)
        self.solutions: list[PlacementSolution] = []
        self.resting: dict[Workload, None] = {}
        """Workloads of editions that releases move to or from, as an ordered set."""
        self._resting: list[tuple[PodLoad, ...]] = []
        self.signature_index: dict[str, int] = {}
        self._applications: list[tuple[str, ...]] = []
        self._stations: list[list[Station]] = []
        self._solver = PlacementSolver(everything)
        self._slotted = any(map(needs_slots, everything))
        self._numbers: dict[object, int] = {}
        self._placed_at: dict[object, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._values_of: dict[int, tuple[object, ...]] = {}
        self._values: dict[tuple[object, ...], tuple[object, ...]] = {}

    def place(self, station: Station) -> None:
        # By identity: most nodes have the labels of their station, or of its group.
        known = self._values_of
        kinds: tuple[tuple[object, ...], ...] = tuple(
            [
                # `or` instead of a default argument: `_look_at` must run only for labels that
                # were not seen. The ids stay valid because the fleet holds the objects.
                (n.profile.name, n.roles, known.get(id(n.labels)) or self._look_at(n.labels))
                for n in station.nodes
            ]
        )
        # Slots differ at nearly every station. In the key of a fleet without data instances
        # they would split every signature for nothing.
        if self._slotted:
            kinds = tuple([(*kind, n.row.slot) for kind, n in zip(kinds, station.nodes, strict=True)])
        applications, resting = self._placed(station)
        number = self._numbers.setdefault((station.type, applications, resting, kinds), len(self.solutions))
        if number == len(self.solutions):
            pods = [pod for name in applications for pod in self.pods[name]]
            self.solutions.append(self._solver.solve(station, pods, kinds))
            self._resting.append(self._rest(station, resting, kinds))
            self._applications.append(applications)
            self._stations.append([])
        self._stations[number].append(station)
        self.signature_index[station.name] = number

    def shapes(self) -> tuple[StationSignature, ...]:
        """What was found, by number."""
        found = zip(self._applications, self.solutions, self._stations, self._resting, strict=True)
        return tuple(
            [
                StationSignature(names, solution.loads, tuple(here), resting)
                for names, solution, here, resting in found
            ]
        )

    def _rest(self, station: Station, resting: Sequence[str], kinds: Sequence[object]) -> tuple[PodLoad, ...]:
        """What the editions that do not run at ``station`` now would be there; what is wrong is the station's."""
        pods = [pod for name in resting for pod in self.pods[name]]
        if not pods:
            return ()
        solution = self._solver.solve(station, pods, kinds)
        self.solutions[-1].problems.extend(solution.problems)
        shared = [w for pod in pods if not pod.per_station for w in group_workload(pod)]
        self.resting |= dict.fromkeys((*solution.workloads, *shared))
        return solution.loads

    def _placed(self, station: Station) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Keys of the editions that run at ``station``, and of those that a release moves it to or from."""
        values = self._values_of.get(id(station.labels)) or self._look_at(station.labels)
        key = (station.type, station.group, values)
        found = self._placed_at.get(key)
        if found is None:
            fleet = self._fleet
            versions = self._running.of_group.get(station.group, {}).items()
            editions = [fleet.edition(name, version) for name, version in versions]
            others = _resting(fleet, station.group, editions)
            province = fleet.province.name
            found = fitting(editions, station, province), fitting(others, station, province)
            self._placed_at[key] = found
        return found

    def _look_at(self, labels: Settings) -> tuple[object, ...]:
        """The values of those labels that some selector names; equal ones are interned, which makes comparing them faster."""
        values = tuple([labels[key].value if key in labels else None for key in self.labels])
        found = self._values_of[id(labels)] = self._values.setdefault(values, values)
        return found


def _resting(fleet: Fleet, group: str, running: Sequence[Application]) -> list[Application]:
    """Editions that a release moves ``group`` to or from, and that are not among those that run there."""
    ends = [
        fleet.edition(release.application, version)
        for release in fleet.catalog.releases
        if any(group in wave.groups for wave in release.waves)
        for version in sorted(release.versions)
    ]
    return [edition for edition in dict.fromkeys(ends) if edition not in running]


def _report_all(
    shapes: Sequence[StationSignature], solutions: Sequence[PlacementSolution], sink: Sink
) -> None:
    """Each root cause once: what is wrong with a component, at however many stations it shows."""
    found: dict[tuple[str, str, str], list[_Place]] = {}
    for shape, solution in zip(shapes, solutions, strict=True):
        for problem in solution.problems:
            # Counts of nodes differ between stations with the same fault; the hint says the
            # same everywhere, so it is what joins them.
            kind = problem.hint if problem.node is None else problem.message
            places = [(station, problem) for station in shape.stations]
            found.setdefault((problem.code, problem.pod.label, kind), []).extend(places)
    for places in found.values():
        _report(sorted(places, key=lambda place: place[0].name), sink)


_Place = tuple[Station, PlacementProblem]
"""A station, and what is wrong there."""


def _report(places: Sequence[_Place], sink: Sink) -> None:
    station, problem = places[0]
    more = and_more(len(places) - 1, "station")
    related = [_related(at, other.node) for at, other in places[:_NAMED]]
    if problem.code == "MP4004":
        related += [
            Related("the rule that keeps them apart", at.span) for _, at in problem.pod.apart.values()
        ]
    sink.report(
        CODES[problem.code],
        f'"{problem.pod.main.name}" cannot be placed at station {station.name}{more}: {problem.message}',
        problem.pod.main.origin.of("name").span,
        related=dict.fromkeys(related),
        hint=problem.hint,
    )


def _related(station: Station, node: int | None) -> Related:
    if node is not None:
        return Related(f"node {station.nodes[node].name}", station.nodes[node].origin.span)
    count = "1 node" if len(station.nodes) == 1 else f"{len(station.nodes)} nodes"
    return Related(f"station {station.name} has {count}", station.origin.span)


def _station_classes(
    shapes: Sequence[StationSignature], solutions: Sequence[PlacementSolution]
) -> tuple[StationClass, ...]:
    found: dict[tuple[Workload, ...], list[Station]] = {}
    for shape, solution in zip(shapes, solutions, strict=True):
        found.setdefault(solution.workloads, []).extend(shape.stations)
    # Different signatures may come to the same workloads. Templates are made for each class, so
    # joining them here saves lowering and serializing.
    classes = [StationClass(w, tuple(sorted(s, key=attrgetter("name")))) for w, s in found.items()]
    return tuple(sorted(classes, key=lambda c: c.stations[0].name))


def _group_classes(
    groups: Sequence[StationGroup], signatures: _Signatures, shapes: Sequence[StationSignature]
) -> tuple[GroupClass, ...]:
    found: dict[tuple[Workload, ...], list[StationGroup]] = {}
    of_pod: dict[Pod, tuple[Workload, ...]] = {}
    for group in groups:
        numbers = {signatures.signature_index[station.name] for station in group.stations}
        placed = sorted({name for number in numbers for name in shapes[number].applications})
        shared = [pod for name in placed for pod in signatures.pods[name] if not pod.per_station]
        for pod in shared:
            if pod not in of_pod:
                of_pod[pod] = group_workload(pod)
        workloads = tuple(w for pod in shared for w in of_pod[pod])
        found.setdefault(workloads, []).append(group)
    classes = [GroupClass(workloads, tuple(here)) for workloads, here in found.items()]
    return tuple(sorted(classes, key=lambda c: c.groups[0].name))
