"""Field types as people read them: ``list of names``, ``duration``, ``"a" or "b"``."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import types as python_types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, StringConstraints

from milepost.model import spec
from milepost.reference import markdown_text

_PLAIN = {
    str: "text",
    int: "number",
    float: "number",
    bool: "`true` or `false`",
    Any: "anything",
    type(None): "nothing",
}


@dataclass(frozen=True)
class SharedType:
    """A type that several fields share, such as ``Duration``."""

    name: str
    annotation: Any
    meaning: str

    @property
    def words(self) -> str:
        """``NodeName`` -> ``node name``."""
        return "".join(f" {c.lower()}" if c.isupper() else c for c in self.name).strip()

    @property
    def pattern(self) -> str:
        """Its regular expression, or the empty text."""
        constraints = [
            c for c in getattr(self.annotation, "__metadata__", ()) if isinstance(c, StringConstraints)
        ]
        return next((str(c.pattern) for c in constraints if c.pattern), "")


@cache
def shared_types() -> tuple[SharedType, ...]:
    """Every shared type of the models, sorted by name, with the docstring below it."""
    modules = [
        importlib.import_module(f"{spec.__name__}.{m.name}") for m in pkgutil.iter_modules(spec.__path__)
    ]
    return tuple(sorted((n for module in modules for n in _declared(module)), key=lambda n: n.name))


def _declared(module: python_types.ModuleType) -> Iterator[SharedType]:
    body = ast.parse(inspect.getsource(module)).body
    for statement, after in zip(body, [*body[1:], None], strict=True):
        match statement, after:
            case ast.Assign(targets=[ast.Name(id=name)]), ast.Expr(value=ast.Constant(value=str(meaning))):
                annotation = getattr(module, name)
                if get_origin(annotation) is not None and name[0].isupper():
                    yield SharedType(name, annotation, " ".join(meaning.replace("``", "`").split()))


def type_text(annotation: Any) -> str:
    """The type as Markdown; models are links to their heading."""
    # Two shared types may be equal; the same object is the surer sign.
    alike = [n for n in shared_types() if n.annotation == annotation]
    if known := next((n for n in alike if n.annotation is annotation), next(iter(alike), None)):
        return f"[{known.words}](#types)"
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return type_text(arguments[0])
    if origin is Literal:
        return " or ".join(markdown_text.code(str(value)) for value in arguments)
    if origin in (Union, python_types.UnionType):
        return " or ".join(type_text(a) for a in arguments if a is not type(None))
    if origin is list:
        return f"list of {type_text(arguments[0])}"
    if origin is dict:
        return f"map of {type_text(arguments[0])} to {type_text(arguments[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        name = spec.published_name(annotation.__name__)
        return f"[{name}]({markdown_text.anchor(name)})"
    return _PLAIN[annotation]


def models(annotation: Any) -> list[type[BaseModel]]:
    """The models that an annotation names, in order."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models(part)]
