"""The schema updater: cuts the schemas of emitted kinds out of the PyPI package ``kubernetes-validate``.

``python -m milepost.emit.schemas.update`` rewrites ``kubernetes/<version>/``. Each file stands alone: the definitions
that it reaches are in it, the prose is not, and null is nothing that may be rendered. Touches nothing else, and asks no network.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from milepost.emit.schemas import FOLDER, KUBERNETES, file_name
from milepost.model.kinds import KINDS

_PREFIX = "#/$defs/"


def files() -> Iterator[tuple[str, str]]:
    """Name and text of the schema file of every rendered kind that ``crds/`` has none for.

    Raises ImportError without the package, and FileNotFoundError for a kind that Kubernetes does not have.
    """
    source = _source()
    definitions = json.loads((source / "_definitions.json").read_bytes())["$defs"]
    for kind in KINDS:
        name = file_name(kind.api_version, kind.name)
        if not kind.rendered or (FOLDER / "crds" / name).is_file():
            continue
        group, _, version = kind.api_version.rpartition("/")
        theirs = "-".join(part for part in (kind.name, group.partition(".")[0], version) if part).lower()
        root = _trimmed(json.loads((source / f"{theirs}.json").read_bytes()))
        root["required"] = sorted({*root.get("required", ()), "apiVersion", "kind", "metadata"})
        yield name, _text(_alone(root, definitions))


def _source() -> Path:
    package = find_spec("kubernetes_validate")
    if package is None or package.origin is None:
        raise ImportError(
            "the PyPI package kubernetes-validate is not installed; it comes with the test extra"
        )
    return Path(package.origin).parent / "kubernetes-json-schema" / f"v{KUBERNETES}.0-local-strict"


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
    """The package lets null stand for everything; here only what is meant is rendered."""
    if not isinstance(types, list):
        return _trimmed(types)
    kept = [name for name in types if name != "null"]
    return kept[0] if len(kept) == 1 else kept


def _is_prose(key: str, value: Any) -> bool:
    """A property may itself be called ``description``; then its value is a schema."""
    return key.startswith("x-") or (
        key in ("description", "$schema", "$id", "format") and isinstance(value, str)
    )


def _alone(root: dict[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """``root`` with every definition that it reaches."""
    reached: dict[str, Any] = {}
    waiting = [root]
    while waiting:
        for name in sorted(set(_references(waiting.pop())) - reached.keys()):
            reached[name] = _trimmed(definitions[name])
            waiting.append(reached[name])
    return {**root, "$defs": dict(sorted(reached.items()))}


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].removeprefix(_PREFIX)
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for item in node:
            yield from _references(item)


def _text(schema: Mapping[str, Any]) -> str:
    """One definition a line: short, and a change of one is one line of a diff."""
    definitions = ",\n".join(f"  {_line(name)}: {_line(body)}" for name, body in schema["$defs"].items())
    head = [f" {_line(key)}: {_line(value)}" for key, value in sorted(schema.items()) if key != "$defs"]
    return "{\n" + ",\n".join([*head, f' "$defs": {{\n{definitions}\n }}']) + "\n}\n"


def _line(node: Any) -> str:
    return json.dumps(node, sort_keys=True)


def main() -> None:
    folder = FOLDER / "kubernetes" / KUBERNETES
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for name, text in files():
        (folder / name).write_text(text)


if __name__ == "__main__":
    main()
