"""``images.lock.yaml``: the digest, platforms and sizes of every version of every Image."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from milepost.model.spec.base import Architecture, Name, SpecModel, no_items
from milepost.model.spec.image import Repository, Tag

Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
"""`sha256:` and 64 hexadecimal digits."""

LARGEST = 2**40
"""Bytes of an image at most, a TiB: no disk of a node takes more, and every reader of YAML reads it back as it is."""
Size = Annotated[int, Field(ge=0, le=LARGEST)]


class LayerEntry(SpecModel):
    """A layer as it travels."""

    digest: Digest = Field(description="Digest of the compressed layer.")
    size: Size = Field(description="Compressed bytes.")


class LockedPlatform(SpecModel):
    """One architecture of an image version."""

    digest: Digest = Field(description="Digest of the platform's manifest.")
    size: Size = Field(description="Compressed bytes of all layers.")
    layers: list[LayerEntry] = Field(
        default_factory=no_items,
        description="In order; shared ones travel once. Where there are none, all of it counts as one.",
    )

    @property
    def sizes(self) -> dict[str, int]:
        """Compressed bytes by the digest of what travels once."""
        return {layer.digest: layer.size for layer in self.layers} or {self.digest: self.size}


class LockedVersion(SpecModel):
    """One version in one repository."""

    repository: Repository = Field(description="The repository that was asked.")
    digest: Digest = Field(description="Digest of the index, or of the single manifest.")
    platforms: dict[Architecture, LockedPlatform] = Field(min_length=1, description="What it was built for.")


class ImageLock(SpecModel):
    """The lock file. Written by `milepost images lock`; compile never asks the network."""

    api_version: Literal["milepost.dev/v1alpha1"] = Field(alias="apiVersion")
    kind: Literal["ImageLock"]
    images: dict[Name, dict[Tag, list[LockedVersion]]] = Field(
        description="Image name, then version, then one entry per repository."
    )
