"""The template language of env values, arguments and config files: Jinja2 in a sandbox, over documented values only.

Left out on purpose: ``range`` and arithmetic that multiplies text, so that a template cannot ask for endless work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from milepost.model.manifest import HOLE_CLOSE, HOLE_OPEN

STATION_ROOTS = frozenset({"station", "values"})
"""Values that differ from station to station."""
GROUP_ROOTS = frozenset({"group", "application"})
"""Values that differ from group to group: a wave moves an application's version group by group."""
PROVINCE_ROOTS = frozenset({"fleet", "province", "component"})
NODE_ROOTS = frozenset({"node"})
"""Known on the node alone, through Kubernetes' downward API: only in env and args."""
ROOTS = STATION_ROOTS | GROUP_ROOTS | PROVINCE_ROOTS | NODE_ROOTS
_SURROGATE = re.compile("[\ud800-\udfff]")


class BadTemplateError(Exception):
    """The template cannot be read or filled; ``line`` counts from 1 within the template, or is None."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@cache
def roots(text: str) -> frozenset[str]:
    """The outermost names that a template uses. Raises BadTemplateError where it cannot be read."""
    if "{" not in text:
        return frozenset()
    from jinja2 import TemplateSyntaxError, meta

    try:
        return frozenset(meta.find_undeclared_variables(_environment().parse(text)))
    except TemplateSyntaxError as error:
        raise BadTemplateError(str(error.message), error.lineno) from None
    except RecursionError:
        raise BadTemplateError("the template is nested too deep") from None


Renderer = Callable[[Mapping[str, Any]], str]


@cache
def renderer(text: str) -> Renderer:
    """Fills ``text`` with values. What it gives raises BadTemplateError: an undefined value, a forbidden act."""
    if "{" not in text:
        return lambda values: text
    from jinja2 import TemplateError

    def render(values: Mapping[str, Any]) -> str:
        try:
            return _sound(_filler(text)(values))
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
            line = getattr(error, "lineno", None)
            raise BadTemplateError(str(error) or type(error).__name__, line) from None
        except (RecursionError, MemoryError, OverflowError, SyntaxError):
            raise BadTemplateError("the template asks for too much") from None

    return render


def _sound(text: str) -> str:
    """``text``. Raises BadTemplateError for characters that a string literal of the template smuggled in."""
    if not text.isascii() and (HOLE_OPEN in text or HOLE_CLOSE in text or _SURROGATE.search(text)):
        raise BadTemplateError("the template makes a character that may not stand in a fleet spec")
    return text


def _text(value: Any) -> str:
    """What an expression is written as. Raises BadTemplateError for what would be written as Python sees it."""
    if type(value) is str:
        return value
    from jinja2 import Undefined

    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float | Undefined):
        return str(value)
    if value is None:
        raise BadTemplateError(
            "a value that is not set cannot be written; give it a default: `{{ x or '' }}`"
        )
    if isinstance(value, Mapping):
        raise BadTemplateError("a mapping cannot be written; name one of its entries")
    if callable(value):
        raise BadTemplateError("a function cannot be written; call it")
    raise BadTemplateError("a list cannot be written; join it: `{{ x | join(',') }}`")


@cache
def _filler(text: str) -> Renderer:
    """Most templates are text with names in it: those are filled without Jinja's machinery, ten times as fast."""
    pieces = _pieces(text)
    if pieces is None:
        # The values alone make the context: Jinja's own rendering copies its globals each time.
        template = _environment().from_string(text)
        return lambda values: "".join(template.root_render_func(template.new_context(values, shared=True)))
    literals, paths = pieces

    def fill(values: Mapping[str, Any]) -> str:
        parts = [literals[0]]
        for path, literal in zip(paths, literals[1:], strict=True):
            value: Any = values
            for name in path:
                if type(value) is not dict or name not in value:
                    raise BadTemplateError(f'"{".".join(path)}" is not set')
                value = value[name]
            parts += (_text(value), literal)
        return "".join(parts)

    return fill


def _pieces(text: str) -> tuple[list[str], list[tuple[str, ...]]] | None:
    """Literals and the dotted names between them, or None where the template holds anything else."""
    from jinja2 import nodes

    literals, paths = [""], []
    for output in _environment().parse(text).body:
        if not isinstance(output, nodes.Output):
            return None
        for node in output.nodes:
            if isinstance(node, nodes.TemplateData):
                literals[-1] += node.data
            elif (path := _dotted(node)) is not None:
                paths.append(path)
                literals.append("")
            else:
                return None
    return literals, paths


def _dotted(node: Any) -> tuple[str, ...] | None:
    from jinja2 import nodes

    names: list[str] = []
    while isinstance(node, nodes.Getattr):
        names.append(node.attr)
        node = node.node
    return (node.name, *reversed(names)) if isinstance(node, nodes.Name) and names else None


@cache
def _environment() -> Any:
    from jinja2 import StrictUndefined
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class NotSet(StrictUndefined):
        """A name that leads nowhere; said in the words of whoever wrote it."""

        @property
        def _undefined_message(self) -> str:
            return f'"{self._undefined_name}" is not set'

    class Sandbox(ImmutableSandboxedEnvironment):
        intercepted_binops = frozenset({"*", "**"})

        def getattr(self, obj: Any, attribute: str) -> Any:
            """Values are mappings: their keys come before the attributes of dict, which cost an exception each."""
            return (
                obj[attribute] if type(obj) is dict and attribute in obj else super().getattr(obj, attribute)
            )

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            if operator == "**" or not all(isinstance(side, int | float) for side in (left, right)):
                raise SecurityError(f"the operator {operator} works on numbers only, and ** not at all")
            return super().call_binop(context, operator, left, right)

    sandbox = Sandbox(
        undefined=NotSet,
        finalize=_text,
        autoescape=False,
        keep_trailing_newline=True,
        trim_blocks=True,
    )
    # Filters and globals that make much out of little, or something else at each call.
    for name in ("range", "lipsum", "cycler", "joiner", "namespace"):
        sandbox.globals.pop(name, None)
    for name in ("random", "pprint", "format", "center", "indent", "wordwrap"):
        sandbox.filters.pop(name, None)
    return sandbox
