"""SARIF 2.1.0, for code scanning. An alert keeps its identity while its line moves.

Fingerprints are made of the code, the path, the message and the text of the line, never of its number. GitHub's own
``primaryLocationLineHash`` is left to the upload, which computes it. What has no place in a file is a notification of
the run, because GitHub refuses results without a location. At most 25,000 results, GitHub's limit for a run.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from milepost.diagnostics import Code, Diagnostic, Related, Severity, Span
from milepost.diagnostics.formats import Sources

NAME = "sarif"
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 25_000


def render(diagnostics: Sequence[Diagnostic], sources: Sources, *, color: bool = False) -> str:
    """ASCII on one line. Errors come before warnings where not all fit; ``color`` does not matter."""
    codes = sorted({d.code for d in diagnostics}, key=lambda code: code.id)
    placed = [d for d in diagnostics if d.span]
    if len(placed) > MOST_RESULTS:
        # GitHub rejects the whole file above its limit, so warnings give way to errors here
        # instead.
        placed = sorted(placed, key=lambda d: d.severity is not Severity.ERROR)[:MOST_RESULTS]
    numbers = {code.id: number for number, code in enumerate(codes)}
    fingerprints = _Fingerprints(sources)
    run = {
        "tool": {"driver": {"name": "Milepost", "rules": [_rule(code) for code in codes]}},
        # The default of SARIF is UTF-16 code units; Milepost counts characters, as Python does.
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation([d for d in diagnostics if not d.span], len(diagnostics) - len(placed))],
        "results": [_result(d, numbers[d.code.id], fingerprints.of(d)) for d in placed],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _rule(code: Code) -> dict[str, Any]:
    example = f"{code.explanation}\n\nExample:\n\n{code.example}"
    return {
        "id": code.id,
        "name": _pascal_case(code.title),
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.explanation},
        "help": {"text": example, "markdown": f"{code.explanation}\n\n```text\n{code.example}\n```"},
        "defaultConfiguration": {"level": code.severity.value},
    }


def _pascal_case(title: str) -> str:
    words = "".join(c if c.isalnum() else " " for c in title).split()
    return "".join(word[0].upper() + word[1:] for word in words)


def _invocation(without_place: list[Diagnostic], left_out: int) -> dict[str, Any]:
    notes = [
        {"level": d.severity.value, "message": _message(d), "descriptor": {"id": d.code.id}}
        for d in without_place
    ]
    more = left_out - len(without_place)
    if more:
        notes.append({"level": "note", "message": {"text": f"{more} more results are left out"}})
    return {"executionSuccessful": True, "toolExecutionNotifications": notes}


def _result(diagnostic: Diagnostic, rule: int, fingerprint: str) -> dict[str, Any]:
    result = {
        "ruleId": diagnostic.code.id,
        "ruleIndex": rule,
        "level": diagnostic.severity.value,
        "message": _message(diagnostic),
        "locations": [_location(diagnostic.span)] if diagnostic.span else [],
        "partialFingerprints": {"milepost/v1": fingerprint},
    }
    if diagnostic.related:
        result["relatedLocations"] = [_related(number, r) for number, r in enumerate(diagnostic.related, 1)]
    return result


def _message(diagnostic: Diagnostic) -> dict[str, str]:
    return {"text": diagnostic.message + (f"\nHelp: {diagnostic.hint}" if diagnostic.hint else "")}


def _location(span: Span) -> dict[str, Any]:
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    # A relative URI is resolved against the repository; a space or `#` in a file's name must be
    # escaped in one.
    uri = ("file://" if span.path.startswith("/") else "") + quote(span.path, safe="/")
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}


def _related(number: int, related: Related) -> dict[str, Any]:
    return {"id": number, "message": {"text": related.message}, **_location(related.span)}


class _Fingerprints:
    """Equal faults in equal lines of one file are told apart by counting them from the top."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._lines: dict[str, list[str]] = {}
        self._seen: Counter[str] = Counter()

    def of(self, diagnostic: Diagnostic) -> str:
        span = diagnostic.span or Span("")
        parts = (diagnostic.code.id, span.path, diagnostic.message, self._line(span))
        digest = hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
        # Without the count, two equal faults in equal lines would share a fingerprint and
        # become one alert.
        self._seen[digest] += 1
        return f"{digest}:{self._seen[digest]}"

    def _line(self, span: Span) -> str:
        if span.path not in self._lines:
            self._lines[span.path] = (self._sources(span.path) or "").split("\n")
        lines = self._lines[span.path]
        return lines[span.line - 1].strip() if span.line <= len(lines) else ""
