"""What a back end sees while it lowers a class: the plan, the holes, and texts rendered for each place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from milepost.lower.faults import TextFaults
from milepost.lower.stencil import Stencil
from milepost.model.fleet import Component, Station, StationGroup, plain
from milepost.model.manifest import hole
from milepost.model.origin import At
from milepost.model.plan import Plan
from milepost.model.template import GROUP_ROOTS, NODE_ROOTS, STATION_ROOTS, BadTemplateError, render, roots

NODE_FIELDS = {"name": "spec.nodeName", "address": "status.hostIP"}
"""``node.name`` and ``node.address``, and the fields of the pod that Kubernetes' downward API fills on the node."""
NODE_VARIABLES = {attribute: f"MILEPOST_NODE_{attribute.upper()}" for attribute in NODE_FIELDS}
"""Environment variables that carry them into longer texts."""
_ON_THE_NODE = {attribute: f"$({name})" for attribute, name in NODE_VARIABLES.items()}


@dataclass(slots=True, eq=False)
class StationScope:
    """A class of stations."""

    plan: Plan
    stencil: Stencil[Station]
    faults: TextFaults
    _latest: tuple[Station | None, dict[str, Any]] = (None, {})

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
        used = roots(template)
        if not used & (STATION_ROOTS | GROUP_ROOTS):
            return _rendered(template, _shared_values(self.plan, component), at, None, self.faults)
        groups: dict[str, dict[str, Any]] = {}

        def fill(station: Station, _: Mapping[str, str]) -> str:
            if station.group not in groups:
                groups[station.group] = group_values(self.plan, self.plan.groups[station.group], component)
            values = {**groups[station.group], **self._station_values(station)}
            return _rendered(template, values, at, station, self.faults)

        return self.stencil.hole(_hole_name(component, at), fill)

    def _station_values(self, station: Station) -> dict[str, Any]:
        """Kept for the next text: all texts of one station are filled before those of another."""
        if self._latest[0] is not station:
            self._latest = (station, station_values(self.plan, station))
        return self._latest[1]

    def image(self, component: Component, repository: str) -> str:
        """The image with its digest, as the version that runs at each station has it."""
        return self.stencil.hole(
            f"image.{component.application}.{repository}",
            lambda station, _: pinned(self.plan, component, repository, station.group),
        )


@dataclass(slots=True, eq=False)
class GroupScope:
    """A class of station groups."""

    plan: Plan
    stencil: Stencil[StationGroup]
    faults: TextFaults

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
        if not roots(template) & GROUP_ROOTS:
            return _rendered(template, _shared_values(self.plan, component), at, None, self.faults)
        return self.stencil.hole(
            _hole_name(component, at),
            lambda group, _: _rendered(
                template, group_values(self.plan, group, component), at, None, self.faults
            ),
        )

    def image(self, component: Component, repository: str) -> str:
        return self.stencil.hole(
            f"image.{component.application}.{repository}",
            lambda group, _: pinned(self.plan, component, repository, group.name),
        )


Scope = StationScope | GroupScope


def _hole_name(component: Component, at: At) -> str:
    return f"text.{component.application}.{component.name}.{'.'.join(map(str, at.path))}"


def _rendered(
    template: str, values: Mapping[str, Any], at: At, station: Station | None, faults: TextFaults
) -> str:
    if roots(template) & NODE_ROOTS:
        values = {**values, "node": _ON_THE_NODE}
    try:
        return render(template, values)
    except BadTemplateError as fault:
        faults.add(fault, at, station)
        return ""


def _shared_values(plan: Plan, component: Component) -> dict[str, Any]:
    """What is the same all over the province."""
    return {
        "fleet": {"name": plan.fleet.catalog.name},
        "province": {"name": plan.fleet.province.name},
        "component": {"name": component.name},
    }


def group_values(plan: Plan, group: StationGroup, component: Component) -> dict[str, Any]:
    """``group.name``, ``group.road.code|name|from|to``, and the version that runs there."""
    road = group.road
    return {
        **_shared_values(plan, component),
        "application": {
            "name": component.application,
            "version": plan.versions[group.name][component.application],
        },
        "group": {
            "name": group.name,
            "road": {"code": road.code, "name": road.name, "from": road.start, "to": road.end},
        },
    }


def station_values(plan: Plan, station: Station) -> dict[str, Any]:
    """What templates of every component may name at ``station``; the reference documents it."""
    return {
        "values": plain(station.values),
        "station": {
            "name": station.name,
            "title": station.title or station.name,
            "type": station.type,
            "stake": station.stake,
            "group": station.group,
            "province": plan.fleet.province.name,
            "parent": station.parent,
            "labels": plain(station.labels),
            "nodes": [
                {
                    "name": node.name,
                    "address": node.address,
                    "roles": node.roles,
                    "architecture": node.profile.architecture,
                }
                for node in station.nodes
            ],
        },
    }


def pinned(plan: Plan, component: Component, repository: str, group: str) -> str:
    """``repository@sha256:...`` of the version that runs in ``group``."""
    application = plan.application(component.application)
    tag = application.versions[plan.versions[group][application.name]][component.image.name]
    named = plan.registry.repository(group, repository)
    return f"{named}@{component.image.digest(tag, repository)}"
