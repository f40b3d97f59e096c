"""Explanations: from a rendered object, a station or a node back to the lines of the spec. Reads, never decides."""

from milepost.explain.explanation import ExplanationLine, explain

__all__ = ["ExplanationLine", "explain"]
