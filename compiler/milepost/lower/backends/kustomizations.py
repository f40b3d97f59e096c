"""``kustomization.yaml`` of every unit: its files by name, and for a station group the versions that it runs."""

from __future__ import annotations

from collections.abc import Iterable

from milepost.lower.base import Index
from milepost.model.manifest import TextSheet
from milepost.model.plan import Plan

HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"


def lower_listing(plan: Plan, index: Index) -> Iterable[TextSheet]:
    for unit, files in index.folders().items():
        text = HEAD + "resources:\n" + "".join(f"  - {name}\n" for name in files)
        group = unit.removeprefix("groups/")
        if group in plan.versions and unit.startswith("groups/"):
            versions = sorted(plan.versions[group].items())
            text += "components:\n" + "".join(
                f"  - ../../releases/{app}-{version}\n" for app, version in versions
            )
        yield TextSheet(f"{unit}/kustomization.yaml", text)
