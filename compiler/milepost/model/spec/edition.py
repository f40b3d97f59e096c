"""``EditionDocument``: the definition of an application as it was when a release was cut, for groups that have not switched."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from milepost.model.origin import Scalar
from milepost.model.spec.application import ApplicationSpec
from milepost.model.spec.base import KindModel, Name, SpecModel, ValueName, no_keys
from milepost.model.spec.image import Tag

Seal = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
"""The digest of everything that an edition holds, as ``milepost release cut`` writes it."""

PlaceValues = dict[ValueName, Scalar]
"""Values of one place."""


class EditionValues(SpecModel):
    """Values that templates of the edition go on reading; the narrowest place that has one counts."""

    provinces: dict[Name, PlaceValues] = Field(
        default_factory=no_keys, description="By province, for all of its stations."
    )
    groups: dict[Name, PlaceValues] = Field(
        default_factory=no_keys, description="By station group, for all of its stations."
    )
    stations: dict[Name, PlaceValues] = Field(default_factory=no_keys, description="By station.")


class EditionSpec(SpecModel):
    """The application, the version that runs it, and what it was."""

    application: Name = Field(description="The Application whose definition this was.")
    version: Tag = Field(
        description="Station groups that run this version run this definition; all others run the Application's."
    )
    seal: Seal = Field(
        description="Digest of the definition, the values and the files that it names. An edition that was edited is "
        "refused: groups that have not switched would restart outside of any wave."
    )
    definition: ApplicationSpec = Field(description="The Application's `spec` as it was.")
    values: EditionValues = Field(
        default_factory=EditionValues,
        description="Values that changed since, as they were, of those that the definition's templates read.",
    )


class EditionDocument(KindModel):
    """A frozen definition of an application, written by `milepost release cut` and removed by `milepost release finish`."""

    kind: Literal["Edition"]
    spec: EditionSpec
