"""Upgrade jobs: NodeUpgradeJob and ConfigUpdateJob of KubeEdge (v1alpha2), and the pull of the installation image before them.

Their semantics decide their form. The set of nodes is frozen when a job is first seen, and a node that is offline then has failed
for good: so jobs name nodes, no more than 200, and a person applies them when a wave is due. A changed job is ignored under its old
name: so the name ends in a hash of its content. Without a time-out a lost answer holds a job up for ever.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Any

from milepost.model import kinds
from milepost.model.edge_settings import NodeUpgradeSettings
from milepost.model.fleet import Node
from milepost.model.locked_images import LockedImage
from milepost.model.objects import kubernetes_object

MOST_NODES = 200
"""In one job: its status is one object that is written again for each node."""
STEP = 600
"""Seconds for a node to unpack, stop, start and report, beside the pull."""
DIGEST_KEY = "imageDigestGatter"
"""The field's name in the CRD."""


def pull_job(
    upgrade: NodeUpgradeSettings, image: LockedImage, nodes: Sequence[Node], share: float
) -> dict[str, Any]:
    """The installation image, before anything stops."""
    template = {
        "images": [f"{image.repository}:{upgrade.installation.version}"],
        "nodeNames": [node.name for node in nodes],
        "checkItems": ["disk"],
        "failureTolerate": _fraction(upgrade),
        "concurrency": upgrade.concurrency,
        "timeoutSeconds": _timeout(upgrade, image, nodes, share),
        "retryTimes": 3,
    }
    return _job(kinds.IMAGE_PREPULL_JOB, "upgrade-pull", {"imagePrePullTemplate": template})


def upgrade_job(
    upgrade: NodeUpgradeSettings, image: LockedImage, nodes: Sequence[Node], share: float
) -> dict[str, Any]:
    """EdgeCore itself; a node that does not come back rolls back by itself."""
    spec = {
        "version": f"v{upgrade.to}",
        "image": image.repository,
        "nodeNames": [node.name for node in nodes],
        "checkItems": ["cpu", "mem", "disk"],
        "failureTolerate": _fraction(upgrade),
        "concurrency": upgrade.concurrency,
        "timeoutSeconds": _timeout(upgrade, image, nodes, share),
    }
    return _job(kinds.NODE_UPGRADE_JOB, "upgrade", spec)


def config_job(
    upgrade: NodeUpgradeSettings, fields: Mapping[str, str], nodes: Sequence[Node]
) -> dict[str, Any]:
    """What the class's configuration says, for nodes that joined with an older one."""
    spec = {
        "updateFields": dict(fields),
        "nodeNames": [node.name for node in nodes],
        "failureTolerate": _fraction(upgrade),
        "concurrency": upgrade.concurrency,
        "timeoutSeconds": _rounds(upgrade, nodes) * STEP,
    }
    return _job(kinds.CONFIG_UPDATE_JOB, "config", spec)


def update_fields(body: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """The values of a configuration that a job can carry: it reads ``key=value`` as Helm does, where a dot or a comma in a
    key or a value, and a list, mean something else.
    """
    for key, value in body.items():
        here = (*path, key)
        if isinstance(value, Mapping):
            yield from update_fields(value, here)
        elif isinstance(value, bool | int | str) and path:
            text = json.dumps(value) if isinstance(value, bool | int) else value
            if "." not in key and not any(mark in text for mark in ".,={}"):
                yield ".".join(here), text


def parts(nodes: Sequence[Node]) -> Iterator[Sequence[Node]]:
    """At most 200 nodes each, as even as can be."""
    count = ceil(len(nodes) / MOST_NODES)
    return (nodes[len(nodes) * n // count : len(nodes) * (n + 1) // count] for n in range(count))


def _timeout(upgrade: NodeUpgradeSettings, image: LockedImage, nodes: Sequence[Node], share: float) -> int:
    """KubeEdge counts from the beginning of the job for nodes that have not begun: so it is for all rounds together."""
    size = max((build.size for build in image.platforms.values()), default=0)
    slowest = min((node.access.down for node in nodes if node.access is not None), default=1)
    return ceil(_rounds(upgrade, nodes) * (STEP + size * 8 / (slowest * share)) / STEP) * STEP


def _rounds(upgrade: NodeUpgradeSettings, nodes: Sequence[Node]) -> int:
    return ceil(len(nodes) / upgrade.concurrency) + 1


def _fraction(upgrade: NodeUpgradeSettings) -> str:
    """As text: KubeEdge reads a number as none, and none as nothing tolerated."""
    return f"{upgrade.failure_tolerate:g}"


def _job(kind: kinds.Kind, stem: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    digest = hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:8]
    return kubernetes_object(kind, f"{stem}-{digest}", spec=dict(spec))
