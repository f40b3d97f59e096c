"""Docstrings name what there is: an exception that a reader looks for is found."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "compiler" / "milepost"
MODULES = {path: ast.parse(path.read_text()) for path in sorted(PACKAGE.rglob("*.py"))}
# The last part of a dotted name belongs to a library: `click.UsageError`.
EXCEPTION = re.compile(r"(?<![\w.])[A-Z]\w*Error\b")


def known() -> set[str]:
    classes = {
        node.name
        for module in MODULES.values()
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef)
    }
    imported = {
        alias.asname or alias.name
        for module in MODULES.values()
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return classes | imported | set(dir(builtins))


def docstrings() -> Iterator[tuple[str, str]]:
    for path, module in MODULES.items():
        for node in ast.walk(module):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
                yield path.relative_to(PACKAGE).as_posix(), ast.get_docstring(node) or ""


def test_every_exception_that_a_docstring_names_exists() -> None:
    there = known()
    assert {
        (where, name) for where, text in docstrings() for name in EXCEPTION.findall(text) if name not in there
    } == set()
