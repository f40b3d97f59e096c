"""A pydantic error -> diagnostics with places: an unknown key at the key, a missing one at its parent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from milepost.diagnostics import Code, Sink, Span, did_you_mean
from milepost.model.document import Document, Path

MP2002 = Code(
    "MP2002",
    "unknown key",
    "The key is not one of those that may stand here. Unknown keys are refused, since a key with a slip of the pen "
    "that is silently ignored does more harm than an error.",
    "spec:\n  replcas: 2\n",
)
MP2003 = Code(
    "MP2003",
    "missing key",
    "A key that must be given is not there. The reference of the spec says which keys each kind needs.",
    "kind: StationGroup\nspec:\n  road: {code: G4, name: Beijing-Hong Kong-Macau}\n",
)
MP2004 = Code(
    "MP2004",
    "wrong value",
    "The value has the wrong type or form. Text that looks like a number or a date must be quoted in YAML.",
    "spec:\n  version: 1.4\n",
)


def report_errors(error: ValidationError, model: type[BaseModel], document: Document, sink: Sink) -> None:
    """Report every finding of ``error`` about ``document``."""
    for finding in error.errors(include_url=False, include_context=True, include_input=True):
        path = in_file(finding["loc"], document.value, keep_last=finding["type"] == "extra_forbidden")
        match finding["type"]:
            case "extra_forbidden":
                names = known_keys(model, path[:-1])
                hint = did_you_mean(str(path[-1]), names)
                sink.report(MP2002, f'unknown key "{path[-1]}"', document.key_span(*path), hint=hint)
            case "missing":
                where = f" in {dotted(path)}" if path else ""
                sink.report(
                    MP2003, f'the key "{finding["loc"][-1]}" is missing{where}', document.key_span(*path)
                )
            case _:
                sink.report(
                    MP2004, sentence(finding, path), _span(document, path, finding), hint=advice(finding)
                )


def _span(document: Document, path: Path, finding: Mapping[str, Any]) -> Span:
    return document.key_span(*path) if finding["loc"][-1:] == ("[key]",) else document.span(*path)


def in_file(location: Sequence[str | int], value: Any, *, keep_last: bool) -> Path:
    """``location`` without the steps that stand in no file: names of union members, ``[key]``."""
    path: list[str | int] = []
    for index, step in enumerate(location):
        last = index == len(location) - 1
        held = step in value if isinstance(value, Mapping) else _has(value, step)
        if held:
            value = value[step]
        elif not (last and keep_last):
            continue
        path.append(step)
    return tuple(path)


def _has(value: Any, step: str | int) -> bool:
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def sentence(finding: Mapping[str, Any], path: Path) -> str:
    """``spec.version: Input should be a valid string`` in our words."""
    said = str(finding["msg"]).removeprefix("Value error, ")
    said = (
        said.replace("Input should", "should")
        .replace("String should", "should")
        .replace("List should", "should")
    )
    return f"{dotted(path)}: {said[:1].lower()}{said[1:]}" if path else said


def advice(finding: Mapping[str, Any]) -> str | None:
    if finding["type"] == "string_type" and isinstance(finding["input"], int | float | bool):
        return f'quote it: "{str(finding["input"]).lower() if isinstance(finding["input"], bool) else finding["input"]}"'
    if finding["type"] == "literal_error":
        return did_you_mean(
            str(finding["input"]),
            str(finding["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", "),
        )
    return None


def dotted(path: Path) -> str:
    """``spec.components[2].image``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def known_keys(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that may stand at ``path`` below ``model``, as the file spells them."""
    here: list[type[BaseModel]] = [model]
    for step in path:
        if isinstance(step, str):
            fields = [f for m in here for name, f in m.model_fields.items() if (f.alias or name) == step]
            here = [m for f in fields for m in _models(f.annotation)] or here
    return [field.alias or name for m in here for name, field in m.model_fields.items()]


def _models(annotation: Any) -> list[type[BaseModel]]:
    """Every model that an annotation such as ``list[Component] | None`` may hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]
