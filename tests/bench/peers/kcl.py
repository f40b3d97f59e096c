"""KCL by its Python library: a list comprehension over the stations of each shape."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.peers.base import Home
from bench.sample import Sample, spelled

NAME = "KCL"
NOTE = "list comprehensions, YAML out"
NEEDS = ("kcl-lib",)

_RUN = """
import pathlib, sys
from kcl_lib import api
folder = pathlib.Path(sys.argv[1])
done = api.API().exec_program(api.ExecProgramArgs(k_filename_list=[str(folder / "main.k")]))
(folder / "out").mkdir(exist_ok=True)
(folder / "out" / "all.yaml").write_text(done.yaml_result)
"""


def version(home: Home) -> str:
    return home.version("kcl-lib")


def prepare(sample: Sample, folder: Path) -> None:
    (folder / "run.py").write_text(_RUN, encoding="utf-8")
    lines = ["import json", "import file"]
    for shape in sample.shapes:
        rows = folder / f"{shape.name}.json"
        rows.write_text(json.dumps(shape.rows), encoding="utf-8")
        bodies = ", ".join(spelled(shape, body, _expression, _write) for body in shape.bodies)
        lines.append(f"{shape.name} = [[{bodies}] for v in json.decode(file.read({_text(str(rows))}))]")
    (folder / "main.k").write_text("\n".join(lines) + "\n", encoding="utf-8")


def command(home: Home, folder: Path) -> Sequence[str | Path]:
    return [home.python, folder / "run.py", folder]


def _write(node: object) -> str:
    if isinstance(node, Mapping):
        return "{" + ", ".join(f"{_text(key)}: {_write(value)}" for key, value in node.items()) + "}"
    if isinstance(node, list | tuple):
        return "[" + ", ".join(map(_write, node)) + "]"
    if isinstance(node, str):
        return node if node.startswith("EXPRESSION") else _text(node)
    return repr(node)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("${", "\\${")


def _expression(pieces: list[tuple[str, bool]]) -> str:
    return " + ".join(f"v.{text}" if is_hole else _text(text) for text, is_hole in pieces)
