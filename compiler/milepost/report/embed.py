"""Embedded data: JSON inside a page that no HTML parser takes for anything else."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

Json = dict[str, Any]
"""An object that JSON can hold; its keys are what the page's script calls them."""


def embedded(value: Any) -> Markup:
    """``value`` as JSON for a ``script`` element: without ``<``, so that nothing can end the element or open a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))
