"""Argo CD gates: a pre-pull is waited for only with a health check that sees it done."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.model.kinds import ARGO_APPLICATION, CONFIG_MAP, KINDS

MP6056 = Code(
    "MP6056",
    "Argo CD gate without a health check",
    "Argo CD has no health check for pre-pull jobs, and a wave of such objects passes at once. The check is a Lua script in "
    "Argo CD's own configuration; the tree carries it as a prerequisite for the administrator. As hooks, pre-pulls would "
    "run again at every sync.",
    "# lower makes pre-pull jobs; a patch cannot reach them\n",
)
_CHECKS = {kind.name: f"{kind.group}_{kind.name}" for kind in KINDS if kind.prepull}


def check(rendered: Rendered, findings: Findings) -> None:
    if not any(rendered.of(ARGO_APPLICATION.name)):
        return
    for kind, name in _CHECKS.items():
        jobs = list(rendered.of(kind))
        told = bool(jobs) and _told(name, rendered)
        for job in jobs:
            if not told:
                findings.add(MP6056, job, (), f"has no health check {name} among the tree's prerequisites")
            # A hook runs again at every full sync, whatever changed, and is skipped at a
            # selective one.
            if "argocd.argoproj.io/hook" in (job.metadata.get("annotations") or {}):
                findings.add(
                    MP6056, job, ("metadata", "annotations"), "makes it a hook, which runs at every sync"
                )


def _told(name: str, rendered: Rendered) -> bool:
    return any(name in text.text for text in rendered.texts) or any(
        name in str(obj.body.get("data")) for obj in rendered.of(CONFIG_MAP.name)
    )
