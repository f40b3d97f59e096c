"""Ten times the reference fleet: what it would cost by the lines measured, and what gives way first, by trying.

Ten times the nodes are either ten times the provinces, which is more of the same, or provinces ten times as large. The
latter is tried: one such province is compiled, and what Milepost says to it is kept.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from bench import fleets
from bench.compiler import Compiler
from bench.results import Tenfold

TIMES = 10


def attempt(compiler: Compiler, scratch: Path) -> Tenfold:
    """One province of ten times the average size."""
    fleet = fleets.make(scratch / "tenfold", 1, TIMES * fleets.NODES_A_PROVINCE)
    done = subprocess.run(
        compiler.command("validate", fleet.root, "--format", "json"),
        capture_output=True,
        env=compiler.environment,
    )
    errors = [d for d in json.loads(done.stdout)["diagnostics"] if d["severity"] == "error"]
    return Tenfold(fleet.nodes, [f"{error['code']}: {error['message']}" for error in errors])
