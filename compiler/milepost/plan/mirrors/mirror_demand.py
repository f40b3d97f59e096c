"""Mirror demand: what the nodes behind a mirror may ever pull from it, each layer of every version in use counted once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from milepost.diagnostics import Sink
from milepost.model.fleet import Application, Component, Fleet, Station
from milepost.model.plan import Placement, RunningVersions, StationSignature
from milepost.plan.images.versions_in_use import locked, versions_in_use
from milepost.plan.placement.selector_matching import architectures

_Kind = tuple[str, frozenset[str]]
"""The key of an edition and the architectures that a station has which it is placed at."""


class MirrorDemand:
    """Layers by what decides them: which applications and which architectures there are."""

    def __init__(self, fleet: Fleet, running: RunningVersions, placement: Placement) -> None:
        self._fleet, self._alike = fleet, placement.signature_index
        self._versions = {a.key: versions_in_use(a, fleet, running) for a in fleet.editions}
        self._known: dict[tuple[str, frozenset[str], str], Mapping[str, int]] = {}
        self._at = [_kinds(shape) for shape in placement.signatures]
        self._bytes: dict[tuple[frozenset[_Kind], str], int] = {}

    def bytes_of(self, stations: Iterable[Station], host: str) -> int:
        """Compressed bytes of the images of ``host`` that nodes of ``stations`` may run; an upper bound."""
        # Stations of one signature run the same images. The set of signatures has a few members
        # where the list of stations has thousands.
        numbers = {self._alike[station.name] for station in stations}
        kinds = frozenset[_Kind]().union(*[self._at[number] for number in numbers])
        # Sections have the same mixture of stations over and over: the union of layers, the
        # dear part, is made once for each mixture.
        if (kinds, host) not in self._bytes:
            found: dict[str, int] = {}
            for key, present in kinds:
                found |= self._layers(key, present, host)
            self._bytes[kinds, host] = sum(found.values())
        return self._bytes[kinds, host]

    def _layers(self, key: str, present: frozenset[str], host: str) -> Mapping[str, int]:
        asked = (key, present, host)
        if asked not in self._known:
            found: dict[str, int] = {}
            # Of every edition, since a wave may switch its stations to another one.
            for edition in self._fleet.editions_of(self._fleet.of_key(key).name):
                for component in edition.components:
                    if any(r.startswith(f"{host}/") for r in component.image.repositories.values()):
                        found |= self._of_component(component, edition, present)
            self._known[asked] = found
        return self._known[asked]

    def _of_component(
        self, component: Component, edition: Application, present: frozenset[str]
    ) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for version in self._versions[edition.key]:
            # A sink of its own that is dropped: the pass `image_architectures` has reported
            # what is not locked, and each fault is told once.
            entries = locked(component.image, edition.versions[version][component.image.name], Sink())
            for architecture in architectures(component.selector, present & entries.keys()):
                for name, platform in entries[architecture].platforms.items():
                    if name == architecture:
                        found |= platform.sizes
        return found


def _kinds(shape: StationSignature) -> Sequence[_Kind]:
    present = frozenset([node.profile.architecture for node in shape.stations[0].nodes])
    return [(name, present) for name in shape.applications]
