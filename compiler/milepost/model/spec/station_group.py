"""``StationGroupDocument``: the stations of a road section."""

from typing import Literal

from pydantic import Field

from milepost.model.spec.base import FilePath, Inherited, KindModel, Name, SpecModel, informing, no_items


class Road(SpecModel):
    """The road that the section is part of."""

    code: str = Field(description="Number of the expressway, such as `G4`.")
    name: str = Field(
        description=informing(
            "Name of the expressway.", "reports and the table `groups` of `milepost query` have it"
        )
    )
    start: str | None = Field(None, alias="from", description="First stake mark of the section.")
    end: str | None = Field(None, alias="to", description="Last stake mark of the section.")


class StationGroupSpec(Inherited):
    """A road section."""

    province: Name = Field(description="The Province it belongs to.")
    road: Road = Field(description="The road that it is a section of.")
    objects: list[FilePath] = Field(
        default_factory=no_items,
        description="Files of manifests that are rendered as they are, in the group's namespace and unit.",
    )


class StationGroupDocument(KindModel):
    """A road section's stations: the unit of rollout, ownership, namespace and blast radius."""

    kind: Literal["StationGroup"]
    spec: StationGroupSpec
