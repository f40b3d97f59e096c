"""Names of objects have the form and the length that their kind allows, at every station."""

from __future__ import annotations

import re

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.formats import DNS_LABEL, DNS_SUBDOMAIN, SERVICE_NAME
from milepost.emit.rendered import Rendered
from milepost.emit.thing import Thing
from milepost.model.kinds import LONGEST, NameForm, find

MP6011 = Code(
    "MP6011",
    "name that Kubernetes refuses",
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
    for thing in rendered.things:
        if _named(thing):
            _check(thing, findings)
    for _, manifest, sheet in rendered.repeated():
        for stamp in rendered.longest(sheet, [str(manifest.body.get("metadata", {}).get("name"))]):
            _check(Thing(manifest.heading(stamp), stamp.path, manifest, sheet), findings)


def _check(thing: Thing, findings: Findings) -> None:
    kind = find(thing.api_version, thing.kind)
    form, longest = (_FORMS[kind.name_form], kind.longest_name) if kind else (DNS_SUBDOMAIN, LONGEST)
    if not form.fullmatch(thing.name):
        _report(thing, f'"{thing.name}" is no name for a {thing.kind}', findings)
    elif len(thing.name) > longest:
        _report(thing, f"has {len(thing.name)} characters; a {thing.kind} may have {longest}", findings)


def _named(thing: Thing) -> bool:
    """A kustomization file has no name."""
    return "metadata" in thing.body


def _report(thing: Thing, predicate: str, findings: Findings) -> None:
    findings.add(
        MP6011,
        thing,
        ("metadata", "name"),
        predicate,
        "shorten the name of the station, application or component",
    )
