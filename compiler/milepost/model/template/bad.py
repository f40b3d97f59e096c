"""Template errors, in the words of whoever wrote the template."""

from __future__ import annotations

import re

_ADDED = re.compile(r'can only concatenate (\w+) \(not "(\w+)"\)')
_OPERATED = re.compile(r"unsupported operand type\(s\) for (\S+): '(\w+)' and '(\w+)'")
_COMPARED = re.compile(r"'(\S+)' not supported between instances of '(\w+)' and '(\w+)'")
_KINDS = {
    "str": "a text",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "NoneType": "nothing",
    "list": "a list",
    "tuple": "a list",
    "dict": "a mapping",
}
_CELLS = "a value from a CSV file is a text: {{ values.x | int }} makes it a number; ~ joins texts"


class BadTemplateError(Exception):
    """The template cannot be read or filled; ``line`` counts from 1 within the template, or is None."""

    def __init__(self, message: str, line: int | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.line, self.hint = line, hint


class TemplateLimitError(BadTemplateError):
    """Filling the template would take more work, or make more text, than any text of a fleet needs."""


def in_words(error: BaseException, line: int | None) -> BadTemplateError:
    """Python's message about an operator and its operands, with the spec's names of the types instead of Python's."""
    said = str(error) or type(error).__name__
    if found := _ADDED.match(said):
        fault = not_for("+", *found.groups())
    elif found := _OPERATED.match(said) or _COMPARED.match(said):
        fault = not_for(*found.groups())
    else:
        fault = BadTemplateError(said)
    fault.line = line
    return fault


def not_for(operator: str, left: str, right: str) -> BadTemplateError:
    """An operator that does not work on values of these types of Python."""
    first, second = (_KINDS.get(kind, f"a {kind}") for kind in (left, right))
    hint = _CELLS if {first, second} == {"a text", "a number"} else None
    return BadTemplateError(f"{operator} does not work on {first} and {second}", hint=hint)
