"""``ProvinceDocument``: one cluster and everything behind it."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from milepost.model.spec.base import FilePath, Inherited, KindModel, SpecModel, no_items, no_keys
from milepost.model.spec.cloud_nodes import CloudEntry
from milepost.model.spec.cloudcore import CloudCoreEntry
from milepost.model.spec.edge_settings import EdgeEntry, NodeUpgradeEntry
from milepost.model.spec.fleet import Sync
from milepost.model.spec.prepull_settings import Prepull


class Cluster(SpecModel):
    """What runs the province."""

    kubernetes: Annotated[str, StringConstraints(pattern=r"^1\.[0-9]{2}$")] = Field(
        description='Minor version of Kubernetes, such as `"1.32"`. Objects are checked against its schemas.'
    )
    kubeedge: Annotated[str, StringConstraints(pattern=r"^1\.[0-9]{2}\.[0-9]+$")] = Field(
        description="Version of KubeEdge, such as `1.23.1`. It decides which API versions and fields are rendered."
    )
    acknowledged_vulnerabilities: list[
        Annotated[str, StringConstraints(pattern=r"^CVE-[0-9]{4}-[0-9]{4,}$")]
    ] = Field(
        default=[],
        alias="acknowledgedVulnerabilities",
        description="Holes of this KubeEdge that let others run commands on nodes, which somebody looked at and "
        "lives with until the upgrade. Without it such a version is refused.",
    )
    cloudcore_replicas: Annotated[int, Field(ge=1, le=50)] = Field(
        1,
        alias="cloudcoreReplicas",
        description="Instances of CloudCore. With several, each calls the nodes of the others failed, so a pre-pull is "
        "judged by what the nodes themselves report.",
    )


ColumnName = Annotated[str, StringConstraints(min_length=1, max_length=255)]
"""A column of an inventory file: as its first line has it, or as the tables of this page have it."""


class ColumnMapping(SpecModel):
    """What columns of CSV files are that have other names than here: a column, `label:KEY`, `value:NAME`, or nothing."""

    stations: dict[ColumnName, ColumnName | None] = Field(
        default_factory=no_keys,
        description="Of files of stations; a column that maps to nothing is left out.",
    )
    nodes: dict[ColumnName, ColumnName | None] = Field(
        default_factory=no_keys,
        description="Of files of nodes; a column that maps to nothing is left out.",
    )
    addresses: dict[ColumnName, ColumnName | None] = Field(
        default_factory=no_keys,
        description="Of files of virtual addresses; a column that maps to nothing is left out.",
    )
    devices: dict[ColumnName, ColumnName | None] = Field(
        default_factory=no_keys, description="Of files of devices; a column that maps to nothing is left out."
    )


class ProvinceSpec(Inherited):
    """One Kubernetes and KubeEdge cluster and everything behind it."""

    cluster: Cluster = Field(description="Versions of what runs there; objects are checked against them.")
    stations: list[FilePath] = Field(min_length=1, description="Inventory files (CSV or YAML) of stations.")
    nodes: list[FilePath] = Field(min_length=1, description="Inventory files (CSV or YAML) of nodes.")
    addresses: list[FilePath] = Field(
        default_factory=no_items, description="Inventory files (CSV or YAML) of virtual addresses."
    )
    devices: list[FilePath] = Field(
        default_factory=no_items, description="Inventory files (CSV or YAML) of devices at stations."
    )
    objects: list[FilePath] = Field(
        default_factory=no_items,
        description="Files of manifests that are rendered as they are, once in the cluster: PriorityClasses, StorageClasses, "
        "or objects that name their namespace.",
    )
    columns: ColumnMapping = Field(
        default=ColumnMapping(),
        description="Names of columns in these files, where they are not those of Milepost.",
    )
    cloud: CloudEntry = Field(
        default=CloudEntry(),
        description="Where components with `place: province` run, and how much there is.",
    )
    cloudcore: CloudCoreEntry | None = Field(
        None,
        description="Where nodes find CloudCore, and how it is set up. With it, configurations of EdgeCore, CloudCore and "
        "the proxy layer, and commands with which nodes join, are rendered below `bootstrap/`.",
    )
    edge: EdgeEntry | None = Field(None, description="Replaces the fleet's `edge` here.")
    node_upgrade: NodeUpgradeEntry | None = Field(
        None,
        alias="nodeUpgrade",
        description="Another EdgeCore for the nodes, as jobs below `bootstrap/upgrade/` that a person applies.",
    )
    prepull: Prepull | None = Field(None, description="Replaces the fleet's `prepull` here.")
    sync: Sync | None = Field(None, description="Replaces the fleet's `sync` here.")


class ProvinceDocument(KindModel):
    """One Kubernetes and KubeEdge cluster: the unit of synchronisation."""

    kind: Literal["Province"]
    spec: ProvinceSpec
