"""EdgeCore configurations: one file for each class of nodes, and the proxy settings of containerd where a line has a proxy.

For machines, not for the cluster: nothing of it is an object. Holds no token and no certificate.
"""

from __future__ import annotations

from collections.abc import Iterable

from milepost.lower.backend import OutputIndex
from milepost.lower.edge.config_text import config_text
from milepost.lower.edge.edgecore import edgecore
from milepost.lower.edge.join_flags import join_flags
from milepost.lower.edge.pull_proxy import pull_proxies
from milepost.model import layout
from milepost.model.edge_nodes import EdgeClass
from milepost.model.edge_settings import EdgeImageReference
from milepost.model.fleet import Fleet
from milepost.model.manifest import StaticFile
from milepost.model.plan import Plan


def lower_delivery(plan: Plan, index: OutputIndex) -> Iterable[StaticFile]:
    edge = plan.fleet.province.edge
    sandbox = _reference(plan.fleet, edge.sandbox)
    version, repository = plan.fleet.province.cluster.kubeedge, _package(plan.fleet, edge.installation)
    for name, config in plan.edge.by_class.items():
        access = config.of.access.name
        route, intervals = plan.routes.by_access[access], plan.traffic.intervals(access)
        body = edgecore(config, route, intervals, edge.cgroup_driver, sandbox)
        yield StaticFile(
            _path(config.of, "yaml"),
            config_text(body, f"EdgeCore of {name}; join.sh adds what is the node's own."),
        )
        flags = join_flags(config, route, version, edge.cgroup_driver, repository)
        yield StaticFile(_path(config.of, "env"), flags)
    yield from pull_proxies(plan)


def _path(of: EdgeClass, kind: str) -> str:
    *_, roles = of.name.split("/")
    return layout.EDGECORE.path(profile=of.profile.name, access=of.access.name, part=f"{roles}.{kind}")


def _package(fleet: Fleet, image: EdgeImageReference | None) -> str | None:
    """Where keadm finds ``installation-package``, which it adds by itself."""
    return image and fleet.catalog.images[image.image].repositories[""].rpartition("/")[0]


def _reference(fleet: Fleet, image: EdgeImageReference | None) -> str | None:
    """With its digest, so that what a node starts is what was locked."""
    if image is None:
        return None
    found = fleet.catalog.images[image.image]
    repository = found.repositories[""]
    return f"{repository}@{found.digest(image.version, repository)}"
