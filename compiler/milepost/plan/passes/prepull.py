"""Pre-pull: which node pulls which image before its wave switches, in which order; and what may not switch before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from milepost.diagnostics import Code, Related, Sink
from milepost.model.delivery.base import engine
from milepost.model.fleet import Fleet
from milepost.model.plan import Placement
from milepost.model.registry_routing import RegistryRouting
from milepost.model.rollout import Gate, Prepulls, WavePull
from milepost.plan.mirrors.mirror_tree import MirrorTree
from milepost.plan.pass_order import Role
from milepost.plan.prepull.image_changes import ImageChanges
from milepost.plan.prepull.pull_stages import WaveInProvince

MP4080 = Code(
    "MP4080",
    "pre-pull unit name collision",
    "The folder of a wave's pre-pull is named after release and wave, and the agent's object after the folder. Flux puts "
    "that name on every object as a label, which holds 63 characters, and two waves cannot share a folder.",
    "# a release tolling-and-clearing-1-5-0 with a wave all-sections-of-the-northern-provinces\n",
)
_LONGEST = 63


ROLE = Role.DECIDES


def run(fleet: Fleet, placement: Placement, registry: RegistryRouting, sink: Sink) -> Prepulls:
    waves = tuple(_waves(fleet, placement, registry))
    _check_units(waves, sink)
    return Prepulls(waves, _gates(fleet, waves))


def _waves(fleet: Fleet, placement: Placement, registry: RegistryRouting) -> Iterator[WavePull]:
    # One tree for all releases: building the ways of every place is the dear part, and `cool`
    # makes mirrors cold again for each wave.
    tree = MirrorTree(fleet, registry)
    for release in fleet.catalog.releases:
        if release.without_prepull is not None:
            continue
        changes = ImageChanges(fleet, placement, release)
        for number in range(len(release.waves)):
            pull = WaveInProvince(fleet, registry, changes, tree, number).pull()
            if pull is not None:
                yield pull


def _gates(fleet: Fleet, pulls: Sequence[WavePull]) -> tuple[Gate, ...]:
    """What has switched waits for its wave's last pull, until somebody says that it was applied."""
    # Without a gate the workload would start pulling while the pre-pull is under way, over the
    # same line. Groups that have not switched must not wait: an unfinished pull would stop
    # drift correction of what runs now.
    waits = engine(fleet.province.sync.engine).ORDERS_UNITS
    found = {
        Gate(nodes.station.group, pull.release.application, pull.stages[-1].unit)
        for pull in pulls
        if pull.switched and not pull.applied
        for stage in pull.stages
        if waits or not pull.stages[-1].unit
        # A group whose nodes pull nothing has nothing to wait for.
        for nodes in stage.pulls
    }
    return tuple(sorted(found))


def _check_units(pulls: Sequence[WavePull], sink: Sink) -> None:
    seen: dict[str, WavePull] = {}
    for pull in pulls:
        at = pull.wave.origin.of("name")
        for unit in dict.fromkeys(stage.unit for stage in pull.stages if stage.unit):
            # As the delivery engines name the unit. The length is checked here, where the
            # wave's line in the spec is known.
            name = f"milepost-{unit.replace('/', '-')}"
            if len(name) > _LONGEST:
                message = f'"{name}" has {len(name)} characters, more than {_LONGEST}'
                sink.report(MP4080, message, at.span, hint="shorten the name of the wave or of the release")
            if (other := seen.setdefault(unit, pull)) is not pull:
                where = other.wave.origin.of("name").span
                message = f'"{unit}" is the folder of two waves'
                sink.report(
                    MP4080, message, at.span, related=[Related("the other one", where)], hint="rename one"
                )
