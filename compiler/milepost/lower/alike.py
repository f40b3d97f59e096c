"""Objects that every station group has, and most have alike: lowered once for the groups of one shape."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator

from milepost.lower.order import in_order
from milepost.model.fleet import StationGroup
from milepost.model.manifest import Manifest, Sheet, Stamp, hole

GROUP = hole("group")
"""The name of the group, in its objects."""


def sheets(
    groups: Iterable[StationGroup],
    folder: str,
    shape: Callable[[StationGroup], Hashable],
    manifests: Callable[[StationGroup], Iterable[Manifest]],
    holes: Callable[[StationGroup], dict[str, str]] = lambda group: {},
) -> Iterator[Sheet]:
    """A file for each group in ``folder``. ``manifests`` gives the objects of all groups that are of one ``shape``;
    ``holes`` what a group fills in them, beside its name.
    """
    alike: dict[Hashable, list[StationGroup]] = {}
    for group in groups:
        alike.setdefault(shape(group), []).append(group)
    for members in alike.values():
        stamps = [Stamp(f"{folder}/{g.name}.yaml", {"group": g.name, **holes(g)}, g.origin) for g in members]
        yield Sheet(in_order(manifests(members[0])), tuple(stamps))
