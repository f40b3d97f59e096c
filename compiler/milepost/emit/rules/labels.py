"""Label, selector and annotation syntax, at every station."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.formats import is_label_key, is_label_value
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model.document import Path
from milepost.model.manifest import fill_object

MP6013 = Code(
    "MP6013",
    "invalid label or annotation",
    "A label value has at most 63 letters, digits, hyphens, dots and underscores; a key may carry a DNS domain before a "
    "slash. Annotations hold any text, 256 KiB together.",
    'patch: {metadata: {labels: {owner: "toll team"}}}\n',
)
_LABELS = ("labels", "matchLabels", "nodeSelector", "selector")
_MARKS = (*_LABELS, "annotations")
MOST_ANNOTATIONS = 256 * 1024


def check(rendered: Rendered, findings: Findings) -> None:
    for obj, path, marks in rendered.fields(*_MARKS):
        _check(obj, path, marks, findings)
    for first, manifest, template in rendered.repeated():
        paths = [path for path, _ in first.nodes if path and path[-1] in _MARKS]
        marks_of_all = [(path, _at(path, manifest.body)) for path in paths]
        texts = [text for _, marks in marks_of_all for text in (*marks, *map(str, marks.values()))]
        # The longest filling of each placeholder is enough: validation keeps names to the
        # characters that labels take, so only the length can fail.
        for instance in rendered.longest(template, texts):
            obj = RenderedObject(manifest.heading(instance), instance.path, manifest, template)
            for path, marks in marks_of_all:
                _check(obj, path, fill_object(marks, instance.values), findings)


def _at(path: Path, body: Any) -> Any:
    """What stands there with its placeholders open. Fields have names without placeholders: only what they hold is filled."""
    for step in path:
        body = body[step]
    return body


def _check(obj: RenderedObject, path: Path, marks: Mapping[str, Any], findings: Findings) -> None:
    (_annotations if path[-1] == "annotations" else _labels)(obj, path, marks, findings)


def _labels(obj: RenderedObject, path: Path, labels: Mapping[str, Any], findings: Findings) -> None:
    for key, value in labels.items():
        if not isinstance(value, str | None):
            return  # a selector with matchLabels, or a field that only has the same name
        if not is_label_key(key):
            findings.add(MP6013, obj, path, f'has the key "{key}", which is no label')
        if value and not is_label_value(value):
            findings.add(MP6013, obj, (*path, key), f'"{value}" is no label value')


def _annotations(obj: RenderedObject, path: Path, annotations: Mapping[str, Any], findings: Findings) -> None:
    for key in annotations:
        if not is_label_key(key):
            findings.add(MP6013, obj, path, f'has the key "{key}", which is no annotation')
    # The API server counts bytes of keys and values together (`TotalAnnotationSizeLimitB`).
    if sum(len(f"{key}{value}".encode()) for key, value in annotations.items()) > MOST_ANNOTATIONS:
        findings.add(MP6013, obj, path, "hold more than 256 KiB")
