"""Placeholders in addresses: of registry tiers, and of the sources that clusters pull their trees from."""

from __future__ import annotations

import re

from milepost.diagnostics import Code

MP2051 = Code(
    "MP2051",
    "unknown placeholder",
    "In an endpoint `{province}` stands for the province's name, `{group}` and `{station}` for those of a section and a "
    "station where the tier is for one, and `{address}` for the address of the node that runs the mirror. In the source of a tree there is `{province}` alone.",
    "kind: RegistryTier\nspec:\n  level: province\n  endpoint: https://mirror.{group}.example\n",
)
HOLE = re.compile(r"\{([^}]*)\}?|\}")
"""Its only group is the name; empty for a brace that stands alone."""
