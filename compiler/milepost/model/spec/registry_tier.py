"""``RegistryTier``: one tier of registry mirrors."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from milepost.model.spec.access_profile import BitRate
from milepost.model.spec.base import Kind, Name, SpecModel


class RegistryTierSpec(SpecModel):
    """A mirror or, without a parent, the registry that images are pushed to."""

    level: Literal["center", "province", "station-group"] = Field(description="Whom this tier serves.")
    endpoint: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+$", max_length=255)] = Field(
        description="Address; `{province}` and `{group}` stand for names."
    )
    parent: Name | None = Field(None, description="The tier that this one pulls from.")
    down: BitRate | None = Field(None, description="Rate of the line from the parent.")


class RegistryTier(Kind):
    """One tier of registry mirrors: centre, province, station group."""

    kind: Literal["RegistryTier"]
    spec: RegistryTierSpec
