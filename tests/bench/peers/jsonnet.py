"""jsonnet in C++: an array comprehension over the stations of each shape; its output stays JSON, which is the kinder way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from bench.peers.base import Home
from bench.sample import Sample, Shape, spelled

NAME = "jsonnet"
NOTE = "array comprehensions, JSON out"
NEEDS = ("jsonnet",)

_RUN = """
import pathlib, sys, _jsonnet
folder = pathlib.Path(sys.argv[1])
(folder / "out").mkdir(exist_ok=True)
(folder / "out" / "all.json").write_text(_jsonnet.evaluate_file(str(folder / "main.jsonnet"), max_stack=10000))
"""


def version(home: Home) -> str:
    return home.version("jsonnet")


def prepare(sample: Sample, folder: Path) -> None:
    (folder / "run.py").write_text(_RUN, encoding="utf-8")
    for shape in sample.shapes:
        (folder / f"{shape.name}.json").write_text(json.dumps(shape.rows), encoding="utf-8")
    loops = ",\n".join(_loop(shape) for shape in sample.shapes)
    (folder / "main.jsonnet").write_text(f"[\n{loops}\n]\n", encoding="utf-8")


def command(home: Home, folder: Path) -> Sequence[str | Path]:
    return [home.python, folder / "run.py", folder]


def _loop(shape: Shape) -> str:
    bodies = ",\n".join(spelled(shape, body, _expression, _write) for body in shape.bodies)
    return f"[[{bodies}] for v in import '{shape.name}.json']"


def _write(body: object) -> str:
    return (
        json.dumps(body, indent=1).replace('"EXPRESSION', "EXPRESSION").replace('EXPRESSION"', "EXPRESSION")
    )


def _expression(pieces: list[tuple[str, bool]]) -> str:
    return " + ".join(f"v.{text}" if is_hole else json.dumps(text) for text, is_hole in pieces)
