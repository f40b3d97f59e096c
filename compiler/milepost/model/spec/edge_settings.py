"""EdgeCore on the nodes of a fleet or a province: modules, runtime, images that it needs itself."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

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


class NodeUpgradeWave(SpecModel):
    """Station groups of the province whose nodes are upgraded together."""

    name: Name = Field(description="Name of the wave; its files are called so.")
    groups: list[Name] = Field(min_length=1, description="Station groups of the province.")


class NodeUpgradeEntry(SpecModel):
    """EdgeCore of another version for the nodes of a province, wave by wave."""

    to: Annotated[str, StringConstraints(pattern=r"^1\.[0-9]{2}\.[0-9]+$")] = Field(
        description="The version of KubeEdge that the nodes get; CloudCore has it first."
    )
    installation: EdgeImage = Field(
        description="KubeEdge's `installation-package` of that version, an Image that is locked."
    )
    waves: Annotated[list[NodeUpgradeWave], Field(min_length=1)] = Field(
        description="In order. Each has its own jobs, which a person applies: first the pull, then the upgrade."
    )
    concurrency: Annotated[int, Field(ge=1, le=200)] = Field(
        10, description="Nodes of a job that are worked on at once, for each CloudCore."
    )
    failure_tolerate: Annotated[float, Field(ge=0.01, le=0.9)] = Field(
        0.1,
        alias="failureTolerate",
        description="Part of the nodes of a job that may fail, those that are offline at the time among them.",
    )
