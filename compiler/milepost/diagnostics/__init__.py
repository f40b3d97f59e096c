"""Diagnostics: a place, a code and a message as a value. The bottom layer: imports nothing of Milepost."""

from milepost.diagnostics.code import Code, Severity
from milepost.diagnostics.diagnostic import Diagnostic, Related
from milepost.diagnostics.nearest import did_you_mean
from milepost.diagnostics.sink import Sink
from milepost.diagnostics.span import Span

__all__ = ["Code", "Diagnostic", "Related", "Severity", "Sink", "Span", "did_you_mean"]
