"""Spec models cost every start of the compiler: nothing in them makes pydantic read texts that Python has read already."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "compiler" / "milepost" / "model" / "spec"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_a_spec_model_is_quickly_built(path: Path) -> None:
    """Annotations are not postponed, and no default is made by a builtin, whose signature is parsed from its text."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    postponed = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    builtin = [
        node.value.id
        for node in nodes
        if isinstance(node, ast.keyword)
        and node.arg == "default_factory"
        and isinstance(node.value, ast.Name)
    ]
    assert not postponed
    assert not {"list", "dict"} & set(builtin), "no_items and no_keys of model.spec.base are as good"
