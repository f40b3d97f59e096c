"""Raw patches: one changes an object, never which object it is nor what was decided about where it runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code, Sink
from milepost.model.document import Path
from milepost.model.parsed import ParsedSpec

MP2026 = Code(
    "MP2026",
    "patch of a reserved field",
    "A patch is merged into a workload object when everything is decided. Its kind and name tell which object it is; "
    "its selector and number of instances follow from the component. A patch of those would make another object, or "
    "one that the checks before know nothing of.",
    "patch:\n  metadata: {name: other}\n",
)
_METADATA = frozenset({"labels", "annotations"})
_DECIDED = frozenset({"selector", "replicas", "completions", "parallelism", "serviceName"})


def check(spec: ParsedSpec, sink: Sink) -> None:
    for application in spec.applications.values():
        for index, component in enumerate(application.model.spec.components):
            at = application.at.of("spec", "components", index, "patch")
            for path, message in _faults(component.patch or {}):
                hint = "patch metadata.labels, metadata.annotations or another part of spec"
                sink.report(MP2026, message, at.of(*path).key_span, hint=hint)


def _faults(patch: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    for key, value in patch.items():
        if key not in ("metadata", "spec"):
            yield (key,), f'a patch cannot change "{key}"'
        elif not isinstance(value, Mapping):
            yield (key,), f"the patch of {key} must be a mapping"
        else:
            refused = [k for k in value if (k not in _METADATA if key == "metadata" else k in _DECIDED)]
            yield from (((key, k), f'a patch cannot change "{key}.{k}"') for k in refused)
    yield from _template_faults(patch.get("spec"))


def _template_faults(spec: Any) -> Iterator[tuple[Path, str]]:
    """The pods' template stays, and stays one."""
    steps: tuple[str, ...] = ("template", "spec", "containers")
    value: Any = spec
    path: Path = ("spec",)
    for step in steps:
        if not isinstance(value, Mapping) or step not in value:
            return
        value, path = value[step], (*path, step)
        if not isinstance(value, list if step == "containers" else Mapping):
            what = "a list" if step == "containers" else "a mapping"
            yield path, f"the patch of {'.'.join(map(str, path))} must be {what}"
            return
