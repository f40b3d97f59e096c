"""Files that stand for what is expected; ``pytest --update-goldens`` fills what is missing, and no more.

``--update-goldens=overwrite`` replaces them: look at the difference in Git before it is committed.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from compiling import read_files

MISSING = "run `pytest --update-goldens` and look at what it writes"


@dataclass(frozen=True)
class Goldens:
    """``mode`` is None to compare, ``missing`` to fill what is not there, ``overwrite`` to replace."""

    mode: str | None

    def writes(self, exists: bool) -> bool:
        return self.mode == "overwrite" or (self.mode == "missing" and not exists)

    def check_text(self, path: Path, text: str, *, exists: bool | None = None) -> None:
        """``text`` is what ``path`` holds; without text there is no file.

        ``exists`` says whether anything is expected yet, where a file holds more than that.
        """
        if self.writes(path.exists() if exists is None else exists):
            path.unlink(missing_ok=True)
            if text:
                path.write_text(text, encoding="utf-8")
        held = path.read_text(encoding="utf-8") if path.exists() else ""
        assert text == held, MISSING if not held else f"{path} differs"

    def check_tree(self, folder: Path, files: Mapping[str, bytes]) -> None:
        """``files`` are all that ``folder`` holds, byte for byte."""
        if self.writes(folder.exists()):
            shutil.rmtree(folder, ignore_errors=True)
            for path, data in files.items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(data)
        held = dict(read_files(folder))
        assert sorted(files) == sorted(held), MISSING if not held else "other files than expected"
        for path, data in files.items():
            assert data.decode() == held[path].decode(), path
