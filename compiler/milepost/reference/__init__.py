"""Generated reference: schemas and the reference pages of the documentation, written from the code.

A page is a function of the code and of nothing else, so a test can hold the files to it. Refuses prose that only a
person can write: tutorials and explanations stand in ``docs/`` by hand.
"""

from milepost.reference.pages import OWNED, pages, write

__all__ = ["OWNED", "pages", "write"]
