"""Base classes of the spec models, and the text types that several kinds share.

Modules of spec models do not postpone their annotations: pydantic would compile each from its text, at every start.
"""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema

from milepost.model import duration, quantity
from milepost.model.origin import Scalar

API_VERSION = "milepost.dev/v1alpha1"

Name = Annotated[str, StringConstraints(pattern=r"^[a-z]([-a-z0-9]*[a-z0-9])?$", max_length=63)]
"""A DNS label that starts with a letter (RFC 1035), so that a Service may carry it."""

NodeName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", max_length=63)]
"""A Kubernetes node name without dots: it is also a label value (kubernetes.io/hostname)."""

LabelKey = Annotated[
    str,
    StringConstraints(
        pattern=r"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
        max_length=317,
    ),
]
"""A Kubernetes label key, with or without a DNS prefix."""

LabelValue = Annotated[
    str, StringConstraints(pattern=r"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$", max_length=63)
]
"""A Kubernetes label value; it may be empty."""

ValueName = Annotated[str, StringConstraints(pattern=r"^[a-z_][A-Za-z0-9_]*$", max_length=63)]
"""A name that a template can write after a dot."""


def readable(read: Callable[[str], object]) -> AfterValidator:
    """Text that matches the pattern of a type also goes through its parser, which knows limits that a pattern cannot express."""

    def check(text: str) -> str:
        read(text)
        return text

    return AfterValidator(check)


def number_as_text(value: object) -> object:
    """A quantity may be a number of YAML, as in Kubernetes; Python writes it with all of its digits."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


CpuQuantity = Annotated[
    str,
    BeforeValidator(number_as_text),
    StringConstraints(pattern=quantity.CPU, max_length=32),
    readable(quantity.millicores),
    WithJsonSchema({"type": ["string", "number"], "pattern": quantity.CPU, "maxLength": 32, "minimum": 0}),
]
"""A Kubernetes quantity of CPU in cores, such as ``2`` or ``250m``."""

ByteQuantity = Annotated[
    str,
    BeforeValidator(number_as_text),
    StringConstraints(pattern=quantity.BYTES, max_length=32),
    readable(quantity.bytes_of),
    WithJsonSchema({"type": ["string", "integer"], "pattern": quantity.BYTES, "maxLength": 32, "minimum": 0}),
]
"""A Kubernetes quantity of memory or disk in bytes, such as ``64Mi``; ``m`` is no megabyte, and refused."""

Duration = Annotated[
    str, StringConstraints(pattern=duration.FORM, min_length=2, max_length=16), readable(duration.seconds)
]
"""A duration as Kubernetes, Flux and Argo CD read it, such as ``10s``, ``1h30m``, ``1.5h``."""

Team = Annotated[str, StringConstraints(min_length=1, max_length=255)]
"""A team, as the identity provider calls it."""

ValuesSchema = dict[str, Any]
"""A JSON Schema of draft 2020-12, with `levels` beside its keywords."""

Architecture = Literal["amd64", "arm64", "arm"]
"""The values that Kubernetes puts in the node label ``kubernetes.io/arch``."""

FilePath = Annotated[str, StringConstraints(min_length=1, max_length=255)]
"""A file, relative to the root of the fleet spec, with forward slashes."""


def informing(description: str, shown: str) -> str:
    """The description of a field that changes no tree, with where people find it; ``INFORMS`` in it says so to tests."""
    return f"{description} {INFORMS} {shown}."


INFORMS = "It only informs:"


def no_items() -> list[Any]:
    """The default of a list. Not ``list`` itself: pydantic reads the signature of each factory, of a builtin from text."""
    return []


def no_keys() -> dict[str, Any]:
    """The default of a mapping."""
    return {}


class SpecModel(BaseModel):
    """Frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class InventoryRow(SpecModel):
    """A row of an inventory table. A field is a column, and all that is said of it is said here.

    A column is carried as it stands to whoever lists rows (templates, the tables of queries, the reference), unless it is
    one of ``resolved``.
    """

    resolved: ClassVar[frozenset[str]]
    """Fields that resolve makes something else of: things of that name, what is inherited."""


def published_name(name: str) -> str:
    """A model's name in schemas and reference pages: ``ComponentEntry`` is ``Component``, ``FleetDocument`` is ``Fleet``.

    In Python the bare word is the resolved thing (``model.fleet.Component``), so that each name has one meaning.
    """
    return name.removesuffix("Document").removesuffix("Entry")


class ExactlyOneOf(SpecModel):
    """Of some of its keys exactly one is given; the published schema says so too."""

    forms: ClassVar[tuple[str, ...]]
    """The fields' names."""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if sum(getattr(self, name) is not None for name in self.forms) != 1:
            raise ValueError(f"give exactly one of {', '.join(self._keys())}")
        return self

    @classmethod
    def _keys(cls) -> list[str]:
        return [cls.model_fields[name].alias or name for name in cls.forms]

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        found = handler(schema)
        given = [{"required": [key], "properties": {key: {"not": {"type": "null"}}}} for key in cls._keys()]
        handler.resolve_ref_schema(found)["oneOf"] = given
        return found


class Metadata(SpecModel):
    """The name of a document."""

    name: Name = Field(description="Unique among the documents of its kind.")


class KindModel(SpecModel):
    """A Kubernetes-style document."""

    api_version: Literal["milepost.dev/v1alpha1"] = Field(alias="apiVersion")
    kind: str
    metadata: Metadata
    spec: Any

    plural: ClassVar[str] = ""


class Budgets(SpecModel):
    """What the pods of one namespace may ask for together; becomes its ResourceQuota."""

    pods: Annotated[int, Field(ge=1)] | None = Field(None, description="Pods in the namespace.")
    cpu: CpuQuantity | None = Field(None, description="Sum of CPU requests.")
    memory: ByteQuantity | None = Field(None, description="Sum of memory requests.")


class Inherited(SpecModel):
    """What may be set at any of the six levels, and is inherited downward; the nearest level wins, key by key."""

    labels: dict[LabelKey, LabelValue] = Field(
        default_factory=no_keys, description="Labels that selectors may name; they reach every node below."
    )
    values: dict[ValueName, Scalar] = Field(
        default_factory=no_keys, description="Values for templates, as `values.NAME`."
    )
    owners: list[Team] = Field(
        default_factory=no_items,
        description="Teams of the identity provider that own this level and all below: code owners of its files, and in "
        "the namespaces they read everything but Secrets and restart pods. Those of farther levels stay owners.",
    )
    approvers: list[Team] = Field(
        default_factory=no_items,
        description="Teams that are asked about changes here and below: code owners, without rights in a cluster.",
    )
    readers: list[Team] = Field(
        default_factory=no_items,
        description="Teams that may look and nothing else: they read everything but Secrets in the namespaces below. Set "
        "at the fleet, it is a national view.",
    )
    access: Name | None = Field(None, description="The AccessProfile of the lines here.")
    budgets: Budgets = Field(default_factory=Budgets, description="Resource budgets of each namespace below.")
