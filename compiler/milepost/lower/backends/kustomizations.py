"""Kustomizations: the ``kustomization.yaml`` of every unit, with its files and, for a station group, its releases."""

from __future__ import annotations

from collections.abc import Iterable

from milepost.lower import switch_units
from milepost.lower.backend import OutputIndex
from milepost.lower.running_versions import cloud_versions, running_versions
from milepost.model import layout
from milepost.model.cloud_side import UNIT
from milepost.model.delivery.base import engine
from milepost.model.manifest import StaticFile
from milepost.model.plan import Plan

HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"


def lower_listing(plan: Plan, index: OutputIndex) -> Iterable[StaticFile]:
    versions = running_versions(plan)
    marked = engine(plan.fleet.province.sync.engine).HELD
    yield from switch_units.folders(plan)
    for unit, files in index.folders().items():
        # Nothing but `resources` and `components`: labels, namespaces and names stand in the
        # files. Each transformer of kustomize costs 3 to 40 % of a build, and twenty `images:`
        # entries double it.
        text = HEAD + "resources:\n" + "".join(f"  - {name}\n" for name in files)
        # No group has an empty name; a group that is called as the cloud's unit is another one.
        group = unit.removeprefix("groups/") if unit.startswith("groups/") else ""
        placed = cloud_versions(plan) if unit == UNIT else versions.get(group, {})
        if placed:
            up = "../" * (unit.count("/") + 1)
            # A folder outside the unit is allowed as a component, also under kustomize's
            # default load restrictor; a single file there is not.
            named = [plan.fleet.application(name).release(version) for name, version in placed.items()]
            # In the folder and not in the object that syncs it: that one may be a commit behind
            # when the version moves.
            named += (
                [f"held.{application}" for application in switch_units.held(plan, group)] if marked else []
            )
            pins = "".join(f"  - {up}releases/{name}\n" for name in sorted(named))
            text += "components:\n" + pins + _renames(plan, group, placed)
        yield StaticFile(layout.LISTING.path(unit=unit), text)


def _renames(plan: Plan, group: str, applications: Iterable[str]) -> str:
    """Where nodes cannot be told of mirrors, references name the nearest one; kustomize puts releases in place first."""
    if not plan.registry.rewritten.get(group):
        return ""
    named = {
        repository
        for name in applications
        for edition in plan.fleet.editions_of(name)
        for repository in (
            *(r for c in edition.components for r in c.image.repositories.values()),
            *plan.images.carried.get(edition.key, ()),
        )
    }
    moved = [(name, new) for name in sorted(named) if (new := plan.registry.repository(group, name)) != name]
    lines = [f"  - name: {name}\n    newName: {new}\n" for name, new in moved]
    return "images:\n" + "".join(lines) if lines else ""
