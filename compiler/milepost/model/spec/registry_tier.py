"""``RegistryTierDocument``: one tier of registry mirrors."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from milepost.model.spec.access_profile import BitRate
from milepost.model.spec.application import AbsolutePath, ResourceList, Resources
from milepost.model.spec.base import ByteQuantity, ExactlyOneOf, KindModel, Name, SpecModel, no_items
from milepost.model.spec.image import Tag
from milepost.model.spec.node_group import NodeSelector

Level = Literal["center", "province", "station-group", "station"]
Endpoint = Annotated[
    str, StringConstraints(pattern=r"^https?://[a-z0-9.{}-]+(:[0-9]{1,5})?$", max_length=255)
]


class MirrorStorage(ExactlyOneOf):
    """Where a mirror keeps what it fetched."""

    forms = ("path", "storage_class")

    size: ByteQuantity = Field(description="What it may fill; must hold every image that its nodes may run.")
    path: AbsolutePath | None = Field(None, description="A directory of the node, made if missing.")
    storage_class: Name | None = Field(
        None, alias="class", description="A StorageClass of the province's cluster; not at the edge."
    )


class MirrorEntry(SpecModel):
    """The pull-through registry that Milepost runs for a tier."""

    image: Name = Field(description="An Image by name: CNCF Distribution's registry, with a shell.")
    version: Tag = Field(description="One of the Image's versions.")
    nodes: NodeSelector = Field(
        default_factory=NodeSelector,
        description="Where it runs: exactly one node of each road section (or station). In the province's cluster "
        "only labels may be given, since cloud nodes are in no inventory.",
    )
    storage: MirrorStorage = Field(description="Where it keeps what it fetched.")
    resources: Resources = Field(
        default=Resources(
            requests=ResourceList(cpu="50m", memory="64Mi"), limits=ResourceList(cpu=None, memory="256Mi")
        ),
        description="What it asks for and may take; 50m and 64Mi, at most 256Mi, where it is left out.",
    )
    tls: Name | None = Field(
        None, description="Secret of type kubernetes.io/tls; needed for an `https://` endpoint."
    )
    expose: Literal["host", "load-balancer"] = Field(
        "host",
        description="It listens on its node's own network, or (in the province's cluster) behind a load balancer.",
    )


class RegistryTierSpec(SpecModel):
    """A mirror or, without a parent, the registry that images are pushed to."""

    level: Level = Field(description="Whom this tier serves.")
    endpoint: Endpoint = Field(
        description="Address; `{province}`, `{group}` and `{station}` stand for names, `{address}` for the address of "
        "the node that runs the mirror."
    )
    parent: Name | None = Field(
        None, description="The tier that this one pulls from; all but the centre have one."
    )
    down: BitRate | None = Field(
        None,
        description="Rate of the line from the parent; says how long filling takes. Left out, the line is taken to be "
        "faster than all that have a rate.",
    )
    provinces: list[Name] = Field(
        default_factory=no_items, description="Only in these provinces; everywhere if left out."
    )
    groups: list[Name] = Field(
        default_factory=no_items, description="Only for these station groups; all if left out."
    )
    station_types: list[Name] = Field(
        default_factory=no_items,
        alias="stationTypes",
        description="Only at stations of these types; for level station.",
    )
    mode: Literal["hosts", "rewrite"] = Field(
        "hosts",
        description="How nodes reach it. `hosts`: references stay canonical and containerd asks this tier first, then "
        "its parents. `rewrite`: references name this tier, for nodes that cannot use hosts.toml; then nothing falls back.",
    )
    ca: Name | None = Field(
        None, description="Secret whose key `ca.crt` signs the endpoint; nodes and the tiers below trust it."
    )
    credentials: Name | None = Field(
        None,
        description="Secret with `username` and `password` (HTTP Basic) with which nodes and the tiers below pull.",
    )
    mirror: MirrorEntry | None = Field(
        None, description="What Milepost runs here; left out, the tier is run by somebody else."
    )


class RegistryTierDocument(KindModel):
    """One tier of registry mirrors: centre, province, station group, station."""

    kind: Literal["RegistryTier"]
    spec: RegistryTierSpec
