"""Flux's service account: it may write every kind that its units hold."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model import kinds
from milepost.model.kinds import FLUX_KUSTOMIZATION, find

MP6057 = Code(
    "MP6057",
    "kind is not allowed by Flux's service account",
    "Flux applies each unit as a service account, and the role that the tree gives it lists the kinds that it may write. "
    "One kind that is missing there fails the whole unit.",
    "# lower makes Flux's role; a patch can add a kind that it does not know\n",
)
_VERBS = {"create", "patch", "delete"}


def check(rendered: Rendered, findings: Findings) -> None:
    for unit in rendered.of(FLUX_KUSTOMIZATION.name):
        if unit.api_version == FLUX_KUSTOMIZATION.api_version:
            for role in _roles(unit, rendered):
                folder = posixpath.normpath(str(unit.body["spec"]["path"]))
                _missing(folder, role, rendered, findings)


def _roles(unit: RenderedObject, rendered: Rendered) -> Iterator[RenderedObject]:
    """The cluster roles that this tree binds to the unit's service account; none if they come from elsewhere."""
    account = {
        "kind": kinds.SERVICE_ACCOUNT.name,
        "name": unit.body["spec"].get("serviceAccountName"),
        "namespace": unit.namespace,
    }
    for binding in rendered.of(kinds.CLUSTER_ROLE_BINDING.name):
        subjects = [
            {key: subject.get(key) for key in account} for subject in binding.body.get("subjects") or ()
        ]
        if account in subjects:
            name = binding.body["roleRef"]["name"]
            yield from (role for role in rendered.of(kinds.CLUSTER_ROLE.name) if role.name == name)


def _missing(folder: str, role: RenderedObject, rendered: Rendered, findings: Findings) -> None:
    rules = role.body.get("rules") or ()
    allowed = {
        (group, resource)
        for rule in rules
        # Server-side apply is a patch, also for an object that is new; creating one needs
        # `create` besides, and pruning `delete`.
        if {"*"} & set(rule["verbs"]) or set(rule["verbs"]) >= _VERBS
        for group in rule.get("apiGroups") or ()
        for resource in rule.get("resources") or ()
    }
    for group, kind in sorted(rendered.kinds.get(folder, ())):
        resource = _plural(group, kind)
        if not allowed & {(group, resource), (group, "*"), ("*", resource), ("*", "*")}:
            where = f"{resource} of {group}" if group else resource
            findings.add(MP6057, role, ("rules",), f"do not let Flux write {where}")


def _plural(group: str, kind: str) -> str:
    row = find(f"{group}/", kind)
    return row.plural if row else kind.lower()
