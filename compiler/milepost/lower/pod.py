"""Pod templates: where the pods of a workload may go, that they stay through a cut line, what they run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from milepost.lower.container import container, volumes
from milepost.lower.scope import EDGE, PART_OF, Scope
from milepost.model import kinds
from milepost.model.duration import seconds
from milepost.model.fleet import Component
from milepost.model.manifest import PLACEHOLDER_OPEN, filler, placeholder
from milepost.model.merging import merge
from milepost.model.plan import Workload
from milepost.model.pod_template import beneath, mapping, over_manifest

TOLERATIONS = [
    {"key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute"},
    {"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute"},
]
"""Without seconds: a node behind a cut line is unreachable for days, and its pods go on working."""

PRIORITIES = {"critical": 1_000_000, "normal": 100_000, "background": 1_000}
_PREFERRED = frozenset({"automountServiceAccountToken", "dnsPolicy", "enableServiceLinks"})
"""What is said of every pod unless its manifest says it: nobody said it here."""
HOSTNAME = "kubernetes.io/hostname"


def pod_labels(workload: Workload, scope: Scope) -> dict[str, str]:
    """Labels of the pods; ``selector_labels`` are among them."""
    domain = scope.plan.fleet.catalog.label_domain
    labels = {
        "app.kubernetes.io/name": workload.members[0],
        PART_OF: workload.application,
        **selector_labels(workload, scope),
    }
    return labels | {f"{domain}/bond": workload.bond} if workload.bond else labels


def selector_labels(workload: Workload, scope: Scope) -> dict[str, str]:
    """What selects the pods of this workload object and of no other in the namespace. Immutable once applied."""
    domain = scope.plan.fleet.catalog.label_domain
    labels = service_labels(workload, scope)
    if workload.variant is not None:
        # Two variants of one component stand in one namespace. With equal selectors each would
        # count the other's pods as its own.
        labels[f"{domain}/variant"] = workload.variant
    if workload.instance is not None:
        labels[f"{domain}/instance"] = workload.instance
    return labels


def service_labels(workload: Workload, scope: Scope) -> dict[str, str]:
    """What selects the pods of a component at a station, whatever their architecture.

    KubeEdge copies the pods of an EdgeApplication with the labels of its template, so none carries its station; EdgeMesh
    then keeps to the node group, which is the station.
    """
    domain = scope.plan.fleet.catalog.label_domain
    return {
        f"{domain}/workload": workload.label,
        **({} if workload.kind == kinds.EDGE_APPLICATION.name else scope.labels()),
    }


def patience(workload: Workload) -> dict[str, int]:
    """The part of a workload's spec that says how long a new pod must have been ready before the next one restarts."""
    return {"minReadySeconds": workload.min_ready} if workload.min_ready else {}


def pod_template(workload: Workload, scope: Scope) -> dict[str, Any]:
    """The pod template; an existing manifest that a component starts from lies beneath."""
    members = scope.plan.members(workload)
    containers: list[Any] = []
    below: dict[str, Any] = {}
    for component in members:
        own = container(component, workload, scope)
        containers = (
            merge(containers, over_manifest(component.pod, own))
            if containers
            else over_manifest(component.pod, own)
        )
        below = merge(below, beneath(component.pod))
    own = _pod_spec(workload, scope, containers)
    for field in _PREFERRED & below.keys():
        own.pop(field, None)
    return {"metadata": _metadata(workload, scope), "spec": merge(below, own)}


def _metadata(workload: Workload, scope: Scope) -> dict[str, Any]:
    """Labels and annotations: of the existing manifests what is not said here, and no labels of Milepost's domain."""
    domain = scope.plan.fleet.catalog.label_domain
    labels, annotations = pod_labels(workload, scope), dict[str, Any]()
    for component in scope.plan.members(workload):
        found = mapping((component.pod or {}).get("metadata"))
        own = mapping(found.get("labels")).items()
        labels = {key: value for key, value in own if not key.startswith(f"{domain}/")} | labels
        annotations |= mapping(found.get("annotations"))
    # A changed ConfigMap restarts nothing; a changed annotation of the pod template does.
    if digest := _config_digest(workload, scope):
        annotations[f"{domain}/config"] = digest
    return {"labels": labels, "annotations": annotations} if annotations else {"labels": labels}


def _pod_spec(workload: Workload, scope: Scope, containers: list[Any]) -> dict[str, Any]:
    members = scope.plan.members(workload)
    network = any(c.settings.host_network for c in members)
    found: dict[str, Any] = {
        "hostNetwork": True if network else None,
        # With hostNetwork, ClusterFirst silently means Default: names of Services would not resolve.
        "dnsPolicy": "ClusterFirstWithHostNet" if network else None,
        # Each token is a request over the line at every start. Whoever needs one says so in a
        # patch.
        "automountServiceAccountToken": False,
        # Otherwise variables for every Service of the namespace stand in every container, hundreds in a large group.
        "enableServiceLinks": False,
        "priorityClassName": f"milepost-{max((c.settings.priority for c in members), key=PRIORITIES.__getitem__)}",
        "terminationGracePeriodSeconds": max(seconds(c.settings.grace) for c in members),
        # Jobs may not have the default, `Always`. With `Never` each try would leave a pod
        # behind on the node.
        "restartPolicy": "OnFailure" if workload.kind in kinds.BATCH else None,
        "nodeSelector": _node_selector(workload, scope),
        "affinity": _affinity(workload, scope),
        # In the cloud a lost node is lost, and its pods start elsewhere after Kubernetes' own five minutes.
        "tolerations": [*(TOLERATIONS if scope.on_the_edge else ()), *_tolerations(members)],
        "containers": containers,
        "volumes": [
            volume
            for c in members
            for volume in volumes(
                c, scope.name(f"{c.application}-{c.name}"), scope.name(f"{workload.stem}-{c.name}")
            )
        ],
    }
    return {key: value for key, value in found.items() if value not in (None, [], {})}


def _tolerations(members: Sequence[Component]) -> list[dict[str, str]]:
    """Each once, in the order in which they are said."""
    found = dict.fromkeys(taint for component in members for taint in component.settings.tolerations)
    return [{key: value for key, value in taint._asdict().items() if value} for taint in found]


def _node_selector(workload: Workload, scope: Scope) -> dict[str, str]:
    pin = {} if workload.pin is None else {HOSTNAME: placeholder(f"node.{workload.pin}")}
    return dict(sorted({**scope.nodes, **dict(workload.terms.equal), **pin}.items()))


def _affinity(workload: Workload, scope: Scope) -> dict[str, Any]:
    within = [("kubernetes.io/arch", workload.architectures), *workload.terms.within]
    expressions = [{"key": key, "operator": "In", "values": list(values)} for key, values in within]
    elsewhere = [] if scope.on_the_edge else [{"key": next(iter(EDGE)), "operator": "DoesNotExist"}]
    # Expressions of a term are anded, terms are ored: each choice is a term of its own.
    terms = [
        {
            "matchExpressions": [
                *elsewhere,
                *expressions,
                *({"key": key, "operator": "Exists"} for key in choice),
            ]
        }
        for choice in workload.terms.choices()
    ]
    node = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
    found: dict[str, Any] = {"nodeAffinity": node}
    domain = scope.plan.fleet.catalog.label_domain
    if workload.near is not None:
        # Without the station's label: the pod to follow may be of a DaemonSet of the whole
        # group, and the topology key keeps it to one node.
        found["podAffinity"] = _required([{"matchLabels": {f"{domain}/workload": workload.near}}])
    if workload.bond is not None:
        # The first pod of a bond matches its own term, so it may start anywhere; the others follow it.
        found["podAffinity"] = _required(
            [{"matchLabels": {f"{domain}/bond": workload.bond, **scope.labels()}}]
        )
    if workload.apart:
        found["podAntiAffinity"] = _required(
            [_apart(workload, scope, narrow) for narrow in (True, False) if _labels(workload, narrow)]
        )
    return found


def _apart(workload: Workload, scope: Scope, narrow: bool) -> dict[str, Any]:
    """Pods that carry the station's label are looked for at the station alone."""
    domain = scope.plan.fleet.catalog.label_domain
    expression = {"key": f"{domain}/workload", "operator": "In", "values": _labels(workload, narrow)}
    labels = scope.labels() if narrow else {}
    return (
        {"matchLabels": labels, "matchExpressions": [expression]}
        if labels
        else {"matchExpressions": [expression]}
    )


def _labels(workload: Workload, narrow: bool) -> list[str]:
    return [label for label, per_station in workload.apart if per_station is narrow]


def _required(selectors: list[dict[str, Any]]) -> dict[str, Any]:
    terms = [{"labelSelector": selector, "topologyKey": HOSTNAME} for selector in selectors]
    return {"requiredDuringSchedulingIgnoredDuringExecution": terms}


def _config_digest(workload: Workload, scope: Scope) -> str:
    """A digest of the config files: pods restart where their files change, and nowhere else."""
    texts = [
        scope.text(c.templates[f.path], c, c.origin.of("files", i, "template" if f.template else "content"))
        for c in scope.plan.members(workload)
        for i, f in enumerate(c.settings.files)
    ]
    return _digest(texts, f"config.{workload.label}", scope) if texts else ""


def _digest(body: Any, name: str, scope: Scope) -> str:
    """The digest of ``body``, or a placeholder where ``body`` has placeholders."""
    # Not escaped: `\u` sequences would hide the placeholders from the filler.
    pattern = json.dumps(body, sort_keys=True, ensure_ascii=False)
    fill = filler(pattern)

    def filled(_: Any, values: Mapping[str, str]) -> str:
        # Forty bits: enough to tell a few versions of one object apart, and short enough for a
        # name.
        return hashlib.sha256(fill(values).encode()).hexdigest()[:10]

    return scope.placeholders.placeholder(name, filled) if PLACEHOLDER_OPEN in pattern else filled(None, {})


def content_hash(body: Any, workload: Workload, scope: Scope) -> str:
    """A hash of ``body`` as it is at each place; for names of objects that cannot be changed."""
    return _digest(body, f"hash.{workload.stem}", scope)
