"""``NodeGroupDocument``: nodes by property."""

from typing import Literal

from pydantic import Field

from milepost.model.spec.base import (
    Architecture,
    ExactlyOneOf,
    KindModel,
    LabelKey,
    LabelValue,
    Name,
    SpecModel,
    no_items,
    no_keys,
)


class NodeSelector(SpecModel):
    """Nodes by property; every property that is given must fit. An empty selector fits every node."""

    group: Name | None = Field(None, description="A NodeGroup by name; its properties must fit too.")
    roles: list[Name] = Field(
        default_factory=no_items, description="This role. For several say `allRoles` or `anyRole`."
    )
    all_roles: list[Name] = Field(
        default_factory=no_items, alias="allRoles", description="Every one of these roles."
    )
    any_role: list[Name] = Field(
        default_factory=no_items, alias="anyRole", description="At least one of these roles."
    )
    architectures: list[Architecture] = Field(
        default_factory=no_items, description="One of these architectures."
    )
    station_types: list[Name] = Field(
        default_factory=no_items, alias="stationTypes", description="At a station of one of these types."
    )
    profiles: list[Name] = Field(default_factory=no_items, description="One of these HardwareProfiles.")
    labels: dict[LabelKey, LabelValue] = Field(default_factory=no_keys, description="All of these labels.")
    may_be_empty: bool = Field(
        False,
        alias="mayBeEmpty",
        description="Whether it may fit no node of the whole fleet; left out, that is an error.",
    )


class NodeGroupSpec(ExactlyOneOf):
    """Either KubeEdge's partition (a node is in exactly one), or a set of nodes by property."""

    forms = ("partition", "match")

    partition: Literal["station-group", "station"] | None = Field(
        None,
        description="One KubeEdge NodeGroup per station group or per station. One NodeGroup document may say so: "
        "in KubeEdge a node is in one group. Traffic of Services stays inside it.",
    )
    match: NodeSelector | None = Field(
        None, description="The nodes, by property; becomes labels and node affinity."
    )


class NodeGroupDocument(KindModel):
    """Nodes by property: KubeEdge's partition, or a named selector that components use."""

    kind: Literal["NodeGroup"]
    spec: NodeGroupSpec
