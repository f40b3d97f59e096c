"""Argo CD AppProjects: one lets through every cluster-scoped kind that the tree holds."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import CLUSTER_SCOPED
from milepost.model.kinds import ARGO_PROJECT

MP6055 = Code(
    "MP6055",
    "kind is not allowed by the AppProject",
    "Objects of the whole cluster are refused by Argo CD unless their kind is on the project's list, and one refused "
    "object fails the sync of its unit.",
    "# lower makes Argo CD's objects; a patch cannot reach them\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    present = {
        (obj.api_version.rpartition("/")[0], obj.kind)
        for obj in rendered.objects
        if obj.kind in CLUSTER_SCOPED
    }
    for project in rendered.of(ARGO_PROJECT.name):
        listed = project.body["spec"].get("clusterResourceWhitelist") or ()
        admitted = {(entry["group"], entry["kind"]) for entry in listed}
        for group, kind in sorted(present - admitted):
            # Argo CD takes wildcards in either place.
            if not admitted & {("*", "*"), (group, "*"), ("*", kind)}:
                where = ("spec", "clusterResourceWhitelist")
                findings.add(
                    MP6055, project, where, f"does not admit {kind}{f' of {group}' if group else ''}"
                )
