"""Grouped objects: what every station group has, lowered once for the groups of one shape."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator

from milepost.lower.order import in_order
from milepost.model.fleet import StationGroup
from milepost.model.layout import PathPattern
from milepost.model.manifest import Manifest, ManifestTemplate, TemplateInstance, placeholder

GROUP = placeholder("group")
"""The name of the group, in its objects."""


def templates(
    groups: Iterable[StationGroup],
    pattern: PathPattern,
    shape: Callable[[StationGroup], Hashable],
    manifests: Callable[[StationGroup], Iterable[Manifest]],
    placeholders: Callable[[StationGroup], dict[str, str]] = lambda group: {},
) -> Iterator[ManifestTemplate]:
    """A file for each group, where ``pattern`` says. ``manifests`` gives the objects of all groups that are of one ``shape``;
    ``placeholders`` what a group fills in them, beside its name.
    """
    alike: dict[Hashable, list[StationGroup]] = {}
    for group in groups:
        alike.setdefault(shape(group), []).append(group)
    for members in alike.values():
        # From the first: the shape says that all others differ in placeholders alone.
        made = in_order(manifests(members[0]))
        instances = [
            TemplateInstance(pattern.path(group=g.name), {"group": g.name, **placeholders(g)}, g.origin)
            for g in members
        ]
        if made:
            yield ManifestTemplate(made, tuple(instances))
