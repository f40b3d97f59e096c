"""hosts.toml objects: a DaemonSet that puts the file on every node of a site, and the same files for joining machines.

References stay canonical, so what is pre-pulled and what starts is one string; a node asks the nearest tier first and
the centre last. Taken away with its tier, the DaemonSet leaves the files where they are: nodes go on asking the old
tiers, and fall through them, until somebody removes the files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code, Sink
from milepost.lower.backend import OutputIndex, PlacedManifest
from milepost.lower.hosts_faults import hosts_faults, is_address
from milepost.lower.hosts_toml import folder, hosts_toml, secrets
from milepost.lower.pod import TOLERATIONS
from milepost.lower.registry_config import script
from milepost.lower.scope import EDGE
from milepost.lower.sites import SiteClass, classes
from milepost.model import kinds, layout
from milepost.model.manifest import Manifest, ManifestTemplate, StaticFile
from milepost.model.objects import kubernetes_object
from milepost.model.plan import ALL_NODES, Plan
from milepost.model.registry_routing import AGENT_RESOURCES, Chain, HostsAgent, RegistrySite

MP5030 = Code(
    "MP5030",
    "hosts.toml rejected by containerd",
    "containerd ignores a whole hosts.toml for one wrong word, without a word of its own, and pulls from the image's "
    "public host. So each file is read back by strict rules: known keys, the capabilities pull and resolve, a table for "
    "at least one host, and the last tier as `server`.",
    "kind: RegistryTier\nspec: {level: center, endpoint: 'https://registry.example:70000'}\n",
)
CERTS_D = "/etc/containerd/certs.d"
"""containerd's `config_path`: nodes must have it set, which is so by default since 2.0."""
NAME = "milepost-hosts"
_SCRIPT, _WANTED, _PAUSE = "hosts.sh", "/milepost/certs.d", 3600
_REASON = (
    "nodes ask {order}. One that refuses, fails or has nothing costs up to 0.1 s; one that drops packets costs 30 s a "
    "request; one that accepts and never answers holds up the pull without end"
)


def lower_province(plan: Plan, sink: Sink) -> Iterable[PlacedManifest | ManifestTemplate]:
    sites = {site: plan.registry.hosts(site) for site in plan.registry.sites()}
    sound: set[str] = set()
    for chain in (chain for chains in sites.values() for chain in chains):
        _check(chain, sound, sink)
    # Sites without an agent still get their files below `bootstrap`: machines that join need
    # them, whoever puts them there later.
    served = {site: chains for site, chains in sites.items() if site in plan.registry.agents}
    shape = _Shapes(plan.registry.agents)
    for site_class in classes(served, shape, plan.fleet.catalog.label_domain):
        agent = plan.registry.agents[site_class.members[0][0]]
        yield site_class.template(_objects(site_class, agent), "hosts")


def lower_delivery(plan: Plan, index: OutputIndex) -> Iterable[StaticFile]:
    sites = plan.registry.sites()
    if sites:
        yield StaticFile(layout.HOSTS_SCRIPT, script(_SCRIPT))
    for site in sites:
        pattern = layout.HOSTS_STATION if site.station else layout.HOSTS_GROUP
        for chain in plan.registry.hosts(site):
            path = pattern.path(group=site.group, station=site.station, registry=folder(chain))
            yield StaticFile(path, hosts_toml(chain))


class _Shapes:
    """Sites are alike where the same agent writes for the same tiers."""

    def __init__(self, agents: Mapping[RegistrySite, HostsAgent]) -> None:
        self._agents = agents

    def __call__(self, site: RegistrySite, chains: tuple[Chain, ...]) -> object:
        tiers = tuple(tuple(hop.tier.name for hop in chain) for chain in chains)
        return self._agents[site].image, self._agents[site].platforms, tiers


def _check(chain: Chain, sound: set[str], sink: Sink) -> None:
    """Files that differ in addresses alone are as sound as the first of them, where the addresses are addresses."""
    text = shape = hosts_toml(chain)
    for number, address in enumerate(dict.fromkeys(hop.address for hop in chain)):
        if is_address(address):
            shape = shape.replace(f'"{address}"', f'"{number}"')
    # A province has a file for every section and perhaps every station. Reading TOML back for
    # each of them is the dear part of this back end.
    if shape in sound:
        return
    faults = hosts_faults(text)
    if not faults:
        sound.add(shape)
    for fault in faults:
        at = chain[0].tier.origin.of("spec", "endpoint")
        message = f"containerd would not follow hosts.toml of {chain[-1].host}: {fault}"
        sink.report(MP5030, message, at.span, hint="correct the endpoint")


def _objects(site_class: SiteClass[tuple[Chain, ...]], agent: HostsAgent) -> Iterator[Manifest]:
    chains = site_class.first
    origin = chains[0][0].tier.origin
    data = {_SCRIPT: script(_SCRIPT)}
    for index, chain in enumerate(chains):
        data[_key(chain)] = site_class.text(f"hosts.{index}", lambda _, c, index=index: hosts_toml(c[index]))  # type: ignore[misc]
    name = site_class.name(NAME)
    config_map = kubernetes_object(kinds.CONFIG_MAP, name, namespace=site_class.namespace, data=data)
    yield Manifest(config_map, origin, "what containerd asks for images of each registry")
    order = "; ".join(" then ".join(hop.tier.name for hop in chain) for chain in chains)
    yield Manifest(_daemon_set(site_class, agent), origin, _REASON.format(order=order))


def _key(chain: Chain) -> str:
    return f"{folder(chain)}.hosts.toml"


def _daemon_set(site_class: SiteClass[tuple[Chain, ...]], agent: HostsAgent) -> dict[str, Any]:
    own = {"app.kubernetes.io/name": NAME, **site_class.labels()}
    # In the pod template, since a projected volume alone restarts nothing, and the script reads
    # its folder only every hour.
    digest = site_class.text("digest", lambda _, chains: _digest(chains))
    template = {
        "metadata": {"labels": own, "annotations": {f"{site_class.domain}/config": digest}},
        "spec": _pod(site_class, agent),
    }
    return kubernetes_object(
        kinds.DAEMON_SET,
        site_class.name(NAME),
        namespace=site_class.namespace,
        spec={
            "revisionHistoryLimit": 2,
            "selector": {"matchLabels": own},
            # Nodes behind a cut line count as unavailable and must not hold up the others.
            "updateStrategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": 0, "maxUnavailable": ALL_NODES},
            },
            "template": template,
        },
    )


def _digest(chains: Iterable[Chain]) -> str:
    text = "".join(hosts_toml(chain) for chain in chains) + script(_SCRIPT)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _pod(site_class: SiteClass[tuple[Chain, ...]], agent: HostsAgent) -> dict[str, Any]:
    built = {"key": "kubernetes.io/arch", "operator": "In", "values": list(agent.platforms)}
    required = {"nodeSelectorTerms": [{"matchExpressions": [built]}]}
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "priorityClassName": "milepost-normal",
        "terminationGracePeriodSeconds": 5,
        "nodeSelector": dict(sorted({**EDGE, **site_class.labels()}.items())),
        "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}},
        "tolerations": TOLERATIONS,
        "containers": [_container(agent)],
        "volumes": _volumes(site_class),
    }


def _container(agent: HostsAgent) -> dict[str, Any]:
    command = ["/bin/sh", f"/milepost/{_SCRIPT}", _WANTED, "/certs.d"]
    return {
        "name": "hosts",
        "image": agent.image,
        # Never `Always`: a node behind a cut line could not restart the pod although the image
        # is on its disk.
        "imagePullPolicy": "IfNotPresent",
        "command": [*command, str(_PAUSE)],
        "resources": AGENT_RESOURCES,
        "readinessProbe": {
            "exec": {"command": [*command, "check"]},
            "initialDelaySeconds": 5,
            "periodSeconds": 300,
            "timeoutSeconds": 10,
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            # Root by number (the folder belongs to root), without any of root's powers.
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "volumeMounts": [
            # A file of its own by `subPath`, so that `/milepost` can hold the other mount. Such
            # a file is never updated in place; the digest above restarts the pod.
            {"name": "script", "mountPath": f"/milepost/{_SCRIPT}", "subPath": _SCRIPT, "readOnly": True},
            {"name": "wanted", "mountPath": _WANTED, "readOnly": True},
            {"name": "certs", "mountPath": "/certs.d"},
        ],
    }


def _volumes(site_class: SiteClass[tuple[Chain, ...]]) -> list[dict[str, Any]]:
    """What the node shall have, certificates and credentials included, as one folder; a missing Secret keeps it away."""
    name, chains = site_class.name(NAME), site_class.first
    items = [{"key": _key(chain), "path": f"{folder(chain)}/hosts.toml"} for chain in chains]
    sources: list[dict[str, Any]] = [{"configMap": {"name": name, "items": items}}]
    for chain in chains:
        for secret, key, file in secrets(chain):
            wanted = [{"key": key, "path": f"{folder(chain)}/{file}"}]
            sources.append({"secret": {"name": secret, "items": wanted}})
    return [
        {"name": "script", "configMap": {"name": name, "items": [{"key": _SCRIPT, "path": _SCRIPT}]}},
        # One projected volume: certificate, credentials and hosts.toml appear together or not
        # at all, and a reader never sees a file that refers to a missing one.
        {"name": "wanted", "projected": {"defaultMode": 0o400, "sources": sources}},
        {"name": "certs", "hostPath": {"path": CERTS_D, "type": "DirectoryOrCreate"}},
    ]
