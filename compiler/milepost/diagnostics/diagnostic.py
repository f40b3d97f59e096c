"""A diagnostic as a value: code, message, place, related places, hint."""

from __future__ import annotations

from dataclasses import dataclass

from milepost.diagnostics.code import Code, Severity
from milepost.diagnostics.span import Span


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that helps to understand the first."""

    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One root cause. ``message`` is one sentence in the user's words; ``hint`` is one thing to do about it."""

    code: Code
    message: str
    span: Span | None = None
    hint: str | None = None
    related: tuple[Related, ...] = ()

    @property
    def severity(self) -> Severity:
        return self.code.severity

    @property
    def order(self) -> tuple[bool, Span, str, str]:
        """Sort key: messages without a place first, then by file, line, column, code."""
        return (self.span is not None, self.span or Span(""), self.code.id, self.message)
