"""Unquoted texts: which values of the spec a template writes as they are, without a filter that quotes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from milepost.model.template.fill import syntax_tree
from milepost.model.template.quoting import QUOTING

_NUMBERS = frozenset({"abs", "count", "float", "int", "length", "round", "sum", "wordcount"})
_SOUND = frozenset((*QUOTING, "tojson", "urlencode", "forceescape")) | _NUMBERS
"""Filters behind which nothing of a text is left that a format could misread."""

Use = tuple[tuple[str, ...], int]
"""A dotted name such as ``("values", "greeting")``, and the line of the template that writes it."""


def unquoted(text: str) -> list[Use]:
    """Each dotted name that ``text`` writes without such a filter, once. Raises BadTemplateError where it cannot be read."""
    if "{{" not in text:
        return []
    from jinja2 import nodes

    tree = syntax_tree(text)
    written = (piece for output in tree.find_all(nodes.Output) for piece in output.nodes)
    return list(dict.fromkeys(use for piece in written for use in _names(piece)))


def _names(node: Any) -> Iterator[Use]:
    from jinja2 import nodes

    from milepost.model.template.simple import dotted

    if isinstance(node, nodes.Filter) and node.name in _SOUND:
        return
    # What is compared or calculated with is not written.
    if isinstance(
        node, nodes.Test | nodes.Compare | nodes.Not | nodes.Mul | nodes.Sub | nodes.Div | nodes.FloorDiv
    ):
        return
    if path := dotted(node):
        yield path, node.lineno
    elif isinstance(node, nodes.CondExpr):
        for branch in (node.expr1, node.expr2):
            yield from _names(branch)
    elif isinstance(node, nodes.Getitem) and (path := dotted(node.node)):
        key = getattr(node.arg, "value", "*")
        yield (*path, str(key)), node.lineno
    elif node is not None:
        for child in node.iter_child_nodes():
            yield from _names(child)
