"""``kapitan compile`` with Jinja2 text: one target for each unit, its stations as parameters."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from bench.peers.base import Home
from bench.sample import Sample, Shape, spelled

NAME = "Kapitan"
NOTE = "`kapitan compile`, Jinja2 text, one target a unit, one process"
NEEDS = ("kapitan",)


def version(home: Home) -> str:
    return home.version("kapitan")


def prepare(sample: Sample, folder: Path) -> None:
    for name in ("inventory/targets", "inventory/classes", "templates"):
        (folder / name).mkdir(parents=True)
    for shape in sample.shapes:
        (folder / "templates" / f"{shape.name}.yaml").write_text(_template(shape), encoding="utf-8")
    for unit in sample.units:
        name = unit.rpartition("/")[2]
        target = folder / "inventory" / "targets" / f"{name}.yml"
        target.write_text(json.dumps(_target(sample, unit, name)), encoding="utf-8")


def command(home: Home, folder: Path) -> Sequence[str | Path]:
    script = 'cd "$1" && exec "$0" compile --parallelism 1 --output-path out'
    return ["sh", "-c", script, home.folder / "bin" / "kapitan", folder]


def _target(sample: Sample, unit: str, name: str) -> dict[str, object]:
    rows = {
        shape.name: [
            row
            for instance, row in zip(shape.instances, shape.rows, strict=True)
            if instance.path.startswith(f"{unit}/")
        ]
        for shape in sample.shapes
    }
    inputs = [f"templates/{shape}.yaml" for shape, found in rows.items() if found]
    wish = {"input_type": "jinja2", "input_paths": inputs, "output_path": "manifests"}
    return {"parameters": {"kapitan": {"vars": {"target": name}, "compile": [wish]}, **rows}}


def _template(shape: Shape) -> str:
    bodies = "".join(f"---\n{spelled(shape, body, _expression)}" for body in shape.bodies)
    return f"{{% for row in inventory.parameters.{shape.name} %}}\n{bodies}{{% endfor %}}\n"


def _expression(pieces: list[tuple[str, bool]]) -> str:
    parts = " ~ ".join(f"row.{text}" if is_hole else json.dumps(text) for text, is_hole in pieces)
    return f"{{{{ ({parts}) | tojson }}}}"
