"""Editions: one for a version of an application, and nobody edits them."""

from __future__ import annotations

from milepost.diagnostics import Code, Related, Sink
from milepost.model.document import SpecDocument
from milepost.model.edition_seal import seal
from milepost.model.parsed import ParsedDocument, ParsedSpec
from milepost.model.spec import EditionDocument

MP2073 = Code(
    "MP2073",
    "frozen edition was edited",
    "An Edition holds the definition of an application for station groups that have not switched yet. Edited in place, it "
    "would restart all of them at once, outside of any wave. What it holds is under a seal, which `milepost release cut` "
    "writes.",
    "kind: Edition\nspec:\n  seal: sha256:...   # of another definition than the one below it\n",
)
MP2074 = Code(
    "MP2074",
    "two editions of one version",
    "Station groups that run a version run the definition of its Edition, so there is one at most.",
    "kind: Edition\nspec: {application: tolling, version: 1.4.2}\n---\nkind: Edition\nspec: {application: tolling, version: 1.4.2}\n",
)


def check(spec: ParsedSpec, sink: Sink) -> None:
    first: dict[tuple[str, str], ParsedDocument[EditionDocument]] = {}
    for parsed in spec.editions.values():
        body = parsed.model.spec
        other = first.setdefault((body.application, body.version), parsed)
        if other is not parsed:
            sink.report(
                MP2074,
                f'version {body.version} of "{body.application}" has two editions',
                parsed.document.span("spec", "version"),
                related=[Related("the first one", other.document.span("spec", "version"))],
                hint="remove one of them",
            )
        if body.seal != sealed(parsed.document, spec):
            sink.report(
                MP2073,
                f'the edition of version {body.version} of "{body.application}" is not as it was cut',
                parsed.document.span("spec", "seal"),
                hint="restore it from Git; to change what runs, edit the Application",
            )


def sealed(document: SpecDocument, spec: ParsedSpec) -> str:
    """The seal of what ``document`` and the files that it names hold now."""
    body, source = document.value["spec"], spec.source
    components = body["definition"]["components"]
    templates = {
        file["template"] for c in components for file in c.get("files") or () if file.get("template")
    }
    manifests = {c["from"] for c in components if c.get("from")}
    # A file that cannot be read has been reported by the loader.
    return seal(
        body["definition"],
        body.get("values"),
        {path: source.files[path].text for path in templates if path in source.files},
        {path: [d.value for d in source.manifests.get(path, ())] for path in manifests},
    )
