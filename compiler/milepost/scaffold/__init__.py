"""The starter fleet of ``milepost init``: one province, one road section, a toll station and a gantry."""

from __future__ import annotations

from pathlib import Path

from milepost.staging import fill

_FLEET = Path(__file__).parent / "fleet-spec"


def write_small_fleet(target: Path) -> list[str]:
    """Copy the small fleet into ``target`` and give its files, sorted. Raises FileExistsError where something stands."""
    files = {
        path.relative_to(_FLEET).as_posix(): path.read_bytes() for path in _FLEET.rglob("*") if path.is_file()
    }
    fill(target, files)
    return sorted(files)
