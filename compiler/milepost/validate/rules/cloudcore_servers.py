"""CloudCore servers: one address for each instance, and at least one that CloudCore can advertise."""

from __future__ import annotations

import re

from milepost.diagnostics import Code, Sink
from milepost.model.parsed import ParsedSpec
from milepost.model.spec.cloudcore import CloudCoreEndpointEntry, CloudCoreEndpoints
from milepost.model.versions import kubeedge

MP2091 = Code(
    "MP2091",
    "CloudCore servers that do not fit its instances",
    "The proxy layer sends the connections of a node to one CloudCore. An instance without an address gets none, and an "
    "address without an instance takes connections that nobody answers.",
    "kind: Province\nspec:\n  cluster: {cloudcoreReplicas: 2}\n  cloudcore: {servers: [10.43.0.21]}\n",
)
MP2092 = Code(
    "MP2092",
    "CloudCore without an address to advertise",
    "CloudCore puts the addresses that it is told into its certificate, and ends at its start where there is none. Names do not "
    "count: they go into another field.",
    "kind: Province\nspec:\n  cloudcore: {endpoints: {public: {host: cloudcore.hunan.example}}}\n",
)
MP2094 = Code(
    "MP2094",
    "KubeEdge too old for rendered joins",
    f"What nodes are given when they join is rendered for keadm of KubeEdge {kubeedge.JOINS} and newer: older ones lack flags, and "
    "read a configuration of another version.",
    'kind: Province\nspec:\n  cluster: {kubernetes: "1.29", kubeedge: 1.19.0}\n  cloudcore: {endpoints: {private: {host: 10.0.0.10}}}\n',
)
_ADDRESS = re.compile(r"[0-9.]+")


def check(spec: ParsedSpec, sink: Sink) -> None:
    for province in spec.provinces.values():
        body = province.model.spec
        if body.cloudcore is None:
            continue
        release = body.cluster.kubeedge
        if not kubeedge.reaches(release, kubeedge.JOINS):
            message = (
                f"KubeEdge {release} cannot be joined by what is rendered for {kubeedge.JOINS} and newer"
            )
            hint = "upgrade the cluster, or leave cloudcore out and join its nodes by hand"
            sink.report(MP2094, message, province.at.of("spec", "cluster", "kubeedge").span, hint=hint)
        servers = body.cloudcore.servers
        replicas = body.cluster.cloudcore_replicas
        at = province.at.of("spec", "cloudcore", "servers")
        if servers and len(servers) != replicas:
            message = f"CloudCore has {_times(replicas, 'instance')}, and {_times(len(servers), 'address')} to be reached at"
            sink.report(
                MP2091, message, at.key_span, hint="list one address for each of `cluster.cloudcoreReplicas`"
            )
        for index, server in enumerate(servers):
            if server in servers[:index]:
                message = f"address {server} stands here twice"
                sink.report(MP2091, message, at.of(index).span, hint="remove one")
        if not servers and not any(map(_has_address, _endpoints(body.cloudcore.endpoints))):
            message = f'CloudCore of province "{province.name}" has no address to advertise, only names'
            hint = "give an endpoint `addresses`, such as the virtual IP that its name leads to"
            sink.report(MP2092, message, province.at.of("spec", "cloudcore", "endpoints").key_span, hint=hint)


def _endpoints(endpoints: CloudCoreEndpoints) -> list[CloudCoreEndpointEntry]:
    found = [getattr(endpoints, name) for name in type(endpoints).model_fields]
    return [endpoint for endpoint in found if endpoint is not None]


def _has_address(endpoint: CloudCoreEndpointEntry) -> bool:
    return bool(endpoint.addresses) or _ADDRESS.fullmatch(endpoint.host) is not None


def _times(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "es" if word.endswith("s") else "s")
