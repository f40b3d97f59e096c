"""YAML serialization: templates to bytes, always the same for the same objects, and readable by every YAML reader.

Takes templates, gives files. Knows neither what an object means (``output_checks``) nor where files go (``tree_writer``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from milepost.emit.yaml.compiled_template import CompiledTemplate
from milepost.emit.yaml.yaml_layout import YamlLayout
from milepost.model.manifest import ManifestTemplate, StaticFile


def render(manifest_template: ManifestTemplate | StaticFile) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Path of every file that a template is written to, and what makes its bytes.

    That raises KeyError for a placeholder without a value, and DuplicateKeyError for keys that fall together when filled.
    """
    if isinstance(manifest_template, StaticFile):
        yield manifest_template.path, manifest_template.text.encode
        return
    template = cut(manifest_template)
    for instance in manifest_template.instances:
        # Not made yet: a tree of hundreds of MB is never in memory whole.
        yield instance.path, partial(template.instance, instance.values)


def cut(manifest_template: ManifestTemplate) -> CompiledTemplate:
    """A template cut at its placeholders, once for all of its instances, in whichever provinces they are."""
    many_lines = _many_lines(manifest_template)
    bodies = (manifest.body for manifest in manifest_template.manifests)
    if len(manifest_template.instances) == 1:
        return CompiledTemplate(bodies, many_lines)
    key = (*(manifest.digest for manifest in manifest_template.manifests), many_lines)
    if len(_cut) > _MOST_CUT:
        _cut.clear()
    found = _cut.get(key)
    if found is None:
        found = _cut[key] = CompiledTemplate(bodies, many_lines)
    return found


_cut: dict[tuple[object, ...], CompiledTemplate] = {}
_MOST_CUT = 2**8


def dump(body: Any) -> str:
    """One object, already filled, as a YAML document without a separator."""
    layout: YamlLayout[str] = YamlLayout()
    layout.node(body, 0)
    layout.pieces.append("\n")
    return "".join(layout.pieces)


def _many_lines(manifest_template: ManifestTemplate) -> frozenset[str]:
    """The placeholders that some instance fills with more than one line."""
    return frozenset(name for name, column in manifest_template.columns.items() if "\n" in "".join(column))
