"""Findings of output checks: one message for each root cause, not one for each object that has it."""

from __future__ import annotations

from milepost.diagnostics import Code, Diagnostic, Sink, Span
from milepost.emit.rendered_object import RenderedObject
from milepost.model.document import Path
from milepost.model.record import by_value


@by_value
class _Cause:
    """What makes two findings one: the same fault at the same place of the same part of the spec."""

    code: Code
    span: Span | None
    where: str
    predicate: str
    hint: str | None


class Findings:
    """Collects findings; ``send`` turns them into diagnostics."""

    def __init__(self) -> None:
        self._found: dict[_Cause, list[str]] = {}

    def add(
        self, code: Code, obj: RenderedObject, path: Path, predicate: str, hint: str | None = None
    ) -> None:
        """``path`` leads to the place in the object; with ``predicate`` it makes a sentence: ``spec.x is too long``."""
        span = obj.origin.span if obj.origin else None
        cause = _Cause(code, span, dotted((*obj.inside, *path)), predicate, hint)
        # The predicate is part of the cause, so two objects of different values stay two
        # messages, and the same fault at a thousand stations is one.
        self._found.setdefault(cause, []).append(f"{obj.title} ({obj.file})")

    def send(self, sink: Sink) -> None:
        for cause, titles in self._found.items():
            others = len(set(titles)) - 1
            more = f" and {others} more" if others else ""
            text = f"{titles[0]}{more}: {cause.where}{' ' * bool(cause.where)}{cause.predicate}"
            sink.add(Diagnostic(cause.code, text, cause.span, cause.hint))

    def __len__(self) -> int:
        return len(self._found)


def dotted(path: Path) -> str:
    """``spec.containers[2].image``; a key that is no plain word stands in brackets and quotes."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if step.replace("-", "").isalnum() else f'["{step}"]'
    return text.removeprefix(".")
