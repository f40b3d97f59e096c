"""Every folder beside this file claims something: what is in its ``fleet-spec/`` gives exactly what else it holds.

``rendered/`` is the whole tree; ``diagnostics.txt`` is everything that is said. A fleet spec with errors has no tree.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from compiling import compile_spec
from goldens import Goldens

CLAIMS = sorted(p.parent for p in Path(__file__).parent.glob("*/fleet-spec"))


@pytest.mark.parametrize("case", CLAIMS, ids=lambda case: case.name)
def test_claim(case: Path, goldens: Goldens) -> None:
    """The tree and the diagnostics are those that were looked at when the claim was made."""
    compiled = compile_spec(case / "fleet-spec")
    goldens.check_text(case / "diagnostics.txt", compiled.said)
    goldens.check_tree(case / "rendered", {} if compiled.errors else compiled.files)
