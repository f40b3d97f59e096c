"""JSON schemas of every emitted kind, for each known version of Kubernetes, and validators made when first asked for.

``kubernetes.json`` is cut from Kubernetes' own API descriptions by ``update.py``. Versions mostly agree, so it holds each
definition once: ``{name: {minor version: schema}}``, where a schema stands under the first version that has it in this
form. ``crds/`` is written by hand and holds the fields that Milepost may use of each custom resource, and no others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from milepost.model.versions.kubernetes import KNOWN, number

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator, Registry

FOLDER = Path(__file__).parent
DEFINITIONS = FOLDER / "kubernetes.json"
_URI = "urn:milepost:kubernetes"


def file_name(api_version: str, kind: str) -> str:
    """What the file of a custom resource's schema is called; without ``.json``, the definition of Kubernetes' own kinds."""
    group, _, version = api_version.rpartition("/")
    return "-".join([kind, *filter(None, [group]), version]).lower() + ".json"


@cache
def validator(api_version: str, kind: str, kubernetes: str) -> Draft202012Validator | None:
    """The compiled schema of a kind in a version of Kubernetes; None for a kind that Milepost does not emit.

    The compiler is loaded here, as most commands never need it.
    """
    name = file_name(api_version, kind)
    definition = name.removesuffix(".json")
    custom = _custom().get(name)
    if custom is None and definition not in definitions(kubernetes):
        return None
    import jsonschema_rs

    if custom is not None:
        return jsonschema_rs.Draft202012Validator(json.loads(custom.read_bytes()))
    root = {"$ref": f"{_URI}#/$defs/{definition}"}
    return jsonschema_rs.Draft202012Validator(root, registry=_registry(kubernetes))


def validators(api_version: str, kind: str) -> Iterator[tuple[str, Draft202012Validator]]:
    """Every known version of Kubernetes that has the kind, oldest first, and the kind's schema in it."""
    for minor in KNOWN:
        if (found := validator(api_version, kind, minor)) is not None:
            yield minor, found


@cache
def definitions(kubernetes: str) -> Mapping[str, Any]:
    """Name to schema of everything that Kubernetes' own kinds are made of in one minor version."""
    wanted, found = number(kubernetes), {}
    for name, forms in _forms().items():
        since = [minor for minor in forms if number(minor) <= wanted]
        if since:
            # The latest form that is not newer than the cluster; a form stands only where it
            # changed.
            found[name] = forms[since[-1]]
    return found


@cache
def _forms() -> dict[str, dict[str, Any]]:
    forms: dict[str, dict[str, Any]] = json.loads(DEFINITIONS.read_bytes())
    return forms


@cache
def _registry(kubernetes: str) -> Registry:
    """One reading of a version's definitions, for all kinds."""
    import jsonschema_rs

    return jsonschema_rs.Registry([(_URI, {"$defs": definitions(kubernetes)})])


@cache
def _custom() -> dict[str, Path]:
    """Looked up by name in a listing: a kind of the spec must never become a path on the disk."""
    return {path.name: path for path in sorted((FOLDER / "crds").glob("*.json"))}
