"""Objects for the peers: whole station groups of one province, as bodies with placeholders and the values of each station.

Peers get what Milepost has worked out (placement, images, the text of config files) and only have to write it down.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import floor
from milepost import pipeline
from milepost.diagnostics import Sink
from milepost.emit.yaml.serialize import dump
from milepost.model.manifest import PLACEHOLDER_CLOSE, PLACEHOLDER_OPEN, TemplateInstance, fill_object


@dataclass(frozen=True, slots=True)
class Shape:
    """Objects that several files hold alike, and what fills their placeholders in each file. ``name`` is an identifier."""

    name: str
    bodies: tuple[Mapping[str, Any], ...]
    instances: tuple[TemplateInstance, ...]

    @property
    def keys(self) -> dict[str, str]:
        """Placeholders to identifiers, since their own names hold dots."""
        return {name: f"v{number}" for number, name in enumerate(self.instances[0].values)}

    @property
    def rows(self) -> list[dict[str, str]]:
        """What fills the placeholders of each file, by identifier."""
        keys = self.keys
        return [{keys[name]: text for name, text in instance.values.items()} for instance in self.instances]


@dataclass(frozen=True, slots=True)
class Sample:
    """``units`` are the folders that it is made of."""

    shapes: tuple[Shape, ...]
    units: tuple[str, ...]
    pieces: floor.Pieces

    @property
    def objects(self) -> int:
        return sum(len(shape.bodies) * len(shape.instances) for shape in self.shapes)

    def bodies(self, instance: TemplateInstance, shape: Shape) -> list[Any]:
        return [fill_object(body, instance.values) for body in shape.bodies]

    def by_file(self) -> dict[str, list[Any]]:
        return {
            instance.path: self.bodies(instance, shape)
            for shape in self.shapes
            for instance in shape.instances
        }

    def counted(self) -> Counter[str]:
        """What a peer's output must hold, whatever its order."""
        return count(body for bodies in self.by_file().values() for body in bodies)


def count(bodies: Iterable[Any]) -> Counter[str]:
    return Counter(json.dumps(body, sort_keys=True) for body in bodies)


def take(spec: Path, province: str, objects: int) -> Sample:
    """The first groups of ``province`` that hold so many objects together."""
    compiled = _compiled(spec, province)
    units: list[str] = []
    for group in compiled.plan.fleet.province.groups:
        if units and _objects(compiled, units) >= objects:
            break
        units.append(f"groups/{group.name}")
    return _sample(compiled, province, tuple(units))


def _compiled(spec: Path, province: str) -> pipeline.Compiled:
    sink = Sink()
    shared = pipeline.read(spec, sink)
    compiled = None if shared is None else pipeline.compile_province(shared, province, sink)
    if compiled is None:
        raise RuntimeError("; ".join(d.message for d in sink))
    return compiled


def _objects(compiled: pipeline.Compiled, units: Iterable[str]) -> int:
    wanted = _in(units)
    return sum(
        len(s.manifests)
        for s in compiled.lowered.templates
        for instance in s.instances
        if wanted(instance.path)
    )


def _sample(compiled: pipeline.Compiled, province: str, units: tuple[str, ...]) -> Sample:
    wanted = _in(units)
    shapes: list[Shape] = []
    for template in compiled.lowered.templates:
        if instances := tuple(instance for instance in template.instances if wanted(instance.path)):
            bodies = tuple(manifest.body for manifest in template.manifests)
            shapes.append(Shape(f"shape{len(shapes)}", bodies, instances))
    pieces = {province: floor.blocks(compiled, lambda path: wanted(path) and "kustomization" not in path)}
    return Sample(tuple(shapes), units, pieces)


def _in(units: Iterable[str]) -> Callable[[str], bool]:
    folders = tuple(f"{unit}/" for unit in units)
    return lambda path: path.startswith(folders)


Spell = Callable[[list[tuple[str, bool]]], str]
"""Given the pieces of a text, each with whether it is a hole's identifier, writes an expression of another language."""


def spelled(shape: Shape, body: Any, spell: Spell, write: Callable[[Any], str] = dump) -> str:
    """``body`` as ``write`` writes it, with an expression of another language wherever a text has placeholders."""
    keys = shape.keys
    expressions: list[str] = []

    def mark(node: Any) -> Any:
        if isinstance(node, str) and PLACEHOLDER_OPEN in node:
            expressions.append(
                spell(
                    [(keys[text] if placeholder else text, placeholder) for text, placeholder in _split(node)]
                )
            )
            return f"EXPRESSION{len(expressions) - 1}EXPRESSION"
        if isinstance(node, Mapping):
            return {key: mark(value) for key, value in node.items()}
        return [mark(value) for value in node] if isinstance(node, list | tuple) else node

    text = write(mark(body))
    for number, expression in enumerate(expressions):
        text = text.replace(f"EXPRESSION{number}EXPRESSION", expression)
    return text


def _split(text: str) -> list[tuple[str, bool]]:
    head, *rest = text.split(PLACEHOLDER_OPEN)
    pieces = [(head, False)]
    for piece in rest:
        name, _, tail = piece.partition(PLACEHOLDER_CLOSE)
        pieces += [(name, True), (tail, False)]
    return [piece for piece in pieces if piece[0]]
