"""Cluster limits: how large a cluster may be, one row each, with who says so and what helps against it.

The limits of Kubernetes are those up to which its makers test it, "for the largest possible cluster": above them things
get slow, and nobody has promised that they work. A fleet may set others by a Policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from milepost.model.origin import DocumentOrigin

THRESHOLDS = "Kubernetes, SIG Scalability: configs-and-limits/thresholds.md"
NEAR = 0.7
"""The part of a limit from which on a warning says so."""


class ClusterLimit(NamedTuple):
    """A row: the key in a Policy, the largest amount where no Policy says another, what is counted, and who says so."""

    name: str
    most: int
    counted: str
    source: str
    helps: str


LIMITS = (
    ClusterLimit(
        "nodes",
        5_000,
        "nodes",
        THRESHOLDS,
        "give some of its station groups a province of their own, with a cluster of its own",
    ),
    ClusterLimit(
        "pods",
        150_000,
        "pods",
        THRESHOLDS,
        "put components that always run together into one pod with a `together` rule",
    ),
    ClusterLimit("namespaces", 10_000, "namespaces", THRESHOLDS, "join small station groups"),
    ClusterLimit(
        "services",
        10_000,
        "Services",
        THRESHOLDS,
        "say `service: false` for ports that nobody reaches by a name",
    ),
    ClusterLimit("podsPerNamespace", 3_000, "pods in one namespace", THRESHOLDS, "split the station group"),
    ClusterLimit(
        "servicesPerNamespace",
        5_000,
        "Services in one namespace",
        THRESHOLDS,
        "split the station group, or say `service: false` for ports that nobody reaches by a name",
    ),
    ClusterLimit(
        "deploymentsPerNamespace",
        2_000,
        "Deployments in one namespace",
        THRESHOLDS,
        "split the station group",
    ),
    ClusterLimit(
        "backendsPerService",
        250,
        "pods behind one Service",
        THRESHOLDS,
        "split the station group, or say `service: false` where the ports are for the node alone",
    ),
    ClusterLimit(
        "daemonSetChecks",
        20_000_000,
        "pairs of a DaemonSet and a node",
        "Milepost's own: a pass of kube-controller-manager over all of them within some twenty minutes of one processor",
        "say `replicas: every-known-node` where a text of the station makes a DaemonSet per station",
    ),
    ClusterLimit(
        "etcdBytes",
        2 * 1024**3,
        "bytes of objects in etcd",
        "etcd: `--quota-backend-bytes`, 2 GiB where it is not set",
        "set the quota of etcd higher (its makers advise up to 8 GiB), and say so here",
    ),
)
BY_NAME = {limit.name: limit for limit in LIMITS}


class SetLimits(NamedTuple):
    """The limits that one Policy sets, by name, and the place of the Policy."""

    most: Mapping[str, int]
    origin: DocumentOrigin
