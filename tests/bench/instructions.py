"""Instructions of a cold compile, counted by valgrind: whatever else a machine does, there are as many of them.

They depend on the Python that runs, so they are named beside it. One process, since threads of work that end in another
order are not the same run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from bench.compiler import Compiler
from bench.measure import FailedError

_COUNT = re.compile(r"I +refs: +([\d,]+)")


def valgrind() -> str | None:
    """The program that counts, where it is installed (`make real-parts`)."""
    return shutil.which("valgrind")


def cold(compiler: Compiler, spec: Path, output: Path) -> int | None:
    """From the command to its exit; None where there is no valgrind. Raises FailedError.

    Its bytecode must be there: a compile that went before leaves it.
    """
    program = valgrind()
    if program is None:
        return None
    compiler.forget(output)
    tool = [program, "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    # Hashes of texts decide how often two keys meet in a table.
    environment = compiler.environment | {"PYTHONHASHSEED": "0", "PATH": os.defpath}
    command = [*tool, *map(str, compiler.compiling(spec, output, jobs=1))]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    counted = _COUNT.search(done.stderr)
    if done.returncode or counted is None:
        raise FailedError(f"valgrind ended with {done.returncode}: {done.stderr[-500:]}")
    return int(counted[1].replace(",", ""))
