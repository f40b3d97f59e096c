"""Pod templates as far as an existing manifest and a patch have a say: what lies beneath, and what wins.

``draft`` is the part of a pod that others than the cluster look at: containers, what they ask for, where they listen.
Refuses to know names, images and places: those are lowered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from milepost.model.merging import merge

Template = Mapping[str, Any]
"""A pod template as a manifest has it: ``metadata`` and ``spec``."""
DECIDES_PLACEMENT = frozenset(
    {
        "affinity",
        "nodeName",
        "nodeSelector",
        "overhead",
        "resourceClaims",
        "resources",
        "runtimeClassName",
        "schedulerName",
        "schedulingGates",
        "topologySpreadConstraints",
    }
)
"""Of a pod's spec: what says where pods run, or how much room each takes there beside its containers'."""
DECIDED = DECIDES_PLACEMENT | {
    "containers",
    "preemptionPolicy",
    "priority",
    "priorityClassName",
    "restartPolicy",
    "tolerations",
}
"""Of a pod's spec: what Milepost decides, and never takes from a manifest."""


class DraftedPort(Protocol):
    """A port of a container."""

    @property
    def name(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def protocol(self) -> str: ...


class DraftedComponent(Protocol):
    """What a draft takes of a component, as written or as meant."""

    @property
    def name(self) -> str: ...
    @property
    def host_network(self) -> bool: ...
    @property
    def ports(self) -> Sequence[DraftedPort]: ...
    @property
    def container_resources(self) -> Mapping[str, Mapping[str, str]]: ...
    @property
    def patch(self) -> Mapping[str, Any] | None: ...


def over_manifest(pod: Template | None, own: Mapping[str, Any]) -> list[Any]:
    """The containers of an existing pod template with the component's own over the one that it takes the place of."""
    containers = [dict(c) for c in (pod or {}).get("spec", {}).get("containers", ())]
    if not containers:
        return [dict(own)]
    names = [c.get("name") for c in containers]
    # The first one where no name fits: a manifest with one container called otherwise is the
    # usual case.
    place = names.index(own["name"]) if own["name"] in names else 0
    containers[place] = merge({**containers[place], "name": own["name"]}, own)
    return containers


def beneath(pod: Template | None) -> dict[str, Any]:
    """The spec of an existing pod template without its containers, and without what is decided here."""
    return {key: value for key, value in (pod or {}).get("spec", {}).items() if key not in DECIDED}


def draft(members: Sequence[tuple[DraftedComponent, Template | None]]) -> Template:
    """The pod spec that these components share, each with the template that it starts from; patches are merged in."""
    containers: list[Any] = []
    spec: Any = {}
    for component, pod in members:
        own = over_manifest(pod, _container(component))
        containers = merge(containers, own) if containers else own
        spec = merge(spec, beneath(pod))
    network = {"hostNetwork": True} if any(component.host_network for component, _ in members) else {}
    body: Any = {"spec": {"template": {"spec": merge(spec, {**network, "containers": containers})}}}
    for component, _ in members:
        # Patches last and through the whole workload, as lowering does, so that proofs count
        # what will run.
        body = merge(body, component.patch or {})
    return mapping(mapping(mapping(body.get("spec")).get("template")).get("spec"))


def _container(component: DraftedComponent) -> dict[str, Any]:
    said = {"ports": ports(component), "resources": resources(component)}
    # What is left out leaves that of the manifest; an empty list would take its place.
    return {"name": component.name, **{key: value for key, value in said.items() if value}}


def ports(component: DraftedComponent) -> list[dict[str, Any]]:
    """The ports of its container, in Kubernetes' words."""
    return [{"name": p.name, "containerPort": p.port, "protocol": p.protocol} for p in component.ports]


def resources(component: DraftedComponent) -> dict[str, Any]:
    """What its container asks for and may take, in Kubernetes' words."""
    return {kind: dict(amounts) for kind, amounts in component.container_resources.items()}


def containers(spec: Template, *fields: str) -> Iterable[Mapping[str, Any]]:
    """The containers in ``fields`` of a pod's spec: ``containers``, ``initContainers``."""
    for field in fields:
        found = spec.get(field)
        for container in found if isinstance(found, list | tuple) else ():
            yield mapping(container)


def mapping(value: Any) -> Mapping[str, Any]:
    """``value``, or nothing where it is no mapping."""
    return value if isinstance(value, Mapping) else {}
