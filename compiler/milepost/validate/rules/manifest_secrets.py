"""Secrets in manifests that ``from:`` names: they are not rendered, and stand in the spec's repository in clear."""

from __future__ import annotations

from collections.abc import Mapping

from milepost.diagnostics import Code, Severity, Sink
from milepost.model import kinds
from milepost.model.document import SpecDocument
from milepost.model.parsed import ParsedSpec

MP2033 = Code(
    "MP2033",
    "Secret in a manifest of a component",
    "Of the file that `from:` names only the pods are taken. A Secret in it is not rendered, so its pods would wait for it, "
    "and what it holds stands in the repository for everybody who reads it. Secrets are made in the cluster; one that SOPS "
    "has encrypted gives nothing away, and is not rendered either.",
    "# from: station.yaml, and in station.yaml:\nkind: Secret\nmetadata: {name: db-login}\nstringData: {password: letmein}\n",
    Severity.WARNING,
)
_CIPHERTEXT = "ENC["


def check(spec: ParsedSpec, sink: Sink) -> None:
    components = [c for a in spec.applications.values() for c in a.model.spec.components]
    for name in sorted({component.manifest_file for component in components if component.manifest}):
        for document in spec.source.manifests.get(name, ()):
            if document.kind == kinds.SECRET.name:
                # SOPS keeps keys readable and encrypts values, each as `ENC[...]`.
                held = "nothing in clear" if _is_encrypted(document) else "what it holds, in clear"
                sink.report(
                    MP2033,
                    f'Secret "{document.name}" is not rendered; the repository has {held}',
                    document.span("kind"),
                    hint="make it in the cluster, name it under secrets, and take it out of the file",
                )


def _is_encrypted(document: SpecDocument) -> bool:
    fields = (document.value.get(field) for field in ("data", "stringData"))
    values = [value for field in fields if isinstance(field, Mapping) for value in field.values()]
    return all(isinstance(value, str) and value.startswith(_CIPHERTEXT) for value in values)
