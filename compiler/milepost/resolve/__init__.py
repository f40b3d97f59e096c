"""Resolve: the parsed spec in, the fleet as its authors meant it out. Names become things, inherited values arrive. No
choices.
"""

from milepost.resolve.catalog import catalog
from milepost.resolve.provinces import fleet

__all__ = ["catalog", "fleet"]
