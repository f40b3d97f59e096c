"""Simple templates as Python functions: names, products, and loops over lists such as the lanes of a station.

Most templates are so, and thousands of stations fill them: ten times as fast as with Jinja's machinery. Written from
Jinja's own syntax tree. Knows the sunny day alone: where anything is missing, too long, or of a type that is not just
written down, there is no text, and Jinja says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from jinja2 import nodes

from milepost.model.template.bad import BadTemplateError
from milepost.model.template.quoting import QUOTING
from milepost.model.template.rewrite import COUNTED, SIZED
from milepost.model.template.work import STEPS, TEXT

Filler = Callable[[Mapping[str, Any]], str | None]
_SMALL = 50
"""Longer lists are looked through in counted steps."""
_LONGEST = 1000
"""Characters of a text that is quoted."""
_DEEPEST = 20
"""Names of a dotted one."""
_OPERATORS: dict[type[nodes.Node], str] = {nodes.Mul: "*", nodes.Sub: "-"}
_MOST = 2**31
"""Numbers up to here are calculated with; a product of two is small as well."""
_FUNCTION = f"""
def fill(values):
 try:
  left, pieces = {STEPS}, []
  {{body}}
 except (OtherError, KeyError, TypeError):
  return None
 text = "".join(pieces)
 return text if left >= 0 and len(text) <= {TEXT} else None
"""


class _OtherError(Exception):
    """The template holds something else; or a value does."""


def filler(tree: nodes.Template) -> Filler | None:
    """What fills the template, or says None for values that Jinja has to look at; None for any other template."""
    try:
        body = [line for node in tree.body for line in _statements(node)]
    except _OtherError:
        return None
    names: dict[str, Any] = {
        "written": _written,
        "number": _number,
        "listed": _listed,
        "small": _small,
        "OtherError": _OtherError,
        **{f"quoted_{name}": partial(_quoted, quote) for name, quote in QUOTING.items()},
    }
    # Only names and literals of the template stand in it, as Python's repr() writes them.
    exec(_FUNCTION.format(body="\n  ".join(body)), names)
    fill: Filler = names["fill"]
    return fill


def _statements(node: nodes.Node) -> Iterator[str]:
    """Lines of Python."""
    if isinstance(node, nodes.Output):
        yield f"pieces += ({''.join(f'{_piece(piece, None)}, ' for piece in node.nodes)})"
    elif isinstance(node, nodes.For):
        yield from _loop(node)
    else:
        raise _OtherError


def _loop(node: nodes.For) -> Iterator[str]:
    """A single loop whose body does not use the variable ``loop``."""
    if not isinstance(node.target, nodes.Name) or node.else_ or node.recursive:
        raise _OtherError
    item, (source, steps) = node.target.name, _counted(node.iter)
    yield f"items = listed({source})"
    yield f"left -= (1 + len(items)) * {steps}"
    yield "for item in items:"
    yield " pass"
    if node.test is not None:
        yield f" if not ({_test(node.test, item)}): continue"
    for output in node.body:
        if not isinstance(output, nodes.Output):
            raise _OtherError
        yield f" pieces += ({''.join(f'{_piece(piece, item)}, ' for piece in output.nodes)})"


def _piece(node: nodes.Node, item: str | None) -> str:
    """A literal, or what is written of a value: text, as most values are, without a call."""
    if isinstance(node, nodes.TemplateData):
        return repr(node.data)
    if isinstance(node, nodes.Filter) and node.name in QUOTING and not (node.args or node.kwargs):
        return f"quoted_{node.name}({_named(node.node, item)})"
    return f"v if type(v := {_value(node, item)}) is str else written(v)"


def _value(node: nodes.Node, item: str | None) -> str:
    if operator := _OPERATORS.get(type(node)):
        assert isinstance(node, nodes.BinExpr)
        return f"{_operand(node.left, item)} {operator} {_operand(node.right, item)}"
    return _named(node, item)


def _operand(node: nodes.Node, item: str | None) -> str:
    if isinstance(node, nodes.Const):
        return str(_number(node.value))
    return f"number({_named(node, item)})"


def _counted(node: nodes.Node) -> tuple[str, int]:
    """What a loop goes over, and the steps of one turn."""
    if isinstance(node, nodes.Filter) and node.name == COUNTED and isinstance(node.args[0], nodes.Const):
        return _named(node.node, None), int(node.args[0].value)
    raise _OtherError


def _test(node: nodes.Node, item: str) -> str:
    """``"lane" in node.roles``."""
    if not isinstance(node, nodes.Compare) or len(node.ops) != 1 or node.ops[0].op != "in":
        raise _OtherError
    sought, sized = node.expr, node.ops[0].expr
    if not isinstance(sought, nodes.Const) or not isinstance(sized, nodes.Filter) or sized.name != SIZED:
        raise _OtherError
    if type(sought.value) is not str:
        raise _OtherError
    return f"{sought.value!r} in small({_named(sized.node, item)})"


def _named(node: nodes.Node | None, item: str | None) -> str:
    """A dotted name, or the bare name of a loop's item."""
    path = dotted(node)
    if not 0 < len(path) <= _DEEPEST or path[0] == "loop" or (len(path) == 1 and path[0] != item):
        raise _OtherError
    first = "item" if path[0] == item else f"values[{path[0]!r}]"
    return first + "".join(f"[{name!r}]" for name in path[1:])


def dotted(node: Any) -> tuple[str, ...]:
    """The names of ``station.stake``, one for a bare name; nothing for anything else."""
    names: list[str] = []
    while isinstance(node, nodes.Getattr):
        names.append(node.attr)
        node = node.node
    return (node.name, *reversed(names)) if isinstance(node, nodes.Name) else ()


# What the functions call.


def _written(value: Any) -> str:
    if type(value) is not int:
        raise _OtherError
    return str(value)


def _quoted(quote: Callable[[Any, Callable[[Any], str]], str], value: Any) -> str:
    # Longer ones are counted by Jinja's way, and may be refused there.
    if type(value) is not str or len(value) > _LONGEST:
        raise _OtherError
    try:
        return quote(value, str)
    except BadTemplateError:
        raise _OtherError from None


def _number(value: Any) -> int:
    if type(value) is not int or not -_MOST <= value <= _MOST:
        raise _OtherError
    return value


def _listed(value: Any) -> Any:
    if type(value) is not list and type(value) is not tuple:
        raise _OtherError
    return value


def _small(value: Any) -> Any:
    if len(_listed(value)) > _SMALL:
        raise _OtherError
    return value
