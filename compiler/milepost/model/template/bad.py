"""What is wrong with a template, in the words of whoever wrote it."""

from __future__ import annotations


class BadTemplateError(Exception):
    """The template cannot be read or filled; ``line`` counts from 1 within the template, or is None."""

    def __init__(self, message: str, line: int | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.line, self.hint = line, hint


class TooMuchError(BadTemplateError):
    """Filling the template would take more work, or make more text, than any text of a fleet needs."""
