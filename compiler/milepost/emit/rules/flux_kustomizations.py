"""Flux Kustomizations: every field with a bad default is set, and nothing recreates, rewrites or blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.model.document import Path
from milepost.model.kinds import FLUX_KUSTOMIZATION

MP6050 = Code(
    "MP6050",
    "unsafe Flux Kustomization",
    "`force` deletes and recreates on any conflict. `postBuild` rewrites every `${...}` in scripts and configuration, which "
    "Milepost leaves as they are since nothing substitutes them. A target namespace and common metadata change every "
    "object. Without its knobs a retry waits a whole interval, and removing a Kustomization stops its lanes.",
    "# lower makes Flux's objects; a patch cannot reach them\n",
)
_KNOBS = ("retryInterval", "timeout", "wait", "deletionPolicy", "serviceAccountName")
_HARMFUL = {
    "force": "deletes and recreates objects on any conflict",
    "postBuild": "rewrites every ${...} in scripts and configuration",
    "targetNamespace": "moves every object to one namespace",
    "commonMetadata": "changes every object",
}


def check(rendered: Rendered, findings: Findings) -> None:
    for obj in rendered.of(FLUX_KUSTOMIZATION.name):
        if obj.api_version == FLUX_KUSTOMIZATION.api_version:
            for field, predicate in _faults(obj.body["spec"]):
                findings.add(MP6050, obj, field, predicate)


def _faults(spec: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    for knob in _KNOBS:
        if knob not in spec:
            yield ("spec", knob), "is missing"
    for field, harm in _HARMFUL.items():
        if spec.get(field):
            yield ("spec", field), harm
    # With the default, `MirrorPrune`, deleting the Kustomization deletes what it applied.
    if "/groups/" in spec["path"] and spec.get("deletionPolicy") not in (None, "Orphan"):
        yield (
            ("spec", "deletionPolicy"),
            "must be Orphan, so that dropping the Kustomization never stops a lane",
        )
