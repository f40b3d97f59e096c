"""Agent annotations: those that delete and recreate objects are for one-shot Jobs, and for what no pod runs by."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.model import kinds

MP6054 = Code(
    "MP6054",
    "annotation recreates running objects",
    "Flux's force annotation and Argo CD's `Replace` and `Force` delete an object and create it anew on a conflict: on "
    "anything but a one-shot Job, or a class that pods have taken their priority from, that is an outage.",
    "patch: {metadata: {annotations: {argocd.argoproj.io/sync-options: Replace=true}}}\n",
)
_HARMLESS = {kinds.JOB.name, *kinds.names(lambda kind: kind.recreated)}
_FORCE = "kustomize.toolkit.fluxcd.io/force"
_OPTIONS = "argocd.argoproj.io/sync-options"


def check(rendered: Rendered, findings: Findings) -> None:
    for obj in rendered.distinct:
        if obj.kind in _HARMLESS:
            continue
        for place in ("annotations", "labels"):
            marks = obj.metadata.get(place) or {}
            if str(marks.get(_FORCE, "")).lower() == "enabled":
                findings.add(MP6054, obj, ("metadata", place, _FORCE), "recreates the object on a conflict")
        for option in str((obj.metadata.get("annotations") or {}).get(_OPTIONS, "")).split(","):
            if option.strip() in ("Replace=true", "Force=true"):
                findings.add(MP6054, obj, ("metadata", "annotations", _OPTIONS), f"holds {option.strip()}")
