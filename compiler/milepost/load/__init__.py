"""Load takes the folder of a fleet spec and gives Documents and Tables: plain values, and the way back to their places.

It knows files, encodings, YAML and CSV, and what a document is; it does not know what a document should hold.
Nothing that stands in a file makes it raise: every fault is a diagnostic with a place.
"""

from milepost.load.discover import discover
from milepost.load.spec_reader import load, load_kind, load_province

__all__ = ["discover", "load", "load_kind", "load_province"]
