"""The rendered objects of a province as checks see them: each template filled as its first instance fills it.

Stations of one template have one shape, so one of them stands for all. Where lengths matter, ``longest`` tells the instances
that fill some placeholder of a text with most.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from milepost.emit.rendered_object import KUSTOMIZE, RenderedObject, mapping
from milepost.emit.sound_objects import SoundObjects
from milepost.emit.yaml.kustomization_reader import read_kustomization
from milepost.model import kinds
from milepost.model.document import Path
from milepost.model.manifest import (
    Manifest,
    ManifestTemplate,
    StaticFile,
    TemplateInstance,
    fill_object,
    placeholder_names,
    unit_of,
)
from milepost.model.province_settings import ClusterVersions

KUSTOMIZATION = "kustomization.yaml"
_NAME = "\0"
"""Stands for the name of an object or a file; in JSON that is all ASCII it means nothing else."""


class Rendered:
    """A province's templates and texts. ``objects`` are the objects that have the shape of their kind."""

    def __init__(
        self,
        templates: Iterable[ManifestTemplate],
        texts: Iterable[StaticFile],
        cluster: ClusterVersions,
        known_secrets: frozenset[str] = frozenset(),
    ) -> None:
        self.known_secrets = known_secrets
        self.sound = SoundObjects(cluster, known_secrets)
        self.templates = tuple(templates)
        self.texts = tuple(texts)
        self.cluster = cluster
        self.objects: list[RenderedObject] = []

    def every(self) -> Iterator[RenderedObject]:
        """Every object as its first instance fills it, those of kustomization files among them."""
        for template in self.templates:
            # All instances have one shape, so one stands for thousands. Rules about lengths or
            # characters look at the columns of the values as well.
            for instance in template.instances[:1]:
                for manifest in template.manifests:
                    known = self.sound.knows(manifest, instance.path)
                    yield from _objects_of(manifest, template, instance, known)
        for text in self.texts:
            if posixpath.basename(text.path) == KUSTOMIZATION:
                yield RenderedObject(read_kustomization(text.text), text.path)

    @cached_property
    def distinct(self) -> list[RenderedObject]:
        """The sound objects that no earlier province had; of those that differ only in their own name and their file's,
        as those of groups do, one.

        The one with the longest stands for all. For rules that look at one object at a time, and not at its name.
        """
        found: dict[str, RenderedObject] = {}
        for obj in self.objects:
            if obj.known:
                continue
            # As text: the JSON is there for other rules anyway, and two replacements in it
            # spare a walk over nested mappings.
            key = obj.json.replace(f'"{obj.name}"', _NAME).replace(obj.stem, _NAME)
            if key not in found or len(obj.stem) > len(found[key].stem):
                found[key] = obj
        return list(found.values())

    def fields(self, *names: str) -> Iterator[tuple[RenderedObject, Path, dict[str, Any]]]:
        """The mappings of ``distinct`` objects that are fields of these names, and their paths."""
        return (found for found in self.held_by(*names) if isinstance(found[1][-1], str))

    def held_by(self, *names: str) -> Iterator[tuple[RenderedObject, Path, dict[str, Any]]]:
        """The same, and the mappings that stand in lists which are such fields."""
        for name in names:
            yield from self._holders.get(name, ())

    @cached_property
    def _holders(self) -> dict[str, list[tuple[RenderedObject, Path, dict[str, Any]]]]:
        found: dict[str, list[tuple[RenderedObject, Path, dict[str, Any]]]] = {}
        for obj in self.distinct:
            for path, node in obj.nodes:
                name = path[-1] if path else ""
                # No list stands in a list, in no object of Kubernetes.
                found.setdefault(name if isinstance(name, str) else str(path[-2]), []).append(
                    (obj, path, node)
                )
        return found

    def of(self, *kinds: str) -> Iterator[RenderedObject]:
        """The sound objects of some kinds, in order of the templates."""
        for kind in kinds:
            yield from self._by_kind.get(kind, ())

    @cached_property
    def _by_kind(self) -> dict[str, list[RenderedObject]]:
        found: dict[str, list[RenderedObject]] = {}
        for obj in self.objects:
            found.setdefault(obj.kind, []).append(obj)
        return found

    def stamped(self, *kinds: str) -> Iterator[tuple[Manifest, ManifestTemplate]]:
        """The sound objects of some kinds, or all, with placeholders as they are, and the templates with all their instances."""
        objects = self.of(*kinds) if kinds else self.objects
        return ((manifest, template) for _, manifest, template in self._stamped(objects))

    def repeated(self) -> Iterator[tuple[RenderedObject, Manifest, ManifestTemplate]]:
        """Those of ``stamped`` that have more instances than the first, which ``distinct`` shows, fills; and it too."""
        return (
            found for found in self._stamped(self.objects) if found[0].known or len(found[2].instances) > 1
        )

    def _stamped(
        self, objects: Iterable[RenderedObject]
    ) -> Iterator[tuple[RenderedObject, Manifest, ManifestTemplate]]:
        for obj in objects:
            # What is inside an EdgeApplication has no file of its own; its holder stands for
            # it.
            if obj.manifest is not None and obj.template is not None and not obj.inside:
                yield obj, obj.manifest, obj.template

    def longest(self, template: ManifestTemplate, texts: Iterable[str]) -> list[TemplateInstance]:
        """For each placeholder of ``texts`` the instance that fills it with most, unless ``distinct`` shows that one."""
        placeholders = set(placeholder_names("".join(texts)))
        found = [self._longest[template, name] for name in sorted(placeholders)]
        shown = None if template in self._with_known else template.instances[0]
        return list({instance.path: instance for instance in found if instance is not shown}.values())

    @cached_property
    def _with_known(self) -> set[ManifestTemplate]:
        """Templates with an object that ``distinct`` leaves out."""
        return {obj.template for obj in self.objects if obj.known and obj.template is not None}

    @cached_property
    def _longest(self) -> _Longest:
        return _Longest()

    @cached_property
    def folders(self) -> dict[str, dict[str, int]]:
        """Folder to its files of objects, and how many objects each of them holds."""
        found: dict[str, dict[str, int]] = {}
        for template in self.templates:
            for instance in template.instances:
                folder, _, name = instance.path.rpartition("/")
                found.setdefault(folder, {})[name] = len(template.manifests)
        return found

    @cached_property
    def files(self) -> list[str]:
        """Every path of the tree, sorted."""
        of_objects = [instance.path for template in self.templates for instance in template.instances]
        return sorted([*of_objects, *(text.path for text in self.texts)])

    @cached_property
    def kustomizations(self) -> dict[str, RenderedObject]:
        """Folder to its kustomization file."""
        return {
            t.unit: t
            for t in self.of(kinds.KUSTOMIZATION.name, kinds.COMPONENT.name)
            if t.api_version.startswith(KUSTOMIZE)
        }

    @cached_property
    def kinds(self) -> dict[str, set[tuple[str, str]]]:
        """Folder to the API groups and kinds that stand in it."""
        found: dict[str, set[tuple[str, str]]] = {}
        for template in self.templates:
            kinds = {_group_and_kind(manifest) for manifest in template.manifests}
            for unit in {unit_of(instance.path) for instance in template.instances}:
                found.setdefault(unit, set()).update(kinds)
        return found


def _group_and_kind(manifest: Manifest) -> tuple[str, str]:
    return str(manifest.body.get("apiVersion", "")).rpartition("/")[0], str(manifest.body.get("kind", ""))


def _objects_of(
    manifest: Manifest, template: ManifestTemplate, instance: TemplateInstance, known: bool
) -> Iterator[RenderedObject]:
    body = fill_object(manifest.body, instance.values) if instance.values else manifest.body
    obj = RenderedObject(body, instance.path, manifest, template, known=known)
    yield obj
    if obj.kind == kinds.EDGE_APPLICATION.name:
        yield from _inside(obj)


def _inside(obj: RenderedObject) -> Iterator[RenderedObject]:
    """The objects that KubeEdge makes of an EdgeApplication; the API server does not look at them."""
    manifests = mapping(obj.body, "spec", "workloadTemplate").get("manifests")
    for index, body in enumerate(manifests if isinstance(manifests, list | tuple) else ()):
        if isinstance(body, dict):
            path = ("spec", "workloadTemplate", "manifests", index)
            yield RenderedObject(body, obj.file, obj.manifest, obj.template, path, obj.title, obj.known)


class _Longest(dict[tuple[ManifestTemplate, str], TemplateInstance]):
    """Template and placeholder to the first of the instances that fill it with most."""

    def __missing__(self, key: tuple[ManifestTemplate, str]) -> TemplateInstance:
        template, name = key
        # Worked out for each placeholder that a rule asks for, not for all: most templates have
        # dozens.
        lengths = list(map(len, template.columns[name]))
        self[key] = template.instances[lengths.index(max(lengths))]
        return self[key]
