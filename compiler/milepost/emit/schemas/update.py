"""The schema updater: cuts the schemas of emitted kinds out of the PyPI package ``kubernetes-validate``.

``python -m milepost.emit.schemas.update`` rewrites ``kubernetes.json``. It holds what these kinds reach in any known
version, without prose and without null, which nothing renders. Touches nothing else, and asks no network.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from milepost.emit.schemas import DEFINITIONS, FOLDER, file_name
from milepost.model.kinds import KINDS, Kind
from milepost.model.versions.kubernetes import KNOWN

_REFERENCE = re.compile(r'"\$ref": "#/\$defs/([^"]+)"')


def text() -> str:
    """The file: one definition in one form a line, so that a change of one is one line of a diff.

    Raises ImportError without the package, and FileNotFoundError for a kind that a known version does not have.
    """
    forms: dict[str, dict[str, str]] = {}
    for minor in KNOWN:
        for name, schema in _reached(minor):
            form = json.dumps(schema, sort_keys=True)
            known = forms.setdefault(name, {})
            # Compared with the last form and not with all: a field that came, went and came
            # back has three.
            if form != next(reversed(known.values()), None):
                known[minor] = form
    lines = [
        f' "{name}": {{\n' + ",\n".join(f'  "{minor}": {form}' for minor, form in found.items()) + "\n }"
        for name, found in sorted(forms.items())
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _reached(minor: str) -> Iterator[tuple[str, Any]]:
    """Name and schema of every rendered kind that ``crds/`` has none for, and of every definition that these reach."""
    source = _source(minor)
    theirs = json.loads((source / "_definitions.json").read_bytes())["$defs"]
    waiting = {
        file_name(k.api_version, k.name).removesuffix(".json"): _root(k, source) for k in KINDS if _cut(k)
    }
    seen = set(waiting)
    while waiting:
        name, schema = waiting.popitem()
        yield name, schema
        for other in sorted(set(_REFERENCE.findall(json.dumps(schema))) - seen):
            seen.add(other)
            waiting[other] = _trimmed(theirs[other])


def _cut(kind: Kind) -> bool:
    return kind.rendered and not (FOLDER / "crds" / file_name(kind.api_version, kind.name)).is_file()


def _root(kind: Kind, source: Path) -> dict[str, Any]:
    group, _, version = kind.api_version.rpartition("/")
    theirs = "-".join(part for part in (kind.name, group.partition(".")[0], version) if part).lower()
    root: dict[str, Any] = _trimmed(json.loads((source / f"{theirs}.json").read_bytes()))
    # Upstream leaves these optional, because a typed client fills them in; in a file they must
    # be written.
    root["required"] = sorted({*root.get("required", ()), "apiVersion", "kind", "metadata"})
    return root


def _source(minor: str) -> Path:
    package = find_spec("kubernetes_validate")
    if package is None or package.origin is None:
        raise ImportError(
            "the PyPI package kubernetes-validate is not installed; it comes with the test extra"
        )
    return Path(package.origin).parent / "kubernetes-json-schema" / f"v{minor}.0-local-strict"


def _trimmed(node: Any) -> Any:
    """Without prose, and with references that stay in the file."""
    if isinstance(node, list):
        return [_trimmed(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    kept = {key: value for key, value in node.items() if not _is_prose(key, value)}
    if "$ref" in kept:
        return {"$ref": re.sub(r"^.*_definitions\.json#", "#", kept["$ref"])}
    return {key: _not_null(value) if key == "type" else _trimmed(value) for key, value in kept.items()}


def _not_null(types: Any) -> Any:
    """The upstream package allows null for every field; Milepost never renders null, so it is refused here."""
    if not isinstance(types, list):
        return _trimmed(types)
    kept = [name for name in types if name != "null"]
    return kept[0] if len(kept) == 1 else kept


def _is_prose(key: str, value: Any) -> bool:
    """A property may itself be called ``description``; then its value is a schema."""
    return key.startswith("x-") or (
        key in ("description", "$schema", "$id", "format") and isinstance(value, str)
    )


def main() -> None:
    DEFINITIONS.write_text(text())


if __name__ == "__main__":
    main()
