"""The scope of a back end while it lowers a class: the plan, the placeholders, and texts rendered for each place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from milepost.lower.placeholders import Placeholders
from milepost.lower.running_versions import cloud_versions
from milepost.lower.template_texts import TemplateText, TemplateValues, pins
from milepost.lower.text_faults import TextFaults
from milepost.model.cloud_side import NAMESPACE
from milepost.model.fleet import Component, Province, Station, StationGroup
from milepost.model.manifest import Manifest, placeholder
from milepost.model.origin import DocumentOrigin
from milepost.model.plan import Plan, Workload
from milepost.model.template import GROUP_ROOTS, STATION_ROOTS, roots

PART_OF = "app.kubernetes.io/part-of"
"""The label that objects of applications carry, and nothing that Milepost runs itself."""
EDGE = {"node-role.kubernetes.io/edge": ""}
"""EdgeCore's kubelet gives its node this label with an empty value: no cloud node is ever matched."""


@dataclass(slots=True, eq=False)
class StationScope:
    """A class of stations."""

    plan: Plan
    placeholders: Placeholders[Station]
    faults: TextFaults
    known: TemplateValues
    made: dict[Workload, tuple[Manifest, Placeholders[Station]]]
    """Workload objects of all classes so far, and the placeholders in them: classes share most of their workloads."""
    on_the_edge: ClassVar[bool] = True

    @property
    def namespace(self) -> str:
        return placeholder("group")

    @property
    def nodes(self) -> dict[str, str]:
        """Labels of the nodes that pods of this scope may run on."""
        return {**EDGE, f"{self.plan.fleet.catalog.label_domain}/station": placeholder("station")}

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
        if named := text.with_names():
            return named
        return self.placeholders.placeholder(text.placeholder, text.by_station(self.known))

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
    on_the_edge: ClassVar[bool] = True

    @property
    def namespace(self) -> str:
        return placeholder("group")

    @property
    def nodes(self) -> dict[str, str]:
        return {**EDGE, f"{self.plan.fleet.catalog.label_domain}/station-group": placeholder("group")}

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
        if named := text.with_names():
            return named
        return self.placeholders.placeholder(text.placeholder, text.by_group(self.known))

    def image(self, component: Component, repository: str) -> str:
        reference = pins(self.plan, component, repository)
        return self.placeholders.placeholder(
            f"image.{component.application}.{repository}", lambda group, _: reference(group.name)
        )


@dataclass(slots=True, eq=False)
class ProvinceScope:
    """The scope of the province's own cluster: its nodes are no edge nodes, and every object exists once."""

    plan: Plan
    placeholders: Placeholders[Province]
    faults: TextFaults
    on_the_edge: ClassVar[bool] = False

    @property
    def namespace(self) -> str:
        return NAMESPACE

    @property
    def nodes(self) -> dict[str, str]:
        return dict(self.plan.fleet.province.cloud.labels)

    def name(self, stem: str) -> str:
        return stem

    def labels(self) -> dict[str, str]:
        return {}

    def text(self, template: str, component: Component, at: DocumentOrigin) -> str:
        """``template`` as text, over the values of the province."""
        return TemplateText(template, component, at, self.faults).at_province(self.plan)

    def image(self, component: Component, repository: str) -> str:
        version = cloud_versions(self.plan)[component.application]
        tag = self.plan.fleet.application(component.application).versions[version][component.image.name]
        return f"{repository}@{component.image.digest(tag, repository)}"


Scope = StationScope | GroupScope | ProvinceScope
