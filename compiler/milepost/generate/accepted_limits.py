"""Accepted limits of a generated fleet: what its Policy says where a province is larger than Kubernetes is tested with."""

from __future__ import annotations

import math
from collections.abc import Callable

from milepost.model.cluster_limits import BY_NAME, NEAR

_AMOUNTS: dict[str, Callable[[int], float]] = {
    "nodes": lambda nodes: nodes,
    "pods": lambda nodes: 6 * nodes,
    "namespaces": lambda nodes: nodes / 60,
    "services": lambda nodes: 0.3 * nodes,
    "daemonSetChecks": lambda nodes: 0.134 * nodes * nodes,
    "etcdBytes": lambda nodes: 60_000 * nodes,
}
"""About what a generated province of so many nodes has; never less."""
_REASON = """\
  # More than Kubernetes is tested with. Edge nodes do not watch the API server, they are told by CloudCore; the makers of
  # KubeEdge ran 100,000 of them in one cluster. Whoever runs these clusters has accepted that.
  clusterLimits:
"""


def cluster_limits(nodes: int) -> str:
    """Lines of the Policy, with room to grow; none where the largest province of ``nodes`` keeps to the usual limits."""
    found = {name: amount(nodes) / NEAR for name, amount in _AMOUNTS.items()}
    above = {name: most for name, most in found.items() if most > BY_NAME[name].most}
    lines = [f"    {name}: {_rounded(most)}\n" for name, most in above.items()]
    return _REASON + "".join(lines) if lines else ""


def _rounded(most: float) -> int:
    """To two digits, upward."""
    unit: int = 10 ** max(len(str(int(most))) - 2, 0)
    return math.ceil(most / unit) * unit
