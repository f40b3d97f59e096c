"""What a back end sees while it lowers a class: the plan, the holes, and texts rendered for each place."""

from __future__ import annotations

from dataclasses import dataclass

from milepost.lower.faults import TextFaults
from milepost.lower.stencil import Stencil
from milepost.lower.texts import Known, Text, pins, with_names
from milepost.model.fleet import Component, Station, StationGroup
from milepost.model.manifest import Manifest, hole
from milepost.model.origin import At
from milepost.model.plan import Plan, Workload
from milepost.model.template import GROUP_ROOTS, STATION_ROOTS, roots


@dataclass(slots=True, eq=False)
class StationScope:
    """A class of stations."""

    plan: Plan
    stencil: Stencil[Station]
    faults: TextFaults
    known: Known
    made: dict[Workload, tuple[Manifest, Stencil[Station]]]
    """Workload objects of all classes so far, and the holes in them: classes share most of their workloads."""

    @property
    def namespace(self) -> str:
        return hole("group")

    def name(self, stem: str) -> str:
        """Objects of a station end in its name."""
        return f"{stem}-{hole('station')}"

    def labels(self) -> dict[str, str]:
        """What tells this station's pods from those of its neighbours."""
        return {f"{self.plan.fleet.catalog.label_domain}/station": hole("station")}

    def text(self, template: str, component: Component, at: At) -> str:
        """``template`` as text, or as a hole that is filled at each station."""
        text = Text(template, component, at, self.faults)
        if not roots(template) & (STATION_ROOTS | GROUP_ROOTS):
            return text.everywhere(self.plan)
        return with_names(template) or self.stencil.hole(text.hole, text.by_station(self.known))

    def image(self, component: Component, repository: str) -> str:
        """The image with its digest, as the version that runs at each station has it."""
        reference = pins(self.plan, component, repository)
        return self.stencil.hole(
            f"image.{component.application}.{repository}", lambda station, _: reference(station.group)
        )


@dataclass(slots=True, eq=False)
class GroupScope:
    """A class of station groups."""

    plan: Plan
    stencil: Stencil[StationGroup]
    faults: TextFaults
    known: Known

    @property
    def namespace(self) -> str:
        return hole("group")

    def name(self, stem: str) -> str:
        """Objects of a group are alone of their stem in the group's namespace."""
        return stem

    def labels(self) -> dict[str, str]:
        return {}

    def text(self, template: str, component: Component, at: At) -> str:
        """``template`` as text, or as a hole that is filled at each group."""
        text = Text(template, component, at, self.faults)
        if not roots(template) & GROUP_ROOTS:
            return text.everywhere(self.plan)
        return with_names(template) or self.stencil.hole(text.hole, text.by_group(self.known))

    def image(self, component: Component, repository: str) -> str:
        reference = pins(self.plan, component, repository)
        return self.stencil.hole(
            f"image.{component.application}.{repository}", lambda group, _: reference(group.name)
        )


Scope = StationScope | GroupScope
