"""EdgeCore on the nodes of a fleet or a province: modules, runtime, images that it needs itself."""

from typing import Literal

from pydantic import Field

from milepost.model.spec.access_profile import BitRate
from milepost.model.spec.base import Name, SpecModel, no_items
from milepost.model.spec.image import Tag


class EdgeModule(SpecModel):
    """A module of EdgeCore that somebody uses."""

    roles: list[Name] = Field(
        default_factory=no_items,
        description="Roles of the nodes that have it; all nodes where none is named.",
    )


class EdgeModules(SpecModel):
    """Modules that are off unless they stand here. What the rendered tree needs by itself is on without being named."""

    device_twin: EdgeModule | None = Field(None, alias="deviceTwin", description="Devices of KubeEdge.")
    event_bus: EdgeModule | None = Field(
        None, alias="eventBus", description="MQTT between EdgeCore and a broker on the node, port 1883."
    )
    edge_stream: EdgeModule | None = Field(
        None, alias="edgeStream", description="`kubectl logs` and `exec` through CloudCore's tunnel."
    )
    service_bus: EdgeModule | None = Field(
        None, alias="serviceBus", description="HTTP from the cloud to services of the node."
    )
    meta_server: EdgeModule | None = Field(
        None,
        alias="metaServer",
        description="A local API server for pods that ask one; on by itself where EdgeMesh or OpenKruise need it.",
    )


class EdgeImage(SpecModel):
    """An Image by name, one repository for all architectures, and a version of it."""

    image: Name = Field(description="Name of the Image.")
    version: Tag = Field(description="One of the Image's versions.")


class EdgeEntry(SpecModel):
    """EdgeCore on every node."""

    modules: EdgeModules = Field(default=EdgeModules(), description="Modules that are on.")
    cgroup_driver: Literal["cgroupfs", "systemd"] = Field(
        "systemd", alias="cgroupDriver", description="As containerd on the nodes has it."
    )
    sandbox: EdgeImage | None = Field(
        None,
        description="Image of pod sandboxes, pulled through the mirrors as any other; without it EdgeCore's own "
        "default from Docker Hub.",
    )
    installation: EdgeImage | None = Field(
        None,
        description="KubeEdge's `installation-package`, which `keadm join` unpacks; its repository must end so, and its "
        "version be that of the cluster's KubeEdge.",
    )
    telemetry: BitRate | None = Field(
        None, description="What a node sends for monitoring over the same line, all the time."
    )
