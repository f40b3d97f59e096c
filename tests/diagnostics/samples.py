"""A few diagnostics that the tests of all formats write down."""

from __future__ import annotations

from milepost.diagnostics import Code, Diagnostic, Related, Severity, Span

LOUD = Code("MP9001", "Name given twice", "A name is given once.", "name: a\nname: b")
QUIET = Code("MP9002", "Old key", "The key goes away.", "old: 1", Severity.WARNING)
FILES = {
    "a.yaml": "kind: Fleet\nname: hunan\nname: hubei\n",
    "长沙/b.yaml": "title: 长潭收费站  # west\n\tx: 1\n" + "k: v, " * 40 + "here: yes\n",
}
TWICE = Diagnostic(
    LOUD,
    'the key "name" is given twice',
    Span("a.yaml", 3, 1, 3, 5),
    "keep one of the two",
    (Related("first given here", Span("a.yaml", 2, 1, 2, 5)),),
)
OLD = Diagnostic(QUIET, "the key is old", Span("长沙/b.yaml", 1, 8, 1, 13))
NOWHERE = Diagnostic(LOUD, "there is no fleet spec here", hint="start with `milepost init`")
ALL = [NOWHERE, TWICE, OLD]


def sources(path: str) -> str | None:
    return FILES.get(path)
