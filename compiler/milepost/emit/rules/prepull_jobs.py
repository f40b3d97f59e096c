"""KubeEdge ImagePrePullJobs: every field is set, since their defaults are not what one would think."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.formats import HASHED_NAME, ImageReference
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model import kinds
from milepost.model.document import Path

MP6032 = Code(
    "MP6032",
    "incomplete ImagePrePullJob",
    "An ImagePrePullJob is looked at once, so an edit is ignored: its name carries a hash. It goes to named nodes or to a "
    "selector, never both; one object holds the status of all its nodes, at most 500; without digests a moved tag is not "
    "pulled again; without tolerance one offline node fails the job.",
    "kind: Release\n# lower makes the job; a patch cannot reach it\n",
)
MOST_NODES = 500


def check(rendered: Rendered, findings: Findings) -> None:
    for job in rendered.of(kinds.IMAGE_PREPULL_JOB.name):
        for path, predicate in (*_name(job), *_template(job.body["spec"]["imagePrePullTemplate"])):
            findings.add(MP6032, job, path, predicate)


def _name(job: RenderedObject) -> Iterator[tuple[Path, str]]:
    if not HASHED_NAME.fullmatch(job.name):
        yield ("metadata", "name"), "does not end in a hash of the content"


def _template(template: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    path = ("spec", "imagePrePullTemplate")
    nodes, selector = template.get("nodeNames") or (), template.get("labelSelector") or {}
    # Both, none and no match are each phase Failure at once in KubeEdge, with no webhook to say
    # so before.
    if bool(nodes) == bool(selector.get("matchLabels") or selector.get("matchExpressions")):
        yield path, "must go either to nodeNames or to a labelSelector"
    if len(nodes) > MOST_NODES:
        yield (*path, "nodeNames"), f"names {len(nodes)} nodes, more than {MOST_NODES}"
    if len(set(nodes)) < len(nodes):
        yield (*path, "nodeNames"), "names a node twice"
    if template["failureTolerate"] in ("0", "0.0", "0.00"):
        yield (*path, "failureTolerate"), "lets one offline node fail the whole job"
    for index, image in enumerate(template["images"]):
        if not ImageReference.of(image).pinned:
            yield (*path, "images", index), f'"{image}" is not given by its digest alone'
