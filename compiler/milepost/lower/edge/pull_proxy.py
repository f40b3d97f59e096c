"""Proxies of image pulls: systemd drop-ins that give containerd its proxy, one for each section and line that has one.

EdgeCore has no proxy, and must not be given one: only containerd's service gets the environment. What is near is asked
without it: the node itself, the mirrors of the section, CloudCore's endpoint, and what the profile names.
"""

from __future__ import annotations

from collections.abc import Iterator

from milepost.model import layout
from milepost.model.edge_nodes import LineRoute
from milepost.model.fleet import Access, StationGroup
from milepost.model.manifest import StaticFile
from milepost.model.plan import Plan
from milepost.model.registry_routing import RegistrySite

ALWAYS = ("localhost", "127.0.0.0/8", "169.254.0.0/16", "10.96.0.0/12", ".svc", ".cluster.local")
"""The node itself, link-local addresses of EdgeMesh and the metaServer, and Services."""
NEAR_LEVELS = ("station-group", "station")
"""Levels of mirrors that a node reaches without leaving its section."""


def pull_proxies(plan: Plan) -> Iterator[StaticFile]:
    """``bootstrap/proxy/SECTION/ACCESS.conf``, where some node of the section has such a line."""
    if not plan.routes.by_access:
        return
    for group in plan.fleet.province.groups:
        for access in _with_proxy(group):
            text = _drop_in(access, plan.routes.by_access[access.name], near_mirrors(plan, group.name))
            yield StaticFile(layout.PULL_PROXY.path(group=group.name, access=access.name), text)


def near_mirrors(plan: Plan, group: str) -> list[str]:
    """Hosts, without ports, of mirrors inside the section; sorted."""
    sites = [site for site in plan.registry.chains if site.group == group]
    return sorted({host for site in sites for host in _hosts(plan, site)})


def _hosts(plan: Plan, site: RegistrySite) -> Iterator[str]:
    for chain in plan.registry.chains[site]:
        for hop in chain:
            if hop.tier.settings.level in NEAR_LEVELS:
                yield hop.host.partition(":")[0]


def _with_proxy(group: StationGroup) -> list[Access]:
    found = {node.access for station in group.stations for node in station.nodes}
    return sorted((a for a in found if a is not None and a.proxy is not None), key=lambda a: a.name)


def _drop_in(access: Access, route: LineRoute, mirrors: list[str]) -> str:
    assert access.proxy is not None
    direct = dict.fromkeys(
        [*ALWAYS, *mirrors, route.endpoint.host, *route.endpoint.addresses, *access.proxy.direct]
    )
    proxy = access.proxy.pulls
    return (
        "# /etc/systemd/system/containerd.service.d/milepost-proxy.conf\n"
        "[Service]\n"
        f'Environment="HTTP_PROXY={proxy}"\n'
        f'Environment="HTTPS_PROXY={proxy}"\n'
        f'Environment="NO_PROXY={",".join(direct)}"\n'
    )
