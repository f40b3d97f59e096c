"""Rewriting of template syntax trees: what it loops over, joins, compares and writes is handed to the counters.

Refuses the statements that read other templates: what a text is made of stands in one place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.visitor import NodeTransformer

from milepost.diagnostics import did_you_mean
from milepost.model.template.language import FILTERS, TESTS

COUNTED, CHARGED, CONCATENATED, SIZED, WEIGHED = "-counted", "-charged", "-concatenated", "-sized", "-weighed"
"""Filters that no template can write: their names are no names."""
_NODES = 50
"""Of a syntax tree, to a step."""
_LARGEST = 20_000
"""Nodes of a whole template: each takes Jinja a tenth of a millisecond."""
_OTHERS_HINT = "write the text here, or give the container one more entry under files"


class NotOfferedError(TemplateSyntaxError):
    """A template uses a feature that Jinja2 has, or that its author expected, and that Milepost's templates do not offer."""

    def __init__(self, message: str, line: int, hint: str | None) -> None:
        super().__init__(message, line)
        self.hint = hint


def bounded(tree: nodes.Template) -> nodes.Template:
    """``tree``, rewritten. Raises NotOfferedError, also for a template that would take long to read."""
    if _size(tree) > _LARGEST:
        raise NotOfferedError(f"it has more than {_LARGEST:,} parts", 1, "split it into several files")
    rewritten: nodes.Template = _Bounding().visit(tree)
    return rewritten


class _Bounding(NodeTransformer):
    """One per tree; what ``_REWRITES`` gives for a node stands in the tree afterwards, with its inner nodes rewritten."""

    def get_visitor(self, node: nodes.Node) -> Callable[..., Any] | None:
        rewrite = _REWRITES.get(type(node))
        return None if rewrite is None else lambda inner: rewrite(self.generic_visit(inner))


def _loop(node: nodes.For) -> nodes.Node:
    # A recursive loop calls itself from within, past the counter of its turns.
    if node.recursive:
        raise NotOfferedError("a loop cannot be recursive", node.lineno, "loop within a loop")
    # A turn of a long body costs more than one step, or the work of a text would not be bounded
    # by them.
    node.iter = _through(COUNTED, node.iter, 1 + _size(node) // _NODES)
    return node


def _body(node: nodes.Macro | nodes.CallBlock | nodes.Block) -> nodes.Node:
    if steps := _size(node) // _NODES:
        charge = _through(CHARGED, nodes.Const(steps, lineno=node.lineno, environment=node.environment))
        node.body.insert(0, nodes.ExprStmt(charge, lineno=node.lineno))
    return node


def _size(node: nodes.Node) -> int:
    return sum(1 for _ in node.find_all(nodes.Node))


def _concatenation(node: nodes.Concat) -> nodes.Node:
    pieces = nodes.List(node.nodes, lineno=node.lineno, environment=node.environment)
    return _through(CONCATENATED, pieces)


def _comparison(node: nodes.Compare) -> nodes.Node:
    sides: list[Any] = [node, *node.ops]
    for side in sides:
        if not isinstance(side.expr, nodes.Const):
            side.expr = _through(SIZED, side.expr)
    return node


def _literal(node: nodes.Literal) -> nodes.Node:
    written = getattr(node, "ctx", "load") == "load"
    return _through(WEIGHED, node) if written else node


def _filter(node: nodes.Filter) -> nodes.Node:
    ours = (COUNTED, CHARGED, CONCATENATED, SIZED, WEIGHED)
    return node if node.name in ours else _offered(node, "filter", FILTERS)


def _test(node: nodes.Test) -> nodes.Node:
    return _offered(node, "test", TESTS)


def _offered(node: nodes.Filter | nodes.Test, kind: str, names: frozenset[str]) -> nodes.Node:
    if node.name not in names:
        hint = did_you_mean(node.name, names) or f"the reference lists every {kind}"
        raise NotOfferedError(f'templates have no {kind} "{node.name}"', node.lineno, hint)
    return node


def _other_template(node: nodes.Node) -> NoReturn:
    raise NotOfferedError("a template cannot read other templates", node.lineno, _OTHERS_HINT)


_REWRITES: dict[type[nodes.Node], Callable[..., nodes.Node]] = {
    nodes.For: _loop,
    nodes.Concat: _concatenation,
    nodes.Compare: _comparison,
    **dict.fromkeys((nodes.List, nodes.Tuple, nodes.Dict), _literal),
    **dict.fromkeys((nodes.Macro, nodes.CallBlock, nodes.Block), _body),
    nodes.Filter: _filter,
    nodes.Test: _test,
    **dict.fromkeys((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends), _other_template),
}


def _through(name: str, node: Any, *more: int) -> nodes.Expr:
    place = {"lineno": node.lineno, "environment": node.environment}
    constants = [nodes.Const(value, **place) for value in more]
    return nodes.Filter(node, name, constants, [], None, None, **place)
