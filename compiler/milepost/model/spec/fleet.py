"""``FleetDocument``: the one document at the root."""

import re
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from milepost.model.delivery import names
from milepost.model.spec.base import (
    Duration,
    ExactlyOneOf,
    Inherited,
    KindModel,
    Name,
    SpecModel,
    Team,
    ValuesSchema,
    no_items,
)
from milepost.model.spec.edge_settings import EdgeEntry
from milepost.model.spec.guard_settings import Guards
from milepost.model.spec.image import Tag
from milepost.model.spec.prepull_settings import Prepull

Text = Annotated[str, StringConstraints(min_length=1, max_length=2048)]
"""Text that is not empty."""
_TAG = r"^(?:[A-Za-z0-9_]|\{province\})(?:[A-Za-z0-9._-]|\{province\}){0,127}$"
"""Of an OCI artifact, which has no slash."""


if TYPE_CHECKING:
    EngineName = str
else:
    EngineName = Literal[names()]


_ARTIFACTS = (
    r"^oci://[a-z0-9.-]+(?::[0-9]{1,5})?(?:/(?:[a-z0-9]|\{province\})(?:[a-z0-9._-]|\{province\})*)+$"
)
"""Registry host and repository: the tag has a field of its own, and registries know no capital letters."""


class SyncSource(SpecModel):
    """Where a province's cluster pulls its own tree from."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["kind"], "properties": {"kind": {"const": "OCIRepository"}}},
            "then": {"properties": {"url": {"pattern": _ARTIFACTS}, "reference": {"pattern": _TAG}}},
            "else": {"properties": {"url": {"not": {"pattern": "^oci://"}}}},
        }
    )

    kind: Literal["GitRepository", "OCIRepository"] = Field(
        "GitRepository",
        description="A Git branch, or an OCI artifact (Flux's preferred way for generated trees).",
    )
    url: Text = Field(
        description="`https://`, `ssh://` or `oci://` address; `{province}` stands for the province's name."
    )
    reference: Text | None = Field(
        None,
        description="The branch, or the tag of the artifact; `{province}` as above. By default what `milepost publish` "
        "makes: the branch `province/{province}`, the tag `{province}`.",
    )
    secret: Name | None = Field(
        None, description="Name of the Secret with credentials; the Secret itself is not compiled."
    )
    proxy_secret: Name | None = Field(
        None,
        alias="proxySecret",
        description="Name of the Secret with the address of an HTTP or SOCKS5 proxy (Flux).",
    )
    timeout: Duration = Field("60s", description="Longest fetch; raise it behind a slow line (Flux).")

    @model_validator(mode="after")
    def _of_its_kind(self) -> Self:
        oci = self.kind == "OCIRepository"
        if oci != self.url.startswith("oci://"):
            raise ValueError("an oci:// address goes with kind OCIRepository, and with no other")
        if oci and re.search(r"/[^/]*[:@][^/]*$", self.url.removeprefix("oci://")):
            raise ValueError("url ends in a tag or a digest, which goes into reference")
        if oci and not re.fullmatch(_ARTIFACTS, self.url):
            raise ValueError(
                "url is no oci://HOST/REPOSITORY: lowercase letters, digits, dots, dashes, underscores"
            )
        if oci and self.reference is not None and not re.fullmatch(_TAG, self.reference):
            raise ValueError("reference is no tag: letters, digits, dots, dashes and underscores, up to 128")
        return self


class Sync(SpecModel):
    """How the rendered tree reaches the cluster."""

    engine: EngineName = Field(description="Which agent runs in the province's cluster.")
    source: SyncSource = Field(description="Where a cluster pulls its tree from.")
    interval: Duration = Field("1h", description="Time between drift checks; a new commit is seen at once.")
    retry_interval: Duration = Field(
        "5m", alias="retryInterval", description="Time before a failed sync is tried again."
    )
    timeout: Duration = Field("10m", description="Longest apply of one unit.")


class StationType(SpecModel):
    """A type of site that stations may have."""

    level: Text = Field(description="The management level that such a site stands at; one of `levels`.")


class Acknowledgement(ExactlyOneOf):
    """Something that somebody has looked at: without it, a guard refuses a removal, or a change as a whole."""

    forms = ("removes", "allows")

    removes: Text | None = Field(
        None,
        description="Path in the rendered tree that may go with all below it, such as `hunan/groups/g4-changtan`. "
        "Without it, compile refuses to drop a unit, and diff to let go of what guards protect.",
    )
    allows: Text | None = Field(
        None,
        description="Name of a guard and of the change that it may let pass, as the guard's message has it.",
    )
    reason: Text = Field(description="Why this is right, for whoever reads the history.")
    by: Team | None = Field(
        None,
        description="Who looked at it, where a guard asks for an owner of the fleet: loosened guards and policies do.",
    )


class FailoverEntry(SpecModel):
    """An image that has keepalived, a shell, `ip`, `flock`, and `curl` or `wget`."""

    image: Name = Field(description="An Image by name, one repository for all architectures.")
    version: Tag = Field(description="One of the Image's versions.")
    secret: Name | None = Field(
        None,
        description="A Secret in each station group's namespace whose key `password` the nodes of an address share, of "
        "at most 8 characters. It selects VRRP 2, which alone can carry it, and whole seconds between advertisements.",
    )


class FleetSpec(Inherited):
    """The whole network."""

    levels: Annotated[list[Name], Field(min_length=6, max_length=6)] = Field(
        default=["network-center", "province", "road-section", "station", "gantry", "lane"],
        description="The names of the six management levels, from the centre outward.",
    )
    label_domain: Annotated[
        str,
        StringConstraints(
            pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$", max_length=100
        ),
    ] = Field(
        "milepost.dev",
        alias="labelDomain",
        description="DNS domain of the labels that Milepost puts on nodes and objects.",
    )
    station_types: dict[Name, StationType] = Field(
        alias="stationTypes", description="The types of site that `stations.csv` may name."
    )
    roles: list[Name] = Field(description="The roles that `nodes.csv` may name.")
    prepull: Prepull = Field(
        default=Prepull(), description="How images reach nodes before a version switches."
    )
    edge: EdgeEntry = Field(
        default=EdgeEntry(),
        description="EdgeCore on the nodes, where a province has `cloudcore`.",
    )
    failover: FailoverEntry | None = Field(
        None, description="What moves virtual addresses between nodes; needed where topology names one."
    )
    values_schema: ValuesSchema | None = Field(
        None,
        alias="valuesSchema",
        description="JSON Schema (draft 2020-12) of `values`: every value at every level is checked against its "
        "property, and those of each station together. A property may name the `levels` where it may be set.",
    )
    sync: Sync = Field(description="How trees reach their clusters, where a province does not say otherwise.")
    guards: Guards = Field(
        default=Guards(), description="What a change must not do before somebody has looked at it."
    )
    acknowledge: list[Acknowledgement] = Field(
        default_factory=no_items, description="Removals and changes that were looked at."
    )


class FleetDocument(KindModel):
    """The whole: management levels, station types, roles, and how trees reach their clusters. Exactly one."""

    kind: Literal["Fleet"]
    spec: FleetSpec
