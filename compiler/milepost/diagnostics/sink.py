"""The diagnostic sink: collects diagnostics, sorts them, says whether to stop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from milepost.diagnostics.code import Code, Severity
from milepost.diagnostics.diagnostic import Diagnostic, Related
from milepost.diagnostics.span import Span


class Sink:
    """A stage reports every fault into the sink and goes on; the pipeline asks ``failed`` at the stage's end."""

    def __init__(self) -> None:
        # A dict as an ordered set. Several stages may find the same fault, and one report is
        # enough; a set would give diagnostics of equal order in an order that varies with the
        # hash seed.
        self._seen: dict[Diagnostic, None] = {}

    def report(
        self,
        code: Code,
        message: str,
        span: Span | None = None,
        *,
        hint: str | None = None,
        related: Iterable[Related] = (),
    ) -> None:
        self.add(Diagnostic(code, message, span, hint, tuple(related)))

    def add(self, diagnostic: Diagnostic) -> None:
        self._seen[diagnostic] = None

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        self._seen.update(dict.fromkeys(diagnostics))

    @property
    def failed(self) -> bool:
        return any(d.severity is Severity.ERROR for d in self._seen)

    def __iter__(self) -> Iterator[Diagnostic]:
        # Sorted on the way out, since provinces finish in any order and output must not depend
        # on that.
        return iter(sorted(self._seen, key=lambda d: d.order))

    def __len__(self) -> int:
        return len(self._seen)
