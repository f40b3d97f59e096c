"""Pydantic errors as diagnostics with places: an unknown key at the key, a missing one at its parent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from milepost.diagnostics import Code, Sink, did_you_mean
from milepost.model.document import Path, SpecDocument
from milepost.validate.error_wording import Finding, advice, dotted, sentence

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
    "invalid value",
    "The value has the wrong type or form. Text that looks like a number or a date must be quoted in YAML.",
    "spec:\n  version: 1.4\n",
)


def report_errors(error: ValidationError, model: type[BaseModel], document: SpecDocument, sink: Sink) -> None:
    """Report every cause in ``error`` about ``document`` once."""
    for (path, is_key), findings in _causes(error, document).items():
        last = findings[0]["loc"][-1:]
        match findings[0]["type"]:
            case "extra_forbidden":
                hint = did_you_mean(str(path[-1]), known_keys(model, path[:-1]))
                sink.report(MP2002, f'unknown key "{path[-1]}"', document.key_span(*path), hint=hint)
            case "missing":
                where = f" in {dotted(path)}" if path else ""
                sink.report(MP2003, f'the key "{last[0]}" is missing{where}', document.key_span(*path))
            case _:
                span = document.key_span(*path) if is_key else document.span(*path)
                typed = "" if is_key else document.places.text(path)
                sink.report(MP2004, sentence(findings, path), span, hint=advice(findings, typed))


def _causes(error: ValidationError, document: SpecDocument) -> dict[tuple[Path, object], list[Finding]]:
    """Findings grouped by the value that they concern; each missing or unknown key is a group of its own."""
    causes: dict[tuple[Path, object], list[Finding]] = {}
    for finding in error.errors(include_url=False):
        # pydantic puts names of union members and `[key]` into its path; no editor would find
        # them in the file.
        path = in_file(finding["loc"], document.value, keep_last=finding["type"] == "extra_forbidden")
        apart = finding["loc"] if finding["type"] == "missing" else finding["loc"][-1:] == ("[key]",)
        causes.setdefault((path, apart), []).append(finding)
    return causes


def in_file(location: Sequence[str | int], value: Any, *, keep_last: bool) -> Path:
    """``location`` without the steps that stand in no file: names of union members, ``[key]``."""
    path: list[str | int] = []
    for index, step in enumerate(location):
        if _holds(value, step):
            value = value[step]
        elif not keep_last or index < len(location) - 1:
            continue
        path.append(step)
    return tuple(path)


def _holds(value: Any, step: str | int) -> bool:
    if isinstance(value, Mapping):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


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
