"""Cached diagnostics: JSON values and back, so that a run in which nothing changed repeats its messages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from milepost.diagnostics import Code, Diagnostic, Related, Severity, Span


def packed(diagnostic: Diagnostic) -> dict[str, Any]:
    """A JSON value that holds all of it, the code's page included."""
    return asdict(diagnostic)


def unpacked(value: dict[str, Any]) -> Diagnostic:
    """What ``packed`` was given. Raises KeyError and TypeError for anything else."""
    code = Code(**{**value["code"], "severity": Severity(value["code"]["severity"])})
    span = None if value["span"] is None else Span(**value["span"])
    related = tuple(Related(r["message"], Span(**r["span"])) for r in value["related"])
    return Diagnostic(code, value["message"], span, value["hint"], related)
