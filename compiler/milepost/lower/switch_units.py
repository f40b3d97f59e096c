"""Switch units: what moves with a release in one section, as a unit of its own for as long as it waits for its pre-pull.

The section's unit lists the same objects and leaves them alone: an object that stays in the inventory of a unit is not
pruned by it, so it may go to another unit and come back, in one commit each, in whichever order an agent takes them.
Both folders say so themselves, in the commit that moves the version: the objects that sync them may be a commit behind.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping

from milepost.lower.scope import PART_OF
from milepost.model import layout
from milepost.model.delivery.base import engine
from milepost.model.manifest import ManifestTemplate, StaticFile, unit_of
from milepost.model.plan import Plan
from milepost.model.rollout import Gate

_LONGEST = 63
"""Of a unit's name, which Flux puts on each object as a label."""
_COMPONENT = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n"
_ANY = {"apiVersion": "v1", "kind": "Any", "metadata": {"name": "any"}}
"""Kustomize wants a name in a patch, and takes its objects by the selector."""


def path(gate: Gate) -> str:
    """The folder of what moves; no name of a station group has a dot."""
    return unit_of(layout.LISTING_SWITCH.path(group=gate.group, application=gate.application))


def name(gate: Gate) -> str:
    """The name of the object that syncs it."""
    whole = f"{gate.group}.{gate.application}"
    if len(whole) <= _LONGEST:
        return whole
    return f"{whole[: _LONGEST - 11]}-{hashlib.sha256(whole.encode()).hexdigest()[:10]}"


def held(plan: Plan, group: str) -> tuple[str, ...]:
    """The applications that the unit of a group leaves alone."""
    return tuple(gate.application for gate in plan.prepulls.gates if gate.group == group)


def components(plan: Plan) -> Iterator[StaticFile]:
    """For each application that waits somewhere: a Component that leaves it alone, and one that takes nothing else."""
    marks = engine(plan.fleet.province.sync.engine).HELD
    for application in sorted({gate.application for gate in plan.prepulls.gates}):
        moves = _patch(f"{PART_OF}!={application}", {"$patch": "delete", **_ANY})
        if marks:
            annotated = {**_ANY, "metadata": {"name": "any", "annotations": dict(marks)}}
            text = _patch(f"{PART_OF}={application}", annotated)
            yield StaticFile(layout.RELEASE.path(release=f"held.{application}"), _COMPONENT + text)
            moves += _patch(f"{PART_OF}={application}", [_removed(mark) for mark in marks])
        yield StaticFile(layout.RELEASE.path(release=f"moves.{application}"), _COMPONENT + moves)


def folders(plan: Plan) -> Iterator[StaticFile]:
    """The kustomization of each: the group's objects, and of them what moves."""
    for gate in plan.prepulls.gates:
        text = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
        text += f"resources:\n  - ../../groups/{gate.group}\n"
        text += f"components:\n  - ../../releases/moves.{gate.application}\n"
        yield StaticFile(layout.LISTING.path(unit=path(gate)), text)


def sizes(plan: Plan, templates: Iterable[ManifestTemplate]) -> Mapping[str, int]:
    """Folder to the number of its objects."""
    waiting = {(gate.group, gate.application): path(gate) for gate in plan.prepulls.gates}
    found = dict.fromkeys(waiting.values(), 0)
    for template in templates if found else ():
        parts = [(m.body["metadata"].get("labels") or {}).get(PART_OF) for m in template.manifests]
        for instance in template.instances:
            group = unit_of(instance.path).removeprefix("groups/")
            for part in filter(None, parts):
                if (moved := waiting.get((group, part))) is not None:
                    found[moved] += 1
    return found


def _patch(selector: str, patch: object) -> str:
    target = json.dumps({"labelSelector": selector})
    return f"  - target: {target}\n    patch: '{json.dumps(patch)}'\n"


def _removed(annotation: str) -> dict[str, str]:
    pointer = annotation.replace("~", "~0").replace("/", "~1")
    return {"op": "remove", "path": f"/metadata/annotations/{pointer}"}
