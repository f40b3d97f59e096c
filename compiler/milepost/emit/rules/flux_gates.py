"""Flux gates: Flux waits for pre-pulls and their success, never for pods on nodes that may be offline."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model.document import Path
from milepost.model.kinds import DAEMON_SET, FLUX_KUSTOMIZATION, KINDS, Runs, names

MP6051 = Code(
    "MP6051",
    "ineffective or stuck Flux gate",
    "Custom resources without a health check count as ready at once, so a pre-pull needs one and `wait: true`. Waiting for "
    "workloads at the edge never ends: some node is always offline. `readyExpr` replaces the check of the revision, and a "
    "dependency on another source passes on its old state.",
    "# lower makes Flux's objects; a patch cannot reach them\n",
)
_AT_THE_EDGE = names(lambda kind: kind.runs is Runs.UNTIL_REMOVED)
_PREPULLS = {kind.name: kind.group for kind in KINDS if kind.prepull}


def check(rendered: Rendered, findings: Findings) -> None:
    units = [
        obj
        for obj in rendered.of(FLUX_KUSTOMIZATION.name)
        if obj.api_version == FLUX_KUSTOMIZATION.api_version
    ]
    by_name = {unit.name: unit for unit in units}
    for unit in units:
        kinds = {kind for _, kind in rendered.kinds.get(folder(unit), ())}
        for path, predicate in (*_waits(unit.body["spec"], kinds), *_dependencies(unit, by_name)):
            findings.add(MP6051, unit, ("spec", *path), predicate)
    _folders(units, rendered, findings)


def folder(unit: RenderedObject) -> str:
    return posixpath.normpath(str(unit.body["spec"]["path"]))


def _waits(spec: Mapping[str, Any], kinds: set[str]) -> Iterator[tuple[Path, str]]:
    judged = {e.get("kind") for e in spec.get("healthCheckExprs") or ()}
    # Pods that pull images are judged by an expression that lets some of them be missing.
    pulls = {DAEMON_SET.name} & judged if "/prepull/" in f"{spec['path']}/" else set()
    if spec.get("wait") and kinds & _AT_THE_EDGE - pulls:
        yield ("wait",), "waits for pods at the edge, of which some are always offline"
    for kind in sorted(kinds & _PREPULLS.keys()):
        checks = [
            e for e in spec.get("healthCheckExprs") or () if e["apiVersion"].startswith(f"{_PREPULLS[kind]}/")
        ]
        if not spec.get("wait"):
            yield ("wait",), f"must be true, so that others wait for the {kind}"
        # An expression without `kind` is for the whole API group in Flux. Without `failed` a
        # failed pull is waited for until the timeout.
        if not any(e.get("kind") in (None, kind) and e.get("failed") for e in checks):
            yield ("healthCheckExprs",), f"says nothing of the {kind}, which would count as done at once"


def _dependencies(unit: RenderedObject, by_name: Mapping[str, RenderedObject]) -> Iterator[tuple[Path, str]]:
    for index, dependency in enumerate(unit.body["spec"].get("dependsOn") or ()):
        path = ("dependsOn", index)
        other = by_name.get(dependency["name"])
        if dependency.get("readyExpr"):
            yield (*path, "readyExpr"), "replaces the check of the revision"
        if other is None or dependency.get("namespace") not in (None, unit.namespace):
            yield path, f'names "{dependency["name"]}", which is not there'
        # Flux compares the applied revision with the artifact only where both share one source
        # object (`checkDependencies`).
        elif other.body["spec"]["sourceRef"] != unit.body["spec"]["sourceRef"]:
            yield path, f'names "{other.name}", which has another source, so its old state would pass'
        elif unit.name in _needs(other, by_name):
            yield path, f'names "{other.name}", which depends on this one'


def _needs(unit: RenderedObject, by_name: Mapping[str, RenderedObject]) -> set[str]:
    """Everything that a unit depends on, directly or not."""
    found: set[str] = set()
    waiting = [unit]
    while waiting:
        for dependency in waiting.pop().body["spec"].get("dependsOn") or ():
            # A set of what was seen, so that a ring of dependencies, which is what is looked
            # for, does not run for ever.
            if dependency["name"] not in found:
                found.add(dependency["name"])
                waiting += [by_name[dependency["name"]]] if dependency["name"] in by_name else []
    return found


def _folders(units: list[RenderedObject], rendered: Rendered, findings: Findings) -> None:
    """Every unit has an existing folder, and no two units share one."""
    seen: dict[str, str] = {}
    for unit in units:
        here = folder(unit)
        if here not in rendered.kustomizations:
            findings.add(MP6051, unit, ("spec", "path"), f'"{here}" has no kustomization.yaml in the tree')
        if here in seen:
            findings.add(MP6051, unit, ("spec", "path"), f'"{here}" is synced by "{seen[here]}" too')
        seen.setdefault(here, unit.name)
