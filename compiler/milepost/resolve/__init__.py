"""Spec -> Fleet: what did the author mean? Names become things, inherited values arrive where they hold. No choices."""

from milepost.resolve.catalog import catalog
from milepost.resolve.provinces import fleet

__all__ = ["catalog", "fleet"]
