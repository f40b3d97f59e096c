"""Values schemas: what an Application or the Fleet says of ``values``, as JSON Schema (draft 2020-12).

Two libraries share the work, and this is the only module that knows the first. A compiled validator tells whether
values fit, which is asked for every set of values; `jsonschema` tells why one does not, which is asked once a fault,
and takes longer to import than a small fleet to compile.

Beside the keywords of the draft a property may say ``levels``: the management levels at which the value may be set.
Refuses what reaches beyond the schema, or has no effect: see ``milepost.model.schema_faults``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from milepost.diagnostics import did_you_mean

LEVELS = "levels"
"""The keyword that the draft does not have."""
_ONE_BY_ONE = ("$defs", "properties", "additionalProperties")
"""Keywords of the root that are about one value whatever the others are."""
_SHOWN = 8
"""Choices that a message names; the others are counted."""


class ValueFault(NamedTuple):
    """What is wrong with a value, or with values together where ``key`` is empty."""

    key: str
    what: str
    """As it goes on after the value's name: ``is "dbug", and may be "debug" or "info"``."""
    path: tuple[str | int, ...]
    """Where the schema says so."""
    hint: str | None = None


class ValuesSchema:
    """One schema; it must have no faults. Validators are made when they are first asked for, and kept."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.body = body
        self._known: dict[object, tuple[ValueFault, ...]] = {}

    @property
    def properties(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.body.get("properties", {})
        return found

    def levels(self, key: str) -> tuple[str, ...]:
        """The levels at which the value may be set; every level where none is named."""
        named = self.properties.get(key)
        return tuple(named.get(LEVELS, ())) if isinstance(named, Mapping) else ()

    def read_cell(self, key: str, text: object) -> object:
        """The value of a CSV cell: text, or where the schema wants another type, the text parsed."""
        kinds = self._types(key)
        # Where text is allowed a cell stays text, since a device number such as `007` would
        # lose its zeros.
        if not isinstance(text, str) or not kinds or "string" in kinds:
            return text
        if "boolean" in kinds and text.lower() in ("true", "false"):
            return text.lower() == "true"
        if kinds & {"integer", "number"} and re.fullmatch(r"-?(0|[1-9]\d{0,17})", text):
            return int(text)
        if "number" in kinds and re.fullmatch(r"-?(0|[1-9]\d{0,17})\.\d{1,17}", text):
            return float(text)
        return text

    def check_value(self, key: str, value: object) -> tuple[ValueFault, ...]:
        """What is wrong with one value, whatever the others are."""
        # With the type: `1`, `1.0` and `True` are equal in Python and different to a schema.
        known = (key, type(value), value)
        if known not in self._known:
            alone = {key: value}
            faults = () if self._alone.is_valid(alone) else tuple(self._explain(self._alone_body, alone))
            self._known[known] = faults
        return self._known[known]

    def check_together(self, values: Mapping[str, object]) -> tuple[ValueFault, ...]:
        """What is wrong with ``values`` as a whole: what is missing, and what does not go with what."""
        known = tuple((key, type(value), value) for key, value in sorted(values.items()))
        if known not in self._known:
            fine = self._together is None or self._together.is_valid(values)
            self._known[known] = () if fine else tuple(self._explain(self._together_body, values))
        return self._known[known]

    @cached_property
    def _alone_body(self) -> dict[str, Any]:
        return {keyword: self.body[keyword] for keyword in _ONE_BY_ONE if keyword in self.body}

    @cached_property
    def _together_body(self) -> dict[str, Any]:
        """Without what is said of one value, which was checked where the value is set."""
        return {k: body for k, body in self.body.items() if k == "$defs" or k not in _ONE_BY_ONE}

    @cached_property
    def _alone(self) -> Any:
        return compiled(self._alone_body)

    @cached_property
    def _together(self) -> Any | None:
        return compiled(self._together_body) if self._together_body.keys() - {"$defs", "$schema"} else None

    def _explain(self, body: Mapping[str, Any], values: Mapping[str, object]) -> Iterator[ValueFault]:
        found = list(_errors(body, values))
        for error in found:
            yield from _faults(error, self.properties)
        # The two validators may differ in a corner; that something is wrong is then said
        # without the reason.
        if not found:
            yield ValueFault("", "do not fit the schema", ())

    def _types(self, key: str) -> frozenset[str]:
        """The types that a property names, by way of its ``$ref`` too; none where it names none."""
        body: Any = self.properties.get(key)
        while isinstance(body, Mapping) and "$ref" in body and "type" not in body:
            body = self.body["$defs"][body["$ref"].removeprefix("#/$defs/")]
        named = body.get("type", ()) if isinstance(body, Mapping) else ()
        return frozenset([named] if isinstance(named, str) else named)


def compiled(body: Mapping[str, Any]) -> Any:
    """A validator that asks no network. Raises jsonschema_rs.ValidationError for a schema that is none.

    Patterns are matched in time that grows with the text alone: what would take longer cannot be said at all.
    """
    # Late, as most fleets declare no schema.
    import jsonschema_rs

    linear = jsonschema_rs.RegexOptions()
    return jsonschema_rs.Draft202012Validator(
        dict(body), validate_formats=True, pattern_options=linear, offline=True
    )


def against_draft(body: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What the draft's own schema has against a schema, each with its place."""
    from jsonschema import Draft202012Validator

    for error in Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(body):
        yield tuple(error.absolute_path), error.message


def _errors(body: Mapping[str, Any], values: Mapping[str, object]) -> Iterator[Any]:
    """By the library that has words for them; patterns and formats are still judged by the other one."""
    from jsonschema import Draft202012Validator, ValidationError, validators

    def judged(keyword: str) -> Any:
        def check(_: Any, wanted: Any, value: Any, __: Any) -> Iterator[ValidationError]:
            if not compiled({keyword: wanted}).is_valid(value):
                yield ValidationError(keyword)

        return check

    own = {keyword: judged(keyword) for keyword in ("pattern", "format")}
    yield from validators.extend(Draft202012Validator, own)(body).iter_errors(values)


def _faults(error: Any, known: Collection[str]) -> Iterator[ValueFault]:
    path = tuple(error.absolute_schema_path)
    if error.absolute_path:
        key, value = str(error.absolute_path[0]), error.instance
        hint = None
        if error.validator == "enum" and isinstance(value, str):
            hint = did_you_mean(value, [v for v in error.validator_value if isinstance(v, str)])
        if (
            error.validator == "type"
            and isinstance(value, str)
            and re.fullmatch(r"-?[0-9.]+|true|false", value)
        ):
            hint = "write it without quotes"
        yield ValueFault(key, _sentence(error), path, hint)
    elif error.validator == "required":
        # One error a key, which stands in its message alone.
        key = next(k for k in error.validator_value if error.message == f"{k!r} is a required property")
        yield ValueFault(key, "is missing", path)
    elif error.validator == "dependentRequired":
        pairs = [(key, n) for key, needed in error.validator_value.items() for n in needed]
        key, other = next(p for p in pairs if error.message == f"{p[1]!r} is a dependency of {p[0]!r}")
        yield ValueFault("", f'have "{key}" and not "{other}", which goes with it', path)
    elif error.validator == "additionalProperties" and len(error.instance) == 1:
        (key,) = error.instance
        yield ValueFault(key, "is none that the schema knows", path, did_you_mean(key, known))
    else:
        yield ValueFault("", f"do not fit {error.validator}: {error.message}", path)


def _sentence(error: Any) -> str:
    value, wanted = _shown(error.instance), error.validator_value
    match error.validator:
        case "enum":
            return f"is {value}, and may be {_choices(wanted)}"
        case "const":
            return f"is {value}, and must be {_shown(wanted)}"
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else wanted
            return f"is {value}, which is no {' and no '.join(map(_kind, kinds))}"
        case "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum" | "multipleOf":
            return f"is {value}, and must be {_BOUNDS[error.validator]} {_shown(wanted)}"
        case "minLength" | "maxLength":
            most = "least" if error.validator == "minLength" else "most"
            return f"is {value}, and must have at {most} {wanted} characters"
        case "pattern":
            return f"is {value}, which does not match {wanted}"
        case "format":
            return f"is {value}, which is no {wanted}"
    return f"is {value}, which does not fit {error.validator}"


_BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "more than",
    "maximum": "at most",
    "exclusiveMaximum": "less than",
    "multipleOf": "a multiple of",
}


def _kind(name: str) -> str:
    return {"string": "text", "boolean": "true or false"}.get(name, name)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _choices(values: Collection[object]) -> str:
    shown = [_shown(value) for value in values][:_SHOWN]
    if len(values) > _SHOWN:
        return f"{', '.join(shown)} or one of {len(values) - _SHOWN} more"
    return " or ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)
