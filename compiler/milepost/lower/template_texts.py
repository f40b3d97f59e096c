"""Template texts: what they may name at a station and in a group, and how they are filled there.

A filler knows the plan and nothing of the scope that asked for it: a scope knows its fillers, and a ring of the two would
stay in memory, the whole province with it, until Python looks for rings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from milepost.lower.placeholders import Filler
from milepost.lower.text_faults import TextFaults
from milepost.model.fleet import Component, FrozenValues, Station, StationGroup, plain
from milepost.model.manifest import placeholder
from milepost.model.origin import DocumentOrigin
from milepost.model.plan import Plan
from milepost.model.record import record
from milepost.model.row_record import Carried
from milepost.model.spec.network import DeviceRow
from milepost.model.spec.node import NodeRow
from milepost.model.spec.station import StationRow
from milepost.model.template import BadTemplateError, renderer

NODE_FIELDS = {"name": "spec.nodeName", "address": "status.hostIP"}
"""``node.name`` and ``node.address``, and the fields of the pod that Kubernetes' downward API fills on the node."""
NODE_VARIABLES = {attribute: f"MILEPOST_NODE_{attribute.upper()}" for attribute in NODE_FIELDS}
"""Environment variables that carry them into longer texts."""
STATION_COLUMNS = Carried(StationRow)
"""What ``station`` has as its row in inventory says it."""
NODE_COLUMNS = Carried(NodeRow)
"""What each of ``station.nodes`` has so."""
DEVICE_COLUMNS = Carried(DeviceRow)
"""What each of ``station.devices`` has so."""
_ON_THE_NODE = {"node": {attribute: f"$({name})" for attribute, name in NODE_VARIABLES.items()}}


_NAME = r"\{\{ *(station|group)\.name *\}\}"
_NAMES = re.compile(rf'(?:[^{{"\\\x00-\x1f]|{_NAME}){{1,1000}}')
"""Too short to be too much, whatever the names are. Nothing in it looks different in JSON, so hashes of what the text says
are those of any other spelling of it.
"""


@record
class TemplateText:
    """One template of a component, and the place in the fleet spec where it stands."""

    template: str
    component: Component
    at: DocumentOrigin
    faults: TextFaults

    @property
    def placeholder(self) -> str:
        """The name of the placeholder that it fills."""
        path = ".".join(map(str, self.at.path))
        return f"text.{self.component.application}.{self.component.name}.{path}"

    def with_names(self) -> str | None:
        """A short text that uses nothing but names which every file has placeholders for, with those placeholders: it
        needs none of its own.
        """
        if not _NAMES.fullmatch(self.template):
            return None
        # One name is as good as any other to see whether the text around it can be parsed.
        self.checked(re.sub(_NAME, "a", self.template), None)
        return re.sub(_NAME, lambda name: placeholder(name[1]), self.template)

    def everywhere(self, plan: Plan) -> str:
        """Where it names nothing that differs within the province."""
        return self._filled(_shared_values(plan, self.component) | _ON_THE_NODE, None)

    def at_province(self, plan: Plan) -> str:
        """On the cloud side: over the values of the province, with the version that runs there."""
        application = plan.fleet.application(self.component.application)
        values = {
            **_shared_values(plan, self.component),
            **_ON_THE_NODE,
            "application": {"name": application.name, "version": application.version},
            "values": plain(plan.fleet.province.values),
        }
        return self._filled(values, None)

    def by_group(self, known: TemplateValues) -> Filler[StationGroup]:
        return lambda group, _: self._filled(known.in_group(group.name, self.component), None)

    def by_station(self, known: TemplateValues) -> Filler[Station]:
        def fill(station: Station, _: Mapping[str, str]) -> str:
            values = known.in_group(station.group, self.component) | known.at_station(station)
            if (frozen := known.frozen(self.component)) is not None:
                province = known.plan.fleet.province.name
                values["values"] = frozen.over(values["values"], province, station)
            return self._filled(values, station)

        return fill

    @property
    def format(self) -> str:
        """What the file is that it fills; empty for variables and arguments."""
        kind, index = self.at.path[-3:-1]
        return self.component.settings.files[int(index)].format if kind == "files" else ""

    def checked(self, text: str, station: Station | None) -> str:
        """``text``; where it is not what its file is said to be, the fault is kept for the report."""
        if (form := self.format) and (fault := self.faults.syntax.fault(form, text)):
            self.faults.add_broken(fault, form, text, self.at, station)
        return text

    def _filled(self, values: Mapping[str, Any], station: Station | None) -> str:
        # A template that ran into its limit would do so at every other station as well: minutes
        # of work for the same message.
        if self.faults.gave_up(self.at):
            return ""
        try:
            return self.checked(renderer(self.template)(values), station)
        except BadTemplateError as fault:
            self.faults.add(fault, self.at, self.template, station)
            return ""


@dataclass(slots=True, eq=False)
class TemplateValues:
    """What templates may name at each place, made once for all texts: a group has many, with many stations each."""

    plan: Plan
    _groups: dict[tuple[str, Component], dict[str, Any]] = field(default_factory=dict)
    _frozen: dict[str, FrozenValues] = field(init=False)
    _station: Station | None = None
    _values: dict[str, Any] = field(default_factory=dict)
    """Of ``_station``: all texts of a station are filled before those of another."""

    def __post_init__(self) -> None:
        self._frozen = {edition.key: edition.values for edition in self.plan.fleet.catalog.editions}

    def in_group(self, group: str, component: Component) -> dict[str, Any]:
        known = self._groups.get((group, component))
        if known is None:
            known = group_values(self.plan, self.plan.fleet.groups[group], component) | _ON_THE_NODE
            self._groups[group, component] = known
        return known

    def frozen(self, component: Component) -> FrozenValues | None:
        """What an edition goes on reading; None for what people edit."""
        return self._frozen.get(component.edition)

    def at_station(self, station: Station) -> dict[str, Any]:
        # Only the last one is kept: the values of all stations would be a second copy of the
        # inventory in memory.
        if self._station is not station:
            self._station, self._values = station, station_values(self.plan, station)
        return self._values


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
            "version": plan.running.of_group[group.name][component.application],
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
            **STATION_COLUMNS.mapping(station.row),
            "title": station.row.title or station.name,
            "province": plan.fleet.province.name,
            "labels": plain(station.labels),
            "nodes": [
                {
                    **NODE_COLUMNS.mapping(node.row),
                    "roles": node.roles,
                    "architecture": node.profile.architecture,
                }
                for node in station.nodes
            ],
            "addresses": {address.name: address.row.addresses[0] for address in station.addresses},
            "devices": [DEVICE_COLUMNS.mapping(device.row) for device in station.devices],
        },
    }


def pins(plan: Plan, component: Component, repository: str) -> Callable[[str], str]:
    """Station group to ``repository@sha256:...`` of the version that runs there."""

    @cache
    def pinned(group: str) -> str:
        # The version of the group and not of the application: a release moves it wave by wave.
        version = plan.running.of_group[group][component.application]
        tag = plan.fleet.edition(component.application, version).versions[version][component.image.name]
        named = plan.registry.repository(group, repository)
        return f"{named}@{component.image.digest(tag, repository)}"

    return pinned
