"""Shapes of manifests: the table of the documentation is what the compiler makes of thirty files that people have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from compiling import compile_spec, write_files
from goldens import Goldens
from objects import objects
from small import NODES, application, base, component, files, image

SHAPES = yaml.safe_load(Path(__file__).with_name("shapes.yaml").read_text(encoding="utf-8"))
PAGE = Path(__file__).parents[2] / "docs" / "manifests.md"
HEAD = "| file | component | becomes | told | refused |\n|---|---|---|---|---|\n"


def row(root: Path, shape: dict[str, Any]) -> str:
    words = {"from": "app.yaml"} | shape.get("words", {})
    entry = {"objects": [{"file": "app.yaml"}]} if shape.get("objects") else {}
    documents = [*base(), image("app"), application("app", [component("app", **words)], **entry)]
    made = compile_spec(
        write_files(root, files(documents, nodes=NODES, more={"app.yaml": shape["file"]}).items())
    )
    unit = {path: data for path, data in made.files.items() if path.startswith("north/groups/g4/")}
    kinds = [body["kind"] for path, body in objects(unit) if not path.endswith("kustomization.yaml")]
    told = [d for d in made.diagnostics if d not in made.errors]
    said = [d.message.split(" is not taken")[0].split(": ", 1)[-1] for d in told]
    refused = [f"{d.message.split(': ', 1)[-1]} ({d.code.id})" for d in made.errors]
    spoken = ", ".join(f"`{key}`" for key in shape.get("words", {}))
    cells = (
        shape["title"],
        spoken,
        ", ".join(dict.fromkeys(kinds)),
        "; ".join(dict.fromkeys(said)),
        "; ".join(refused),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


@pytest.mark.slow
def test_the_table_is_what_is_made_of_each_shape(tmp_path: Path, goldens: Goldens) -> None:
    """What is taken, told or refused of each; `--update-goldens=overwrite` writes it anew."""
    assert len(SHAPES) >= 30
    rows = "".join(row(tmp_path / str(index), shape) for index, shape in enumerate(SHAPES))
    head, table = PAGE.read_text(encoding="utf-8").split(HEAD)
    if goldens.writes(bool(table)):
        PAGE.write_text(head + HEAD + rows, encoding="utf-8")
        table = rows
    assert table == rows
