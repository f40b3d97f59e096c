"""The scope of a back end while it lowers a class: the plan, the placeholders, and texts rendered for each place."""

from __future__ import annotations

from dataclasses import dataclass

from milepost.lower.placeholders import Placeholders
from milepost.lower.template_texts import TemplateText, TemplateValues, pins, with_names
from milepost.lower.text_faults import TextFaults
from milepost.model.fleet import Component, Station, StationGroup
from milepost.model.manifest import Manifest, placeholder
from milepost.model.origin import DocumentOrigin
from milepost.model.plan import Plan, Workload
from milepost.model.template import GROUP_ROOTS, STATION_ROOTS, roots


@dataclass(slots=True, eq=False)
class StationScope:
    """A class of stations."""

    plan: Plan
    placeholders: Placeholders[Station]
    faults: TextFaults
    known: TemplateValues
    made: dict[Workload, tuple[Manifest, Placeholders[Station]]]
    """Workload objects of all classes so far, and the placeholders in them: classes share most of their workloads."""

    @property
    def namespace(self) -> str:
        return placeholder("group")

    def name(self, stem: str) -> str:
        """Objects of a station end in its name."""
        return f"{stem}-{placeholder('station')}"

    def labels(self) -> dict[str, str]:
        """What tells this station's pods from those of its neighbours."""
        return {f"{self.plan.fleet.catalog.label_domain}/station": placeholder("station")}

    def text(self, template: str, component: Component, at: DocumentOrigin) -> str:
        """``template`` as text, or as a placeholder that is filled at each station."""
        text = TemplateText(template, component, at, self.faults)
        # Filled at once: a placeholder would be filled, and quoted, at every one of tens of
        # thousands of stations.
        if not roots(template) & (STATION_ROOTS | GROUP_ROOTS):
            return text.everywhere(self.plan)
        return with_names(template) or self.placeholders.placeholder(
            text.placeholder, text.by_station(self.known)
        )

    def image(self, component: Component, repository: str) -> str:
        """The image with its digest, as the version that runs at each station has it."""
        reference = pins(self.plan, component, repository)
        return self.placeholders.placeholder(
            f"image.{component.application}.{repository}", lambda station, _: reference(station.group)
        )


@dataclass(slots=True, eq=False)
class GroupScope:
    """A class of station groups."""

    plan: Plan
    placeholders: Placeholders[StationGroup]
    faults: TextFaults
    known: TemplateValues

    @property
    def namespace(self) -> str:
        return placeholder("group")

    def name(self, stem: str) -> str:
        """Objects of a group are alone of their stem in the group's namespace."""
        return stem

    def labels(self) -> dict[str, str]:
        return {}

    def text(self, template: str, component: Component, at: DocumentOrigin) -> str:
        """``template`` as text, or as a placeholder that is filled at each group."""
        text = TemplateText(template, component, at, self.faults)
        if not roots(template) & GROUP_ROOTS:
            return text.everywhere(self.plan)
        return with_names(template) or self.placeholders.placeholder(
            text.placeholder, text.by_group(self.known)
        )

    def image(self, component: Component, repository: str) -> str:
        reference = pins(self.plan, component, repository)
        return self.placeholders.placeholder(
            f"image.{component.application}.{repository}", lambda group, _: reference(group.name)
        )


Scope = StationScope | GroupScope
