"""Sidecar images: those of init containers and sidecars that come with a manifest or a patch.

They run on the same nodes, so they must be pinned and cover the same architectures; but nobody named them as Images.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from milepost.model.fleet import Component
from milepost.model.origin import DocumentOrigin
from milepost.model.record import by_value

_LISTS = ("initContainers", "containers")


@by_value
class SidecarImage:
    """An image reference of a container, and where it is said."""

    container: str
    reference: str
    at: DocumentOrigin

    @property
    def repository(self) -> str:
        """Without tag and digest."""
        name = self.reference.partition("@")[0]
        # A colon before the last slash is the port of the registry (`host:5000/name`), not a
        # tag. Splitting at the first colon would cut the host in two.
        head, slash, last = name.rpartition("/")
        return f"{head}{slash}{last.partition(':')[0]}"

    @property
    def digest(self) -> str:
        return self.reference.partition("@")[2]


def sidecar_images(component: Component) -> Iterator[SidecarImage]:
    """Every image of the component's pods but the one that the component names itself."""
    spec = (component.pod or {}).get("spec")
    own = _own(spec, component.name)
    for field, index, container in _containers(spec):
        if (field, index) != own:
            yield SidecarImage(
                _name(container), str(container.get("image") or ""), component.origin.of("from")
            )
    path = ("spec", "template", "spec")
    for field, index, container in _containers(_at(component.settings.patch, *path)):
        if "image" in container:
            at = component.origin.of("patch", *path, field, index, "image")
            yield SidecarImage(_name(container), str(container["image"] or ""), at)


def _own(spec: Any, name: str) -> tuple[str, int]:
    """The container that the component takes the place of: the one of its name, or else the first."""
    # An init container may have the component's name as well; it does not run the component, so
    # it is never the one that is replaced.
    names = [_name(c) for field, _, c in _containers(spec) if field == "containers"]
    return "containers", names.index(name) if name in names else 0


def _containers(spec: Any) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    for field in _LISTS:
        found = spec.get(field) if isinstance(spec, Mapping) else None
        for index, container in enumerate(found if isinstance(found, list | tuple) else ()):
            if isinstance(container, Mapping):
                yield field, index, container


def _name(container: Mapping[str, Any]) -> str:
    return str(container.get("name", ""))


def _at(value: Any, *path: str) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
