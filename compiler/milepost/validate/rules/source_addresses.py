"""Source addresses: where clusters pull their trees from, in a form that the agent reads and with known placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator

from milepost.diagnostics import Code, Sink, did_you_mean
from milepost.model import kinds
from milepost.model.delivery.base import engine
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedSpec
from milepost.model.spec.fleet import Sync
from milepost.validate.address_placeholders import HOLE, MP2051

MP2053 = Code(
    "MP2053",
    "source address that the agent cannot read",
    "Flux fetches a Git repository over `https://`, `http://` or `ssh://`. `git@HOST:PATH`, the short form that `git clone` "
    "takes, is `ssh://git@HOST/PATH`; a path of this machine is none that a cluster could reach.",
    "sync: {engine: flux, source: {url: 'git@git.example:rendered.git'}}\n",
)
_SHORT = re.compile(r"(?:([A-Za-z0-9._-]+)@)?([A-Za-z0-9.-]+):(?!//)/?(.*)")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


def check(spec: ParsedSpec, sink: Sink) -> None:
    for sync, at in _every(spec):
        source = at.of("source")
        for field, text in (("url", sync.source.url), ("reference", sync.source.reference or "")):
            for name in HOLE.findall(text):
                if name != "province":
                    message = f'"{{{name}}}" means nothing in the source of a tree'
                    sink.report(MP2051, message, source.of(field).span, hint=did_you_mean(name, ["province"]))
        _check_address(sync, source.of("url"), sink)


def _every(spec: ParsedSpec) -> Iterator[tuple[Sync, DocumentOrigin]]:
    yield spec.fleet.model.spec.sync, spec.fleet.at.of("spec", "sync")
    for province in spec.provinces.values():
        if province.model.spec.sync is not None:
            yield province.model.spec.sync, province.at.of("spec", "sync")


def _check_address(sync: Sync, at: DocumentOrigin, sink: Sink) -> None:
    url, schemes = sync.source.url, engine(sync.engine).SCHEMES
    scheme = _SCHEME.match(url)
    if sync.source.kind != kinds.GIT_REPOSITORY.name or not schemes or (scheme and scheme[1] in schemes):
        return
    known = ", ".join(f"{name}://" for name in schemes)
    message = f'"{url}" is no address that {sync.engine} fetches from: it knows {known}'
    short = None if scheme else _SHORT.fullmatch(url)
    hint = f"write ssh://{short[1] or 'git'}@{short[2]}/{short[3]}" if short else f"write one with {known}"
    sink.report(MP2053, message, at.span, hint=hint)
