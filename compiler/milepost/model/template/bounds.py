"""Bounded operations: filters, tests, methods and operators that count what they take, and look ahead."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from milepost.model.template.bad import TemplateLimitError
from milepost.model.template.work import (
    BITS,
    WIDTH,
    charge,
    check_length,
    check_widths,
    deeper,
    listed,
    measure,
    weigh,
)

Function = Callable[..., Any]
_DEEP = frozenset({
    "batch", "dictsort", "groupby", "join", "json", "max", "min", "slice", "sort", "string", "sum",
    "tojson", "unique", "xmlattr", "yaml",
})  # fmt: skip
"""Filters that look at the items of items."""
_NESTING = frozenset({"batch", "groupby", "slice"})
"""Filters that put items into lists of their own, so that nesting could grow by itself."""
_INDENT = 16
_DIRECTIVE = re.compile(r"%(?:\([^)]*\))?[-#0 +]*(\*|\d+)?(?:\.(\*|\d+)?)?")


def bounded_filter(name: str, function: Function) -> Function:
    """``function`` with its work counted; a list where it would give items one by one."""
    value_at = 1 if hasattr(function, "jinja_pass_arg") else 0
    look_ahead, look = _AHEAD.get(name), weigh if name in _DEEP else _look

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        for value in (*args[value_at:], *kwargs.values()):
            look(value)
        if look_ahead is not None:
            # Before the filter runs: `'x' * 10**9`, or a padded text of that width, must not be
            # made first and measured then.
            look_ahead(*args[value_at:], **kwargs)
        return _counted(function(*args, **kwargs), deep=name in _NESTING)

    return run


def bounded_test(function: Function) -> Function:
    """``function`` with its work counted."""
    value_at = 1 if hasattr(function, "jinja_pass_arg") else 0

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        for value in args[value_at:]:
            _look(value)
        return function(*args, **kwargs)

    return run


def bounded_call(call: Function, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What ``call`` gives for a method, a macro or a loop that is called with these arguments."""
    for value in (*args, *kwargs.values()):
        weigh(value)
    text = getattr(function, "__self__", None)
    _look(text)
    look_ahead = _AHEAD_OF_METHODS.get(getattr(function, "__name__", "")) if isinstance(text, str) else None
    if look_ahead is not None:
        look_ahead(text, *args, **kwargs)
    with deeper():
        return _counted(call(function, *args, **kwargs), deep=False)


def _counted(result: Any, *, deep: bool) -> Any:
    result = listed(result)
    if isinstance(result, str):
        check_length(len(result))
    if deep:
        weigh(result)
    elif result is not None:
        charge(measure(result))
    return result


def _look(value: Any) -> None:
    charge(measure(value))


def multiplied(left: Any, right: Any) -> None:
    """Looks ahead of a product of numbers."""
    _check_numbers(left, right)


def added(left: Any, right: Any) -> None:
    """Looks ahead of a sum, or of one text or list behind the other."""
    charge(measure(left) + measure(right))
    if isinstance(left, str) and isinstance(right, str):
        check_length(len(left) + len(right))
    else:
        _check_numbers(left, right)


def formatted(left: Any, right: Any) -> None:
    """Looks ahead of ``'%02d' % number``, and of a remainder."""
    if not isinstance(left, str):
        return
    characters, directives = weigh(right) + BITS, _DIRECTIVE.findall(left)
    for size in (size for directive in directives for size in directive if size):
        if size == "*" or len(size) > len(str(WIDTH)) or int(size) > WIDTH:
            raise TemplateLimitError(f"widths and counts go up to {WIDTH}")
        characters += int(size)
    check_length(len(left) + len(directives) * characters)
    charge(measure(left))


def _check_numbers(*values: Any) -> None:
    # The bits of a product are at most the sum of the bits, so a number never grows beyond the
    # limit before it is refused.
    if sum(value.bit_length() for value in values if isinstance(value, int)) > BITS:
        raise TemplateLimitError("a number becomes too large")


def _ahead_of_replace(s: Any, old: Any = "", new: Any = "", count: Any = None) -> None:
    text, old, new = str(s), str(old), str(new)
    check_length(len(text) + text.count(old) * max(0, len(new) - len(old)))


def _ahead_of_join(value: Any, d: Any = "", attribute: Any = None) -> None:
    if isinstance(value, list | tuple | dict | set | frozenset):
        check_length(weigh(value) + len(value) * len(str(d)))


def _ahead_of_join_method(separator: str, items: Any = ()) -> None:
    _ahead_of_join(items, separator)


def _ahead_of_widths(_: Any, *given: Any, **named: Any) -> None:
    check_widths(*given, *named.values())


def _ahead_of_json(_: Any, indent: Any = None) -> None:
    if isinstance(indent, int) and indent > _INDENT:
        raise TemplateLimitError(f"tojson indents by up to {_INDENT}")


_AHEAD: dict[str, Function] = {
    "replace": _ahead_of_replace,
    "join": _ahead_of_join,
    "tojson": _ahead_of_json,
    **dict.fromkeys(("batch", "round", "slice"), _ahead_of_widths),
}
"""By filter; parameters are named as Jinja's, because a template may name them."""
_AHEAD_OF_METHODS: dict[str, Function] = {
    "replace": _ahead_of_replace,
    "join": _ahead_of_join_method,
    **dict.fromkeys(("center", "ljust", "rjust", "zfill"), _ahead_of_widths),
}
