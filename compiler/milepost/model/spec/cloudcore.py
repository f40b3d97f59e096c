"""CloudCore of a province: where nodes find it, what stands before it, and what must hold when all nodes come back."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from milepost.model.spec.base import Duration, SpecModel, no_items
from milepost.model.spec.node import IPV4

Address = Annotated[str, StringConstraints(pattern=IPV4)]
Port = Annotated[int, Field(ge=1, le=65535)]
HostName = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$", max_length=253
    ),
]
"""A DNS name with a dot, or an IPv4 address: four labels of digits are one of both."""


class CloudCorePortsEntry(SpecModel):
    """Ports as nodes see them; those behind them are CloudCore's own."""

    websocket: Port = Field(10000, description="WebSocket.")
    quic: Port | None = Field(None, description="QUIC, over UDP; left out where the way carries none.")
    certificates: Port = Field(10002, description="HTTPS, where a node gets its certificate.")
    stream: Port = Field(10004, description="Tunnel for logs and exec; EdgeCore wants it on the same host.")


class CloudCoreEndpointEntry(SpecModel):
    """Where nodes of one kind of line find CloudCore."""

    host: HostName = Field(description="DNS name or IPv4 address that nodes connect to.")
    addresses: list[Address] = Field(
        default_factory=no_items,
        description="Addresses that the name leads to, such as a virtual IP; they go into CloudCore's certificate.",
    )
    ports: CloudCorePortsEntry = Field(
        default=CloudCorePortsEntry(), description="Where they differ from CloudCore's own."
    )


class CloudCoreEndpoints(SpecModel):
    """By kind of line."""

    private: CloudCoreEndpointEntry | None = Field(None, description="For nodes behind private lines.")
    proxy: CloudCoreEndpointEntry | None = Field(
        None,
        description="For nodes behind a proxy: a TCP pass-through (layer 4), since EdgeCore knows no HTTP or SOCKS proxy.",
    )
    public: CloudCoreEndpointEntry | None = Field(None, description="For nodes on the public network.")


class HeartbeatRange(SpecModel):
    """Heartbeats of nodes, in seconds; each node has its own, and keeps it."""

    least: Annotated[int, Field(ge=5, le=300)] = Field(11, description="The shortest.")
    most: Annotated[int, Field(ge=5, le=300)] = Field(20, description="The longest.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.least > self.most:
            raise ValueError("least is more than most")
        return self


class Reconnect(SpecModel):
    """What must hold when the province's nodes come back all at once."""

    within: Duration | None = Field(
        None, description="Time in which the last node must be Ready again; refused where it cannot hold."
    )
    heartbeat: HeartbeatRange = Field(
        default=HeartbeatRange(),
        description="Heartbeats, and with them the waits between tries, of which each node has one by its name.",
    )
    rate: Annotated[int, Field(ge=1, le=100_000)] | None = Field(
        None,
        description="New connections a second that the proxy layer lets through; by default what each CloudCore can take.",
    )


class CloudCoreEntry(SpecModel):
    """CloudCore as nodes reach it, and how it is set up."""

    endpoints: CloudCoreEndpoints = Field(description="Where nodes find it, by kind of line.")
    servers: list[Address] = Field(
        default_factory=no_items,
        description="Addresses of the CloudCores behind the province's proxy layer, one for each of `cloudcoreReplicas`. "
        "With them an HAProxy configuration is rendered.",
    )
    config: Literal["bootstrap", "unit"] = Field(
        "bootstrap",
        description="Where CloudCore's ConfigMap stands: below `bootstrap/`, to be applied with KubeEdge's chart, or in the unit "
        "`edge`, where the agent keeps it. The chart's values stand below `bootstrap/` either way.",
    )
    authorization: bool = Field(
        True, description="Whether CloudCore lets a node see its own objects alone (`requireAuthorization`)."
    )
    grace_period: Duration = Field(
        "50s",
        alias="gracePeriod",
        description="`node-monitor-grace-period` of the cluster's kube-controller-manager: a node whose lease is older "
        "counts as lost. A lease is renewed four times in it, and where the line is narrow no more often than that.",
    )
    reconnect: Reconnect = Field(default=Reconnect(), description="The return of all nodes after a cut.")
