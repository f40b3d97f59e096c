"""Raw patches: one changes an object, never which object it is nor what was decided about where it runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code, Sink
from milepost.model.document import Path
from milepost.model.parsed import ParsedSpec
from milepost.model.pod_template import DECIDES_PLACEMENT, mapping

MP2026 = Code(
    "MP2026",
    "patch of a reserved field",
    "A patch is merged into a workload object when everything is decided. Its kind and name tell which object it is; "
    "its selector and number of instances follow from the component. A patch of those would make another object, or "
    "one that the checks before know nothing of. Neither can it change what decides where pods run: node selectors, "
    "affinity, spreading, schedulers, or resources other than CPU and memory. That a place is left for every pod was "
    "shown without them, so one would leave pods waiting, or promise what is not kept.",
    "patch:\n  metadata: {name: other}\n",
)
_METADATA = frozenset({"labels", "annotations"})
_DECIDED = frozenset({"selector", "replicas", "completions", "parallelism", "serviceName"})
_PROVEN = frozenset({"cpu", "memory"})
"""Resources of containers that the proof of capacity counts."""


_ELSE = "patch metadata.labels, metadata.annotations or another part of spec"
_PLACE = "say it by nodes, topology or resources of the component"


def check(spec: ParsedSpec, sink: Sink) -> None:
    for application in spec.applications.values():
        for index, component in enumerate(application.model.spec.components):
            at = application.at.of("spec", "components", index, "patch")
            for path, message in _faults(component.patch or {}):
                hint = _PLACE if "decides where" in message or "ask for" in message else _ELSE
                sink.report(MP2026, message, at.of(*path).key_span, hint=hint)


def _faults(patch: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    for key, value in patch.items():
        if key not in ("metadata", "spec"):
            yield (key,), f'a patch cannot change "{key}"'
        elif not isinstance(value, Mapping):
            yield (key,), f"the patch of {key} must be a mapping"
        else:
            # Of `metadata` only what is listed may be patched, of `spec` all but what is
            # listed: metadata is identity, spec is mostly detail.
            refused = [k for k in value if (k not in _METADATA if key == "metadata" else k in _DECIDED)]
            yield from (((key, k), f'a patch cannot change "{key}.{k}"') for k in refused)
    yield from _template_faults(patch.get("spec"))
    yield from _placement_faults(mapping(mapping(mapping(patch.get("spec")).get("template")).get("spec")))


def _placement_faults(pod: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """What decides where pods run, which placement and capacity have been proven without."""
    here: Path = ("spec", "template", "spec")
    for key in pod.keys() & DECIDES_PLACEMENT:
        yield (*here, key), f'a patch cannot change "{key}", which decides where pods run'
    for field in ("containers", "initContainers"):
        found = pod.get(field)
        for index, container in enumerate(found if isinstance(found, list) else ()):
            for kind in ("requests", "limits"):
                asked = mapping(mapping(mapping(container).get("resources")).get(kind))
                for name in asked.keys() - _PROVEN:
                    path = (*here, field, index, "resources", kind, name)
                    yield path, f'a patch cannot ask for "{name}": only CPU and memory are shown to fit'


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
            # A merge with something of another type would replace the pod template as a whole.
            yield path, f"the patch of {'.'.join(map(str, path))} must be {what}"
            return
