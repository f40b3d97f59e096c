"""Texts with loops over lists, such as the lanes of a station: most templates are so, and thousands of stations fill them.

Filled without Jinja's machinery, three times as fast, from Jinja's own syntax tree. Knows the sunny day alone: where
anything is missing, too long, or of a type that is not just written down, there is no text, and Jinja says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import nodes

from milepost.model.template.rewrite import COUNTED, SIZED
from milepost.model.template.work import STEPS, TEXT

Filler = Callable[[Mapping[str, Any]], str | None]
Path = tuple[str, ...]
_SMALL = 50
"""Longer lists are looked through in counted steps."""


class _OtherError(Exception):
    """The template holds something else; or a value does."""


def filler(tree: nodes.Template) -> Filler | None:
    """What fills the template, or says None for values that Jinja has to look at; None for any other template."""
    try:
        parts = [part for node in tree.body for part in _parts(node)]
    except _OtherError:
        return None

    def fill(values: Mapping[str, Any]) -> str | None:
        pieces: list[str] = []
        try:
            left = STEPS
            for part in parts:
                left -= part(values, pieces)
        except (_OtherError, KeyError, TypeError):
            return None
        text = "".join(pieces)
        return text if left >= 0 and len(text) <= TEXT else None

    return fill


_Part = Callable[[Mapping[str, Any], list[str]], int]
"""Adds its text, and says how many steps it took."""


def _parts(node: nodes.Node) -> list[_Part]:
    if isinstance(node, nodes.Output):
        return [_written(piece, None) for piece in node.nodes]
    if isinstance(node, nodes.For):
        return [_loop(node)]
    raise _OtherError


def _written(node: nodes.Node, item: str | None) -> _Part:
    """A literal or a value; in a loop the mapping that is given is the ``item`` where the name is the loop's."""
    if isinstance(node, nodes.TemplateData):
        literal = node.data

        def write_literal(_: Mapping[str, Any], pieces: list[str]) -> int:
            pieces.append(literal)
            return 0

        return write_literal
    path = _path(node, item)

    def write(values: Mapping[str, Any], pieces: list[str]) -> int:
        value: Any = values
        for name in path:
            value = value[name]
        if type(value) is not str:
            if type(value) is not int:
                raise _OtherError
            value = str(value)
        pieces.append(value)
        return 0

    return write


def _loop(node: nodes.For) -> _Part:
    """One loop of dotted names; nothing in it looks at the loop itself."""
    if not isinstance(node.target, nodes.Name) or node.else_ or node.recursive:
        raise _OtherError
    item, (source, steps), passes = node.target.name, _counted(node.iter), _test(node.test, node.target.name)
    body = []
    for output in node.body:
        if not isinstance(output, nodes.Output):
            raise _OtherError
        body += [_written(piece, item) for piece in output.nodes]

    def write(values: Mapping[str, Any], pieces: list[str]) -> int:
        listed: Any = values
        for name in source:
            listed = listed[name]
        if type(listed) is not list and type(listed) is not tuple:
            raise _OtherError
        for one in listed:
            scope = {**values, item: one}
            if passes is None or passes(scope):
                for part in body:
                    part(scope, pieces)
        return (1 + len(listed)) * steps

    return write


def _counted(node: nodes.Node) -> tuple[Path, int]:
    """What a loop goes over, and the steps of one turn."""
    if isinstance(node, nodes.Filter) and node.name == COUNTED and isinstance(node.args[0], nodes.Const):
        return _path(node.node, None), node.args[0].value
    raise _OtherError


def _test(node: nodes.Node | None, item: str) -> Callable[[Mapping[str, Any]], bool] | None:
    """``"lane" in node.roles``."""
    if node is None:
        return None
    if not isinstance(node, nodes.Compare) or len(node.ops) != 1 or node.ops[0].op != "in":
        raise _OtherError
    sought, sized = node.expr, node.ops[0].expr
    if not isinstance(sought, nodes.Const) or not isinstance(sized, nodes.Filter) or sized.name != SIZED:
        raise _OtherError
    path = _path(sized.node, item)

    def passes(values: Mapping[str, Any]) -> bool:
        value: Any = values
        for name in path:
            value = value[name]
        if (type(value) is not tuple and type(value) is not list) or len(value) > _SMALL:
            raise _OtherError
        return sought.value in value

    return passes


def dotted(node: Any) -> Path:
    """The names of ``station.stake``, one for a bare name; nothing for anything else."""
    names: list[str] = []
    while isinstance(node, nodes.Getattr):
        names.append(node.attr)
        node = node.node
    return (node.name, *reversed(names)) if isinstance(node, nodes.Name) else ()


def _path(node: Any, item: str | None) -> Path:
    """A dotted name, or the bare name of a loop's item."""
    path = dotted(node)
    if not path or path[0] == "loop" or (len(path) == 1 and path[0] != item):
        raise _OtherError
    return path
