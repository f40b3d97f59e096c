"""``PolicyDocument``: limits that a fleet sets itself."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from milepost.model.spec.base import KindModel, SpecModel


class PolicySpec(SpecModel):
    """Each limit that is given is checked against the whole fleet; a breach is an error."""

    registries: list[str] | None = Field(
        None, description="The only registry hosts that images may come from."
    )
    require_requests: bool = Field(
        False,
        alias="requireRequests",
        description="Every container states CPU and memory requests, those of a manifest or a patch too.",
    )
    require_readiness: bool = Field(
        False, alias="requireReadiness", description="Every component has a readiness probe."
    )
    require_owners: bool = Field(False, alias="requireOwners", description="Every station group has owners.")
    objects_per_unit: Annotated[int, Field(ge=1, le=1000)] = Field(
        500,
        alias="objectsPerUnit",
        description="Most objects in one unit; kustomize slows with the square of them.",
    )


class PolicyDocument(KindModel):
    """Limits that the fleet sets itself, checked at compile."""

    kind: Literal["Policy"]
    spec: PolicySpec
