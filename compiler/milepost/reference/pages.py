"""Generated files: which there are, and from what."""

from __future__ import annotations

from pathlib import Path

from milepost import spec_schema
from milepost.reference import (
    code_pages,
    command_page,
    glossary_page,
    parts_page,
    requirements_page,
    spec_page,
)

OWNED = ("docs/diagnostics", "docs/reference", "schemas/spec")
"""Folders in which every file is generated; ``docs/glossary.md`` is the one file beside them."""


def pages(root: Path) -> dict[str, str]:
    """Path below ``root`` to text, in order of path. ``root`` is read for examples: its fleet spec, its messages."""
    found = {f"schemas/spec/{name}.json": spec_schema.text(name) for name in spec_schema.names()}
    found |= {f"docs/diagnostics/{name}": text for name, text in code_pages.pages(root).items()}
    found["docs/glossary.md"] = glossary_page.page()
    found["docs/reference/spec.md"] = spec_page.page(root)
    found["docs/reference/commands.md"] = command_page.page()
    found["docs/reference/parts.md"] = parts_page.page()
    found["docs/reference/requirements.md"] = requirements_page.page()
    return dict(sorted(found.items()))


def write(root: Path) -> list[str]:
    """Make the folders hold these pages and no others; gives the paths that changed."""
    wanted = pages(root)
    changed = []
    for path in sorted({*wanted, *_standing(root)}):
        file = root / path
        held = file.read_text(encoding="utf-8") if file.exists() else None
        if held == wanted.get(path):
            continue
        changed.append(path)
        if path in wanted:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(wanted[path], encoding="utf-8", newline="\n")
        else:
            file.unlink()
    return changed


def _standing(root: Path) -> list[str]:
    files = (file for folder in OWNED for file in (root / folder).glob("*"))
    return [file.relative_to(root).as_posix() for file in files]
