"""Load: the folder of a fleet spec in, documents and tables out, with the way back from a value to its place.

It knows files, encodings, YAML and CSV, and what a document is; it does not know what a document should hold.
Nothing that stands in a file makes it raise: every fault is a diagnostic with a place.
"""

from milepost.load.discover import discover
from milepost.load.spec_reader import load, load_kind, load_province

__all__ = ["discover", "load", "load_kind", "load_province"]
