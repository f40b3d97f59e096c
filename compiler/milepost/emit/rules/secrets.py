"""Secrets: only their names are rendered, never what they hold.

Every text of the tree is looked at once: each shape of an object, with what all its stations fill it with, and the files
that are no objects. What a Policy knows by its fingerprint passes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.emit.secret_forms import FoundSecret, look, of_many_lines, secrets
from milepost.emit.secret_needles import is_suspect
from milepost.model import kinds
from milepost.model.document import Path
from milepost.model.manifest import PLACEHOLDER_OPEN, ManifestTemplate

MP6027 = Code(
    "MP6027",
    "secret in the rendered tree",
    "The tree goes to Git and to every cluster that pulls it. Secrets are made in the cluster (SOPS, External Secrets, "
    "Sealed Secrets); the spec names them and no more. Passwords are known by the name before them, keys and tokens by "
    "their form, wherever they stand. What is no secret, or must stay for a while, is acknowledged in a Policy by the "
    "fingerprint that the message shows: `knownSecrets: [{fingerprint, owner, reason, until}]`.",
    "env: {MYSQL_ROOT_PASSWORD: letmein}\n",
)
_USE = "name a Secret under secrets"
_CIPHERTEXT = "ENC["
_CONTAINERS = (dict, list, tuple)


def check(rendered: Rendered, findings: Findings) -> None:
    for secret in rendered.of(kinds.SECRET.name):
        for field in ("data", "stringData"):
            if any(
                not str(value).startswith(_CIPHERTEXT) for value in (secret.body.get(field) or {}).values()
            ):
                findings.add(MP6027, secret, (field,), "holds a secret in clear or in Base64", _USE)
    for obj in rendered.distinct:
        if obj.kind not in (kinds.SECRET.name, "SealedSecret") and is_suspect(obj.json, b'"'):
            for path, found in _in_object(rendered, obj):
                _report(rendered, findings, obj, path, found)
    for template in rendered.templates:
        _stations(rendered, findings, template)
    for file in rendered.texts:
        if is_suspect(file.text):
            for found in secrets(file.text):
                _report(rendered, findings, RenderedObject({"kind": "file"}, file.path), (), found)


def _report(
    rendered: Rendered,
    findings: Findings,
    obj: RenderedObject,
    path: Path,
    found: FoundSecret,
    where: str = "",
) -> None:
    if found.fingerprint not in rendered.known_secrets:
        hint = f"{_USE}, or acknowledge {found.fingerprint} in knownSecrets of a Policy"
        findings.add(MP6027, obj, path, found.what + where, hint)


def _in_object(rendered: Rendered, obj: RenderedObject) -> Iterator[tuple[Path, FoundSecret]]:
    """As every station fills it; only where something is found with placeholders, all fillings are looked at."""
    whole = obj.manifest is not None and not obj.inside
    body: Mapping[str, Any] = obj.manifest.body if whole and obj.manifest else obj.body
    for path, name, text in _texts(body):
        found = look(name, text)
        if found and PLACEHOLDER_OPEN in text and obj.manifest is not None and obj.template is not None:
            rendered.sound.depends_on_values(obj.manifest)
            filled = dict.fromkeys(obj.template.filled(text))
            found = tuple(dict.fromkeys(one for value in filled for one in look(name, value)))
        yield from ((path, one) for one in found)


def _stations(rendered: Rendered, findings: Findings, template: ManifestTemplate) -> None:
    """What stations fill in, line by line: most lines are the same at all of them."""
    for name, column in template.columns.items():
        texts = dict.fromkeys(column)
        if not is_suspect("\n".join(texts)):
            continue
        lines = dict.fromkeys(line for text in texts for line in text.split("\n"))
        looks = [(line, look("", line)) for line in lines]
        looks += [(text, tuple(of_many_lines(text))) for text in texts]
        for part, found in looks:
            for one in found:
                first = next(i for i in template.instances if part in i.values[name])
                obj = RenderedObject(template.manifests[0].body, first.path, template.manifests[0], template)
                _report(rendered, findings, obj, (), one, f" in {first.path}")


def _texts(body: Mapping[str, Any]) -> Iterator[tuple[Path, str, str]]:
    """Path, name and text; a list of texts, such as a command, also as one; keys, as labels have them, under no name."""
    waiting: list[tuple[Path, Any]] = [((), body)]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, dict):
            given = node.get("name") if "value" in node else None
            for key, child in node.items():
                if type(child) is str:
                    yield (*path, key), str(given) if given and key == "value" else key, child
                elif isinstance(child, _CONTAINERS):
                    waiting.append(((*path, key), child))
                yield path, "", key
        else:
            words = [child for child in node if type(child) is str]
            if words:
                yield path, "", " ".join(words)
            waiting += [((*path, n), child) for n, child in enumerate(node) if isinstance(child, _CONTAINERS)]
