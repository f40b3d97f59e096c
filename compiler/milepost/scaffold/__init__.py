"""The small fleet that ``milepost init`` writes: one province, one road section, a toll station and a gantry."""

from __future__ import annotations

import shutil
from pathlib import Path

_FLEET = Path(__file__).parent / "fleet-spec"


def write_small_fleet(target: Path) -> list[str]:
    """Copy the small fleet into ``target`` and give its files, sorted. Raises FileExistsError where something stands."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FileExistsError(17, "this is not an empty folder", str(target))
    shutil.copytree(_FLEET, target, dirs_exist_ok=True)
    return sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
