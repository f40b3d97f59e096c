"""``ImageDocument``: what may be deployed."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from milepost.model.spec.base import Architecture, ExactlyOneOf, KindModel

Repository = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+$",
        max_length=255,
    ),
]
"""Registry host and repository, without tag or digest, such as ``registry.example/toll/lane-backend``."""

Tag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$")]
"""A tag of an image, as registries allow it."""


class ImageSpec(ExactlyOneOf):
    """One multi-architecture repository, or one repository per architecture."""

    forms = ("repository", "repositories")

    repository: Repository | None = Field(
        None, description="The repository whose tags are multi-architecture indexes."
    )
    repositories: Annotated[dict[Architecture, Repository], Field(min_length=1)] | None = Field(
        None, description="One repository per architecture, for vendors that publish them apart."
    )
    versions: list[Tag] = Field(
        min_length=1, description="The tags that may be deployed; `latest` is refused."
    )


class ImageDocument(KindModel):
    """What may be deployed: repository and versions. Digests stand in `images.lock.yaml`."""

    kind: Literal["Image"]
    spec: ImageSpec
