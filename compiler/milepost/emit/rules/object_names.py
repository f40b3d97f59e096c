"""Object names: the form and length that their kind allows, at every station."""

from __future__ import annotations

import re

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.formats import DNS_LABEL, DNS_SUBDOMAIN, SERVICE_NAME
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject
from milepost.model.kinds import LONGEST, NameForm, find

MP6011 = Code(
    "MP6011",
    "invalid object name",
    "Most names are DNS subdomains: small letters, digits, hyphens and dots. Names that also become label values or host "
    "names are shorter: a Namespace, Service, Job and NodeGroup 63 characters, a StatefulSet 52, since a hash is appended.",
    "kind: Station\nmetadata: {name: a-name-so-long-that-the-names-of-its-workloads-pass-63-characters}\n",
)
_FORMS = {
    NameForm.SUBDOMAIN: DNS_SUBDOMAIN,
    NameForm.LABEL: DNS_LABEL,
    NameForm.SERVICE: SERVICE_NAME,
    NameForm.PATH_SEGMENT: re.compile(r"[^/%]+"),
}


def check(rendered: Rendered, findings: Findings) -> None:
    for obj in rendered.objects:
        if _named(obj):
            _check(obj, findings)
    for _, manifest, template in rendered.repeated():
        for instance in rendered.longest(template, [str(manifest.body.get("metadata", {}).get("name"))]):
            _check(RenderedObject(manifest.heading(instance), instance.path, manifest, template), findings)


def _check(obj: RenderedObject, findings: Findings) -> None:
    kind = find(obj.api_version, obj.kind)
    # A kind without a row is still held to what every API server asks for.
    form, longest = (_FORMS[kind.name_form], kind.longest_name) if kind else (DNS_SUBDOMAIN, LONGEST)
    if not form.fullmatch(obj.name):
        _report(obj, f'"{obj.name}" is no name for a {obj.kind}', findings)
    elif len(obj.name) > longest:
        _report(obj, f"has {len(obj.name)} characters; a {obj.kind} may have {longest}", findings)


def _named(obj: RenderedObject) -> bool:
    """A kustomization file has no name."""
    return "metadata" in obj.body


def _report(obj: RenderedObject, predicate: str, findings: Findings) -> None:
    findings.add(
        MP6011,
        obj,
        ("metadata", "name"),
        predicate,
        "shorten the name of the station, application or component",
    )
