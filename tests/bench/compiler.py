"""The compiler as a user calls it: one process tree from the command line to its exit code."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Cost, peak, run


@dataclass(frozen=True)
class Compiler:
    """One Milepost, and a cache folder of its own so that nothing that this user compiled before helps."""

    cache: Path
    python: Path = Path(sys.executable)

    def cold(self, spec: Path, output: Path, *, jobs: int | None = None) -> Cost:
        """Nothing stands, nothing is remembered."""
        self.forget(output)
        return self.compile(spec, output, jobs=jobs)

    def compile(self, spec: Path, output: Path, *, jobs: int | None = None) -> Cost:
        """Over whatever stands and is remembered."""
        return run(self.compiling(spec, output, jobs), env=self.environment)

    def validate(self, spec: Path) -> Cost:
        return run(self.command("validate", spec), env=self.environment)

    def review(self, repository: Path, spec: Path) -> Cost:
        """Of the last commit of a repository with rendered trees, as a pull request shows it."""
        return run(
            self.command("diff", "HEAD~1", "HEAD", "--spec", spec), env=self.environment, cwd=repository
        )

    def help(self) -> Cost:
        return run(self.command("--help"), env=self.environment)

    def peak(self, spec: Path, output: Path, *, jobs: int | None = None) -> int:
        """Bytes, in a cold compile."""
        self.forget(output)
        return peak(self.compiling(spec, output, jobs), env=self.environment)

    def forget(self, output: Path) -> None:
        """What stands there, and all that is remembered."""
        shutil.rmtree(output, ignore_errors=True)
        shutil.rmtree(self.cache, ignore_errors=True)

    @property
    def environment(self) -> dict[str, str]:
        """Bytecode is kept from one run to the next, as it is wherever Milepost is installed."""
        given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {**given, "MILEPOST_CACHE_DIR": str(self.cache)}

    def command(self, *arguments: str | Path) -> list[str | Path]:
        return [self.python, "-m", "milepost", *arguments]

    def compiling(self, spec: Path, output: Path, jobs: int | None) -> Sequence[str | Path]:
        """The command."""
        wish = [] if jobs is None else ["--jobs", str(jobs)]
        return self.command("compile", spec, "--output", output, "--quiet", *wish)
