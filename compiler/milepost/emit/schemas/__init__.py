"""JSON schemas of every emitted kind: which file holds which kind, and a validator made when first asked for.

``kubernetes/<version>/`` is cut from Kubernetes' own API description by ``update.py``; ``crds/`` is written by hand and
holds the fields that Milepost may use of each custom resource, and no others.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

KUBERNETES = "1.32"
"""One minor version for clusters of 1.30 to 1.32: the kinds that are emitted did not lose a field in between."""

FOLDER = Path(__file__).parent


@cache
def schema(api_version: str, kind: str) -> Any | None:
    """The schema of a kind, or None for a kind that Milepost does not emit."""
    path = _files().get(file_name(api_version, kind))
    return None if path is None else json.loads(path.read_bytes())


def file_name(api_version: str, kind: str) -> str:
    """What the file of a kind's schema is called."""
    group, _, version = api_version.rpartition("/")
    return "-".join([kind, *filter(None, [group]), version]).lower() + ".json"


@cache
def _files() -> dict[str, Path]:
    """By name: a kind that somebody made up is looked for here, and nowhere on the disk."""
    folders = (FOLDER / "crds", FOLDER / "kubernetes" / KUBERNETES)
    return {path.name: path for folder in folders for path in sorted(folder.glob("*.json"))}


@cache
def validator(api_version: str, kind: str) -> Draft202012Validator | None:
    """The compiled schema of a kind; the compiler is loaded here, as most commands never need it."""
    found = schema(api_version, kind)
    if found is None:
        return None
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(found)
