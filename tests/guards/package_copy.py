"""A copy of the package to break on purpose, or to drop a file into; what runs in it never sees the original."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


class PackageCopy:
    """``compiler/milepost`` and what configures its tools, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        skip = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(REPOSITORY / "compiler" / "milepost", self.package, ignore=skip)
        shutil.copy(REPOSITORY / "pyproject.toml", folder)

    @property
    def package(self) -> Path:
        return self.folder / "compiler" / "milepost"

    def put(self, path: str, text: str) -> None:
        """Write a file of the package; a file that is there is an error, since nothing else may be edited."""
        file = self.package / path
        assert not file.exists()
        file.write_text(text, encoding="utf-8")

    def append(self, path: str, text: str) -> None:
        """Break a file that is there."""
        with (self.package / path).open("a", encoding="utf-8") as file:
            file.write(text)

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program of Python's folder, or a module with ``-m``, with the copy first on the path."""
        program, *rest = map(str, arguments)
        beside = Path(sys.executable).with_name(program)
        path = os.pathsep.join([str(self.folder / "compiler"), os.environ.get("PYTHONPATH", "")])
        return subprocess.run(
            [str(beside), *rest],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )
