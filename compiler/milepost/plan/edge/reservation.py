"""Reservations: how EdgeCore's configuration keeps from pods exactly what a hardware profile reserves.

The kubelet hands out capacity - systemReserved - hard eviction threshold. So the threshold is part of what is reserved, and
what remains of it goes to the system.
"""

from __future__ import annotations

from milepost.model.edge_nodes import Reservation
from milepost.model.fleet import Profile

MEBI = 1024 * 1024
EDGECORE_MEMORY = 70 * MEBI
"""What EdgeCore itself takes (KubeEdge's report of its test with 100,000 nodes)."""
DEFAULT_EVICTION = 100 * MEBI
"""``memory.available`` of the kubelet's own default."""
POD_MEMORY = 16 * MEBI
"""A node holds a pod for each of these at most: below it the sandboxes and shims of pods are what fills the memory."""
MOST_PODS = 110
"""EdgeCore's default, and Kubernetes' recommendation."""
LEAST_PODS = 16


def reservation(profile: Profile) -> Reservation:
    """The threshold is a twentieth of the memory and a tenth of the disk at most, and at most half of what is reserved."""
    evict_memory = min(DEFAULT_EVICTION, _mebi(profile.memory // 20), _mebi(profile.reserved_memory // 2))
    evict_disk = min(_mebi(profile.disk // 10), _mebi(profile.reserved_disk // 2))
    return Reservation(
        profile.reserved_cpu,
        profile.reserved_memory - evict_memory,
        profile.reserved_disk - evict_disk,
        evict_memory,
        evict_disk,
    )


def least_reserved() -> int:
    """Bytes of memory below which EdgeCore itself has no room beside the threshold."""
    # The threshold is at most half of what is reserved, so twice its own need is always enough.
    return 2 * EDGECORE_MEMORY


def max_pods(profile: Profile) -> int:
    """Pods that a node may have, by its memory alone: a number that follows applications would change every node's file."""
    room = (profile.memory - profile.reserved_memory) // POD_MEMORY
    return max(LEAST_PODS, min(MOST_PODS, room))


def _mebi(size: int) -> int:
    return size // MEBI * MEBI
