"""What the nodes behind a mirror may ever pull from it: the layers of every version in use, each counted once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from milepost.diagnostics import Sink
from milepost.model.fleet import Component, Station
from milepost.model.plan import Plan
from milepost.plan.in_use import locked, versions_in_use
from milepost.plan.matching import architectures, fitting


class Needs:
    """Layers by what decides them: which applications and which architectures there are."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._versions = {a.name: versions_in_use(plan, a) for a in plan.fleet.catalog.applications}
        self._known: dict[tuple[str, frozenset[str], str], Mapping[str, int]] = {}
        self._at: dict[int, tuple[tuple[str, frozenset[str]], ...]] = {}

    def bytes_of(self, stations: Iterable[Station], host: str) -> int:
        """Compressed bytes of the images of ``host`` that nodes of ``stations`` may run; an upper bound."""
        kinds = {self._plan.alike[station.name]: station for station in stations}
        found: dict[str, int] = {}
        for application, present in set().union(*map(self._kinds, kinds, kinds.values())):
            found |= self._layers(application, present, host)
        return sum(found.values())

    def _kinds(self, number: int, station: Station) -> tuple[tuple[str, frozenset[str]], ...]:
        """The applications of stations of one ``number``, with their architectures; mirrors of every level ask."""
        found = self._at.get(number)
        if found is None:
            present = frozenset([node.profile.architecture for node in station.nodes])
            fleet = self._plan.fleet
            names = fitting(fleet.catalog.applications, station, fleet.province.name)
            found = self._at[number] = tuple([(name, present) for name in names])
        return found

    def _layers(self, application: str, present: frozenset[str], host: str) -> Mapping[str, int]:
        key = (application, present, host)
        if key not in self._known:
            found: dict[str, int] = {}
            for component in self._plan.application(application).components:
                if any(r.startswith(f"{host}/") for r in component.image.repositories.values()):
                    found |= self._of_component(component, present)
            self._known[key] = found
        return self._known[key]

    def _of_component(self, component: Component, present: frozenset[str]) -> Mapping[str, int]:
        application = self._plan.application(component.application)
        found: dict[str, int] = {}
        for version in self._versions[application.name]:
            entries = locked(component.image, application.versions[version][component.image.name], Sink())
            for architecture in architectures(component.selector, present & entries.keys()):
                for name, platform in entries[architecture].platforms.items():
                    if name == architecture:
                        found |= {layer.digest: layer.size for layer in platform.layers}
        return found
