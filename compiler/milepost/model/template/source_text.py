"""The source of templates, before Jinja reads it: comments that nobody meant, and line breaks behind statements.

Jinja would leave both out without a word: whatever stands between ``{#`` and ``#}``, as in a shell's ``${#LANES}``, and the
end of every line that ends in a statement, also where other text stands on that line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from jinja2.exceptions import TemplateSyntaxError

from milepost.model.template.rewrite import NotOfferedError

_NEWLINE = re.compile(r"\r\n|\r|\n")
_RAW = "put {% raw %} before it and {% endraw %} behind, or write {{ '{#' }}"
_ENDS = ("block_end", "raw_end", "comment_end")
Token = tuple[int, str, str]
"""Line, kind and text."""


def readable(sandbox: Any, source: str) -> str:
    """``source`` as Jinja shall read it: a line break behind a statement or a comment goes only where these
    have the line for themselves.

    Raises TemplateSyntaxError, also for ``{#`` where nothing looks as if a comment was meant.
    """
    if "{#" not in source and "%}" not in source:
        return source
    tokens = _tokens(sandbox, source)
    _check_comments(tokens)
    return _with_line_breaks(source, tokens)


def _tokens(sandbox: Any, source: str) -> list[Token]:
    try:
        return list(sandbox.lex(source))
    except TemplateSyntaxError as error:
        if "comment" in str(error.message):
            message = "`{#` opens a comment, and no `#}` closes it"
            raise NotOfferedError(message, error.lineno, _RAW) from None
        raise


def _check_comments(tokens: list[Token]) -> None:
    """A comment begins with a blank, as everybody writes it; `${#` is the length of a shell's variable."""
    before = ""
    for (line, kind, text), (_, _, inside) in zip(tokens, [*tokens[1:], (0, "", "")], strict=True):
        odd = inside[:1].strip() and inside[:1] not in "-+#"
        if kind == "comment_begin" and (before.endswith("$") or (odd and text == "{#")):
            raise NotOfferedError(
                "`{#` opens a comment here, and all up to `#}` would be left out",
                line,
                f"{_RAW}; a comment has a blank behind `{{#`",
            )
        before = text


def _with_line_breaks(source: str, tokens: list[Token]) -> str:
    lines = _NEWLINE.split(source)
    busy = set(_lines_with_text(tokens))
    begun = 0
    for line, kind, text in tokens:
        if kind in ("block_begin", "comment_begin"):
            begun = line
        elif kind in _ENDS and text.endswith("\n") and not text.startswith("-"):
            end = line + text[:-1].count("\n")
            if busy.intersection(range(line if kind == "raw_end" else begun, end + 1)):
                # Jinja's own sign for "leave the line break", which makes no difference elsewhere.
                lines[end - 1] = f"{lines[end - 1][:-2]}+{lines[end - 1][-2:]}"
    return "\n".join(lines)


def _lines_with_text(tokens: list[Token]) -> Iterable[int]:
    """Lines that hold text or a value, and not only statements and comments."""
    for line, kind, text in tokens:
        if kind == "data":
            yield from (line + i for i, piece in enumerate(text.split("\n")) if piece.strip())
        elif kind == "variable_begin":
            yield line
