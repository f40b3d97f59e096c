"""The border between what is written and what is meant: parsed models -> frozen settings that later stages read.

No later stage sees a model of the spec: what a document looks like may change without one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from milepost.model import spec
from milepost.model.bit_rate import bits_per_second
from milepost.model.cluster_limits import SetLimits
from milepost.model.component_settings import (
    ComponentSettings,
    ConfigMount,
    ContainerPort,
    ContainerProbe,
    ContainerProbes,
    CronSchedule,
    HttpProbe,
    LocalDirectory,
    PodVolume,
    SecretMount,
    ToleratedTaint,
)
from milepost.model.config_format import format_of
from milepost.model.duration import seconds
from milepost.model.edge_settings import (
    CloudCoreEndpoint,
    CloudCorePorts,
    CloudCoreSettings,
    EdgeImageReference,
    EdgeSettings,
    NodeUpgradeSettings,
    ReconnectSettings,
)
from milepost.model.locked_images import LockedBuild, LockedImage
from milepost.model.matchers import FailoverRule, NodeMatcher, PlacementRule, StationMatcher
from milepost.model.parsed import ParsedDocument
from milepost.model.pod_template import Template, mapping
from milepost.model.province_settings import (
    CloudPool,
    CloudSettings,
    ClusterVersions,
    DeliverySource,
    PrepullSettings,
    PullHelper,
    RoadStretch,
    SyncSettings,
)
from milepost.model.quantity import bytes_of, millicores
from milepost.model.resource_request import ResourceRequest
from milepost.model.tier_settings import MirrorDisk, MirrorSettings, TierSettings

T = TypeVar("T")


def _as(kind: Callable[..., T], model: object, **own: Any) -> T:
    """``kind`` of the fields of the same names; what is not meant as it is written stands in ``own``."""
    of_kind: Any = kind
    named = {name: getattr(model, name) for name in of_kind._fields if name not in own}
    return kind(**named, **own)


def station_matcher(selector: spec.application.StationSelector) -> StationMatcher:
    return _as(StationMatcher, selector)


def node_matcher(selector: spec.node_group.NodeSelector) -> NodeMatcher:
    return _as(NodeMatcher, selector)


def placement_rule(rule: spec.application.TopologyRule) -> PlacementRule:
    return _as(PlacementRule, rule)


def failover_rule(
    rule: spec.application.TopologyRule, prefer: tuple[NodeMatcher, ...]
) -> FailoverRule | None:
    """None for a rule that only says who shares a node."""
    components = rule.standby or rule.mutual or (rule.active.components if rule.active else [])
    if not components:
        return None
    addresses: dict[str, tuple[str, ...]] = {rule.address: tuple(components)} if rule.address else {}
    for name, led in rule.addresses.items():
        for address in led:
            addresses[address] = (*addresses.get(address, ()), name)
    return FailoverRule(
        form=next(form for form in spec.application.PATTERNS if getattr(rule, form) is not None),
        components=tuple(components),
        least=rule.active.min if rule.active else 0,
        addresses=addresses,
        prefer=prefer,
        failback=rule.failback,
        takeover=float(seconds(rule.takeover)),
    )


def component(entry: spec.application.ComponentEntry) -> ComponentSettings:
    return _as(
        ComponentSettings,
        entry,
        workload=entry.workload_kind.name,
        cron=None if entry.cron is None else _as(CronSchedule, entry.cron),
        files=tuple([_as(ConfigMount, f, format=format_of(f.path, f.format)) for f in entry.files]),
        secrets=tuple([_as(SecretMount, secret) for secret in entry.secrets]),
        ports=tuple([_as(ContainerPort, port) for port in entry.ports]),
        probes=ContainerProbes(
            _probe(entry.probes.startup), _probe(entry.probes.readiness), _probe(entry.probes.liveness)
        ),
        tolerations=tuple([_as(ToleratedTaint, each) for each in entry.tolerations]),
        volumes=tuple([_volume(volume) for volume in entry.volumes]),
    )


def manifest_pod(entry: spec.application.ComponentEntry, pod: Template) -> Template:
    """``pod`` without what the component says otherwise by leaving the node's network."""
    if entry.host_network or "host_network" not in entry.model_fields_set:
        return pod
    own = {key: value for key, value in mapping(pod.get("spec")).items() if key != "hostNetwork"}
    return {**pod, "spec": own}


def over_pod(
    entry: spec.application.ComponentEntry, own: ComponentSettings, pod: Template | None
) -> ComponentSettings:
    """``own``, where what the component leaves out is what the pod template of its manifest says: proofs count with it."""
    below = mapping((pod or {}).get("spec"))
    grace = below.get("terminationGracePeriodSeconds")
    if "grace" not in entry.model_fields_set and type(grace) is int and grace >= 0:
        own = own._replace(grace=f"{grace}s")
    return own._replace(host_network=True) if below.get("hostNetwork") is True else own


def _probe(probe: spec.application.Probe | None) -> ContainerProbe | None:
    if probe is None:
        return None
    return _as(ContainerProbe, probe, http=None if probe.http is None else _as(HttpProbe, probe.http))


def _volume(volume: spec.application.Volume) -> PodVolume:
    local = None if volume.local is None else _as(LocalDirectory, volume.local)
    return _as(PodVolume, volume, local=local)


def tier(body: spec.registry_tier.RegistryTierSpec) -> TierSettings:
    mirror = None if body.mirror is None else _mirror(body.mirror)
    return _as(TierSettings, body, mirror=mirror)


def _mirror(mirror: spec.registry_tier.MirrorEntry) -> MirrorSettings:
    return _as(
        MirrorSettings,
        mirror,
        storage=_as(MirrorDisk, mirror.storage),
        resources=mirror.resources.model_dump(exclude_none=True),
    )


def cluster(body: spec.province.Cluster) -> ClusterVersions:
    return _as(ClusterVersions, body)


def cloud(body: spec.cloud_nodes.CloudEntry) -> CloudSettings:
    pool = body.pool
    room = pool and ResourceRequest(millicores(pool.cpu), bytes_of(pool.memory))
    return CloudSettings(
        body.labels,
        CloudPool(pool.nodes, room) if pool and room else None,
        body.budgets.model_dump(exclude_none=True),
    )


def cloudcore(body: spec.cloudcore.CloudCoreEntry) -> CloudCoreSettings:
    lines = {name: getattr(body.endpoints, name) for name in type(body.endpoints).model_fields}
    back = body.reconnect
    return _as(
        CloudCoreSettings,
        body,
        endpoints={name: _endpoint(found) for name, found in lines.items() if found is not None},
        servers=tuple(body.servers),
        grace_period=seconds(body.grace_period),
        reconnect=ReconnectSettings(
            None if back.within is None else seconds(back.within),
            back.heartbeat.least,
            back.heartbeat.most,
            back.rate,
        ),
    )


def _endpoint(body: spec.cloudcore.CloudCoreEndpointEntry) -> CloudCoreEndpoint:
    return CloudCoreEndpoint(body.host, tuple(body.addresses), _as(CloudCorePorts, body.ports))


def edge(body: spec.edge_settings.EdgeEntry) -> EdgeSettings:
    fields = type(body.modules).model_fields
    modules = {str(field.alias): getattr(body.modules, name) for name, field in fields.items()}
    return _as(
        EdgeSettings,
        body,
        modules={name: frozenset(found.roles) for name, found in modules.items() if found is not None},
        sandbox=None if body.sandbox is None else _as(EdgeImageReference, body.sandbox),
        installation=None if body.installation is None else _as(EdgeImageReference, body.installation),
        telemetry=0 if body.telemetry is None else bits_per_second(body.telemetry),
    )


def node_upgrade(body: spec.edge_settings.NodeUpgradeEntry) -> NodeUpgradeSettings:
    return _as(
        NodeUpgradeSettings,
        body,
        installation=_as(EdgeImageReference, body.installation),
        waves=tuple([(wave.name, tuple(wave.groups)) for wave in body.waves]),
    )


def sync(body: spec.fleet.Sync) -> SyncSettings:
    return _as(SyncSettings, body, source=_as(DeliverySource, body.source))


def prepull(body: spec.prepull_settings.Prepull) -> PrepullSettings:
    helper = None if body.helper is None else _as(PullHelper, body.helper)
    return _as(PrepullSettings, body, helper=helper)


def cluster_limits(policy: ParsedDocument[spec.PolicyDocument]) -> SetLimits:
    most = policy.model.spec.cluster_limits.model_dump(by_alias=True, exclude_none=True)
    return SetLimits(
        {name: amount if isinstance(amount, int) else bytes_of(amount) for name, amount in most.items()},
        policy.at.of("spec", "clusterLimits"),
    )


def road(body: spec.station_group.Road) -> RoadStretch:
    return _as(RoadStretch, body)


def locked(entry: spec.image_lock.LockedVersion) -> LockedImage:
    platforms = {str(name): _as(LockedBuild, platform) for name, platform in entry.platforms.items()}
    return LockedImage(entry.repository, entry.digest, platforms)
