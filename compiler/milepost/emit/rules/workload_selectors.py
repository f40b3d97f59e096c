"""Workload selectors: each selects the pods of its own template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.pod_templates import pod_templates
from milepost.emit.rendered import Rendered
from milepost.model import kinds

MP6019 = Code(
    "MP6019",
    "selector does not match the pod template",
    "Kubernetes refuses a workload whose selector does not fit the labels of its pod template. The selector cannot be "
    "changed later, so leave both to Milepost.",
    "patch: {spec: {selector: {matchLabels: {app: other}}}}\n",
)


def check(rendered: Rendered, findings: Findings) -> None:
    for pod in pod_templates(rendered):
        selector = (pod.obj.body.get("spec") or {}).get("selector") or {}
        labels = pod.metadata.get("labels") or {}
        where = ("spec", "selector")
        for key, value in (selector.get("matchLabels") or {}).items():
            if labels.get(key) != value:
                findings.add(
                    MP6019, pod.obj, where, f'asks for {key}="{value}", which its own pods do not carry'
                )
        for expression in selector.get("matchExpressions") or ():
            if not _fits(expression, labels):
                findings.add(
                    MP6019,
                    pod.obj,
                    where,
                    f"has an expression on {expression.get('key')} that its own pods do not fit",
                )
        if (
            # A Job's selector is made by its controller and is not to be given.
            pod.obj.kind not in kinds.BATCH
            and not selector.get("matchLabels")
            and not selector.get("matchExpressions")
        ):
            findings.add(MP6019, pod.obj, where, "is empty")


def _fits(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    value, values = labels.get(expression.get("key", "")), expression.get("values") or ()
    match expression.get("operator"):
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
    return value is None
