"""The template sandbox: values of the fleet, a closed list of filters, tests and methods, counted work.

Left out on purpose: whatever makes another text at each call or on each machine, and whatever reads a file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from math import isfinite
from typing import Any

from jinja2 import StrictUndefined, Undefined, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from milepost.model.template import bounds, rewrite, source_text, work
from milepost.model.template.bad import BadTemplateError, not_for
from milepost.model.template.language import (
    FILTERS,
    GROUP_FIELDS,
    LIST_METHODS,
    MAPPING_METHODS,
    TESTS,
    TEXT_METHODS,
)
from milepost.model.template.quoting import QUOTING

_ATTRIBUTES: tuple[tuple[type | tuple[type, ...], frozenset[str]], ...] = (
    (str, TEXT_METHODS),
    (dict, MAPPING_METHODS),
    ((list, tuple), LIST_METHODS | GROUP_FIELDS),
    ((int, float, bytes), frozenset()),
)
_SMALL = 50


class UndefinedValue(StrictUndefined):
    """A name that leads nowhere; said in the words of whoever wrote it."""

    @property
    def _undefined_message(self) -> str:
        return self._undefined_hint or f'"{self._undefined_name}" is not set'


class TemplateSandbox(ImmutableSandboxedEnvironment):
    """What Jinja's generated code asks for every attribute, call and operator."""

    intercepted_binops = frozenset({"*", "**", "+", "%"})
    concat = staticmethod(work.joined)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return rewrite.bounded(super()._parse(source_text.readable(self, source), name, filename))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Values are mappings: their keys come before the attributes of dict, which cost an exception each."""
        return obj[attribute] if type(obj) is dict and attribute in obj else super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Only methods that are known to be harmless, of the kinds of values that there are."""
        for kind, names in _ATTRIBUTES:
            if isinstance(obj, kind):
                return attr in names
        return super().is_safe_attribute(obj, attr, value)

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        return self.undefined(f'templates have no method "{attribute}" here', obj, attribute, SecurityError)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """``'{:02d}'.format(x)`` has too many ways out; ``'%02d' % x`` says the same."""
        return None

    def call(self, context: Any, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        return bounds.bounded_call(partial(super().call, context), function, args, kwargs)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "+":
            bounds.added(left, right)
        elif operator == "%":
            bounds.formatted(left, right)
        # Nothing in a config file needs a power, and `9**9**9` takes all memory before it can
        # be measured.
        elif operator == "**":
            raise SecurityError("templates have no operator **")
        elif not all(isinstance(side, int | float) for side in (left, right)):
            raise not_for(operator, type(left).__name__, type(right).__name__)
        else:
            bounds.multiplied(left, right)
        return super().call_binop(context, operator, left, right)


def text(value: Any) -> str:
    """What an expression is written as. Raises BadTemplateError for what would be written as Python sees it."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not isfinite(value):
        raise BadTemplateError("a number becomes infinite, or none at all")
    if isinstance(value, str | int | float | Undefined):
        return str(value)
    if value is None:
        raise BadTemplateError(
            "a value that is not set cannot be written; give it a default: `{{ x or '' }}`"
        )
    if isinstance(value, dict):
        raise BadTemplateError("a mapping cannot be written; name one of its entries")
    if callable(value):
        raise BadTemplateError("a function cannot be written; call it")
    raise BadTemplateError("a list cannot be written; join it: `{{ x | join(',') }}`")


@cache
def environment() -> TemplateSandbox:
    sandbox = TemplateSandbox(
        undefined=UndefinedValue,
        finalize=text,
        autoescape=False,
        keep_trailing_newline=True,
        trim_blocks=True,
    )
    # `range`, `lipsum`, `cycler` and the rest: none is needed, and each would be one more thing
    # to bound.
    sandbox.globals.clear()
    offered = sandbox.filters | {name: partial(_quoting, quote) for name, quote in QUOTING.items()}
    sandbox.filters = {name: bounds.bounded_filter(name, offered[name]) for name in sorted(FILTERS)}
    sandbox.filters |= {
        rewrite.COUNTED: _counted,
        rewrite.CHARGED: _charged,
        rewrite.CONCATENATED: _concatenated,
        rewrite.SIZED: _sized,
        rewrite.WEIGHED: _weighed,
    }
    tests: dict[str, Any] = sandbox.tests
    sandbox.tests = {name: bounds.bounded_test(tests[name]) for name in sorted(TESTS)}
    return sandbox


def _quoting(quote: Callable[[Any, Callable[[Any], str]], str], value: Any) -> str:
    return quote(value, text)


# With the context, these are called at every turn: Jinja works out other filters of constants once and for all.


@pass_context
def _counted(_: Any, values: Any, steps: int) -> Any:
    """What a loop goes over, at so many steps a turn."""
    values = work.listed(values)
    turns = len(values) if isinstance(values, str) else work.measure(values)
    work.charge(turns * steps)
    return values


@pass_context
def _charged(_: Any, steps: int) -> int:
    work.charge(steps)
    return steps


@pass_context
def _concatenated(_: Any, values: Sequence[Any]) -> str:
    """What ``~`` joins."""
    pieces = [text(value) for value in values]
    for piece in pieces:
        work.charge(work.measure(piece))
    return work.joined(pieces)


@pass_context
def _sized(_: Any, value: Any) -> Any:
    """What is compared; small values, which cost no more than the turn that they are in, are not counted."""
    if not isinstance(value, str | list | tuple) or len(value) > _SMALL:
        work.charge(work.measure(value))
    return value


@pass_context
def _weighed(_: Any, value: Any) -> Any:
    work.weigh(value)
    return value
