"""Registry mirrors: those of the province in a unit and a namespace of their own, those of a section on one of its
nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from milepost.diagnostics import Sink
from milepost.lower.backend import OutputIndex, PlacedManifest
from milepost.lower.mirror import NAMESPACE, MirrorPlacement, config_map, deployment, digest, labels, port
from milepost.lower.pod import HOSTNAME, TOLERATIONS
from milepost.lower.registry_config import configurations
from milepost.lower.scope import EDGE
from milepost.lower.sites import SiteClass, classes
from milepost.model import kinds, layout
from milepost.model.manifest import Manifest, ManifestTemplate
from milepost.model.objects import kubernetes_object
from milepost.model.plan import Plan
from milepost.model.registry_routing import Mirror, RegistrySite

_EDGE_ROLE = next(iter(EDGE))


def lower_province(plan: Plan, sink: Sink) -> Iterable[PlacedManifest | ManifestTemplate]:
    central = [mirror for mirror in plan.registry.mirrors if mirror.site is None]
    for mirror in central:
        for body, reason in _in_the_cluster(mirror, plan):
            manifest = Manifest(body, mirror.hop.tier.origin.of("spec", "mirror"), reason)
            yield PlacedManifest(layout.MIRROR.path(tier=mirror.hop.tier.name), manifest)
    # A dict and not a set, for its order: templates must come the same way in every run.
    for tier in dict.fromkeys(m.hop.tier for m in plan.registry.mirrors if m.site is not None):
        sites = {m.site: m for m in plan.registry.mirrors if m.site is not None and m.hop.tier is tier}
        for site_class in classes(sites, _shape, plan.fleet.catalog.label_domain):
            yield site_class.template(_at_sites(site_class, plan), f"registry-{tier.name}")


def lower_namespaces(plan: Plan, index: OutputIndex) -> Iterable[PlacedManifest]:
    central = [mirror for mirror in plan.registry.mirrors if mirror.site is None]
    if central:
        labels = index.levels[NAMESPACE].labels
        body = kubernetes_object(kinds.NAMESPACE, NAMESPACE, labels=labels)
        reason = "mirrors of the province hold images of all groups, so they belong to none"
        yield PlacedManifest(
            layout.MIRROR.path(tier="namespace"), Manifest(body, central[0].hop.tier.origin, reason)
        )


def _shape(site: RegistrySite, mirror: Mirror) -> object:
    return mirror.upstream.tier.name, mirror.upstream.secure


def _in_the_cluster(mirror: Mirror, plan: Plan) -> Iterator[tuple[dict[str, Any], str]]:
    spec = mirror.hop.tier.settings.mirror
    assert spec is not None, "only what Milepost runs is a Mirror"
    texts = configurations(mirror.upstream.address, port(mirror), tls=mirror.hop.secure)
    # KubeEdge sets no taint on edge nodes, so only this keeps a mirror of the centre off them.
    away = {"key": _EDGE_ROLE, "operator": "DoesNotExist"}
    scheduling = {
        "nodeSelector": dict(mirror.hop.tier.selector[0].labels),
        "affinity": _affinity(mirror, away),
    }
    place = MirrorPlacement(
        mirror.hop.tier.name, NAMESPACE, labels(mirror, plan), {k: v for k, v in scheduling.items() if v}
    )
    yield config_map(place, texts), "the pull-through mirror, and the plain registry that stands in for it"
    if spec.storage.storage_class is not None:
        yield (
            _claim(plan, place, spec.storage.storage_class, spec.storage.size),
            "what was fetched stays over a restart",
        )
    yield deployment(mirror, place, plan.fleet.catalog.label_domain, digest(texts)), mirror.reason
    if spec.expose == "load-balancer":
        yield _service(mirror, place), "nodes reach the mirror through the load balancer"


def _at_sites(site_class: SiteClass[Mirror], plan: Plan) -> Iterator[Manifest]:
    mirror = site_class.first
    origin = mirror.hop.tier.origin.of("spec", "mirror")
    upstream = site_class.text("upstream", lambda _, m: m.upstream.address)
    texts = configurations(upstream, port(mirror), tls=mirror.hop.secure)
    config = site_class.text("config", lambda _, m: _digest(m.upstream.address, port(m), m.hop.secure))
    # By name: the storage lies on this node, and the endpoint leads to it.
    node = {**EDGE, HOSTNAME: site_class.text("node", lambda _, m: m.node.name if m.node else "")}
    own = {**labels(mirror, plan), **(site_class.labels() if site_class.of_stations else {})}
    scheduling = {"nodeSelector": node, "affinity": _affinity(mirror), "tolerations": TOLERATIONS}
    stem = site_class.name(f"milepost-registry-{mirror.hop.tier.name}")
    place = MirrorPlacement(stem, site_class.namespace, own, scheduling)
    yield Manifest(
        config_map(place, texts),
        origin,
        "the pull-through mirror, and the plain registry that stands in for it",
    )
    yield Manifest(deployment(mirror, place, plan.fleet.catalog.label_domain, config), origin, mirror.reason)


@cache
def _digest(upstream: str, port: int, tls: bool) -> str:
    """Most mirrors of a tier pull from the same one."""
    return digest(configurations(upstream, port, tls=tls))


def _affinity(mirror: Mirror, *also: dict[str, Any]) -> dict[str, Any]:
    built = {"key": "kubernetes.io/arch", "operator": "In", "values": list(mirror.platforms)}
    terms = [{"matchExpressions": [built, *also]}]
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}


def _claim(plan: Plan, place: MirrorPlacement, storage_class: str, size: str) -> dict[str, Any]:
    return kubernetes_object(
        kinds.PERSISTENT_VOLUME_CLAIM,
        place.name,
        namespace=place.namespace,
        spec={
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": storage_class,
            "resources": {"requests": {"storage": size}},
        },
    )


def _service(mirror: Mirror, place: MirrorPlacement) -> dict[str, Any]:
    ports = [{"name": "registry", "port": mirror.hop.port, "protocol": "TCP", "targetPort": port(mirror)}]
    spec = {"type": "LoadBalancer", "ports": ports, "selector": dict(place.labels)}
    return kubernetes_object(kinds.SERVICE, place.name, namespace=place.namespace, spec=spec)
