"""Label and annotation churn: no times, commits or run numbers, since each change is a message to every node."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.pod_templates import pod_templates
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model.document import Path

MP6029 = Code(
    "MP6029",
    "label or annotation changes with every compile",
    "A time, a commit or the number of a build on a pod template restarts every pod when it changes; on Services and "
    "ConfigMaps it is a message to every node that knows them. Where a tree comes from stands in its commit.",
    "patch: {metadata: {annotations: {built: '2026-01-02T03:04:05Z'}}}\n",
)
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?\S*|1[5-9]\d{8}(\d{3})?")
_CONTENT = "/config"
"""The end of the key under which a pod template carries the hash of its config files, which may be digits alone."""
_COMMIT = re.compile(r"[0-9a-f]{40}")
_NAMES = re.compile(
    r"(^|[./_-])(build-?(id|number|time|date)|git-?(commit|sha|revision)|commit(-?sha)?|run-?id|ci-?job-?id|timestamp)$",
    re.I,
)


def check(rendered: Rendered, findings: Findings) -> None:
    for obj in rendered.distinct:
        _metadata(obj, ("metadata",), obj.metadata, findings)
    for pod in pod_templates(rendered):
        _metadata(pod.obj, pod.metadata_path, pod.metadata, findings)


def _metadata(obj: RenderedObject, path: Path, metadata: Mapping[str, object], findings: Findings) -> None:
    for place in ("labels", "annotations"):
        marks = metadata.get(place)
        for key, value in marks.items() if isinstance(marks, Mapping) else ():
            if fault := _fault(key, str(value)):
                findings.add(MP6029, obj, (*path, place, key), fault, "take it out")


@lru_cache(maxsize=4096)
def _fault(key: str, value: str) -> str | None:
    """Remembered: a few marks stand on every object."""
    # The whole value, so that a text which mentions a date passes. Ten digits that begin so are
    # seconds since 1970.
    if _TIME.fullmatch(value) and not key.endswith(_CONTENT):
        return "is a time"
    if _COMMIT.fullmatch(value):
        return "is a commit"
    return "changes with every build" if _NAMES.search(key) else None
