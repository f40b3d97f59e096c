"""The root of a fleet spec -> Source; a Province document -> ProvinceSource.

What all provinces share is read once. A province's tables are read apart, because that is done in worker processes and
only for the provinces that are asked for. A file is what it is named for: inventory, manifest and template by the
document that names it, everything else by its ``apiVersion``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from milepost.diagnostics import Code, Sink, Span
from milepost.load import envelope
from milepost.load.construct import construct, gc_paused
from milepost.load.decode import decode
from milepost.load.digest import digest_files
from milepost.load.discover import discover
from milepost.load.files import Place, Reader
from milepost.load.outline import Outline, YamlPlaces
from milepost.load.scalars import Meaning, kubectl_meaning, spec_meaning
from milepost.load.tables import read_table
from milepost.model.document import LOCK, Document, ProvinceSource, Source, Table, TextFile

MP1030 = Code(
    "MP1030",
    "No fleet spec here",
    "The root of a fleet spec is a folder with at least one document of `apiVersion: milepost.dev/v1alpha1` in it.",
    "milepost compile some-empty-folder",
)
MP1023 = Code(
    "MP1023",
    "Not a mapping",
    "A document of a fleet spec and an object of a Kubernetes manifest are mappings, with `apiVersion` and `kind`.",
    "- kind: Deployment   # a list",
)

_T = TypeVar("_T")
_Finder = Callable[[Document], Iterable[envelope.Named]]


def load(root: Path, sink: Sink) -> Source | None:
    """Everything that all provinces share. None, after a diagnostic, where there is no fleet spec at all."""
    if not root.is_dir():
        sink.report(MP1030, f"{root} is not a folder", hint="name the folder that holds the fleet spec")
        return None
    with gc_paused():
        return _SpecReader(root, sink).source()


def load_province(root: Path, document: Document, sink: Sink) -> ProvinceSource:
    """The tables that a Province document names, and the digest of their files."""
    files: list[tuple[str, bytes]] = []
    with gc_paused():
        stations = tuple(_tables(root, document, envelope.stations_of, sink, files))
        nodes = tuple(_tables(root, document, envelope.nodes_of, sink, files))
    return ProvinceSource(document.name, document, stations, nodes, digest_files(files))


def _tables(
    root: Path, document: Document, finder: _Finder, sink: Sink, files: list[tuple[str, bytes]]
) -> Iterator[Table]:
    reader = Reader(root, sink)
    for name, path in finder(document):
        place = partial(document.span, *path)
        data = reader.named(name, place)
        files.append((name, data or b""))
        if data is not None and (table := read_table(root, name, data, place, sink)) is not None:
            yield table


def parse_documents(
    data: bytes, path: str, sink: Sink, meaning: Meaning = spec_meaning
) -> tuple[Document, ...]:
    """The documents of one file; empty ones are left out."""
    text = decode(data, path, sink)
    if text is None:
        return ()
    faults = len(sink)
    values = construct(text, path, sink, meaning)
    outline, sound = Outline(text, path), len(sink) == faults
    documents = []
    for index, value in enumerate(values):
        places = YamlPlaces(outline, index)
        if isinstance(value, dict):
            documents.append(Document(path, value, places))
        elif value is not None and sound:
            sink.report(MP1023, "a document must be a mapping", places.value(()))
    return tuple(documents)


class _SpecReader:
    """One reading of one root; keeps the bytes of every file that counts, for the digest."""

    def __init__(self, root: Path, sink: Sink) -> None:
        self._root, self._sink, self._reader = root, sink, Reader(root, sink)
        self._bytes: dict[str, bytes] = {}

    def source(self) -> Source | None:
        paths = discover(self._root, self._sink)
        candidates = self._candidates(paths)
        named = _names(candidates)
        documents = self._accepted({p: c for p, c in candidates.items() if p not in named})
        manifests = self._read_named(documents, envelope.manifests_of, self._manifest)
        files = self._read_named(documents, envelope.templates_of, self._template)
        if LOCK in paths and (data := self._read(LOCK, partial(Span, LOCK))) is not None:
            manifests[LOCK] = parse_documents(data, LOCK, self._sink)
        self._judge_rest(sorted(set(paths) - named - candidates.keys() - {LOCK}))
        if not documents and not self._sink.failed:
            self._sink.report(
                MP1030, "there is no document of a fleet spec here", hint="start with `milepost init`"
            )
            return None
        return Source(str(self._root), documents, files, manifests, digest_files(sorted(self._bytes.items())))

    def _candidates(self, paths: Iterable[str]) -> dict[str, tuple[tuple[Document, ...], Sink]]:
        """Files that look like documents, each with its own faults: they do not count if the file is named."""
        found = {}
        for path in paths:
            data = None if path == LOCK else self._reader.read(path, partial(Span, path))
            if data is not None and envelope.looks_like_documents(data):
                self._bytes[path] = data
                faults = Sink()
                found[path] = (parse_documents(data, path, faults), faults)
        return found

    def _accepted(self, candidates: Mapping[str, tuple[tuple[Document, ...], Sink]]) -> tuple[Document, ...]:
        accepted: list[Document] = []
        for documents, faults in candidates.values():
            self._sink.extend(faults)
            accepted += (d for d in documents if envelope.accept(d, self._sink))
        return tuple(accepted)

    def _read_named(
        self, documents: Iterable[Document], finder: _Finder, parse: Callable[[str, bytes], _T | None]
    ) -> dict[str, _T]:
        found: dict[str, _T] = {}
        for document in documents:
            for name, path in finder(document):
                if (
                    name in found
                    or (data := self._read(name, partial(document.span, *path), named=True)) is None
                ):
                    continue
                if (parsed := parse(name, data)) is not None:
                    found[name] = parsed
        return found

    def _read(self, path: str, place: Place, *, named: bool = False) -> bytes | None:
        data = self._reader.named(path, place) if named else self._reader.read(path, place)
        if data is not None:
            self._bytes[path] = data
        return data

    def _manifest(self, path: str, data: bytes) -> tuple[Document, ...]:
        return parse_documents(data, path, self._sink, kubectl_meaning)

    def _template(self, path: str, data: bytes) -> TextFile | None:
        text = decode(data, path, self._sink, free_text=True)
        return None if text is None else TextFile(path, text)

    def _judge_rest(self, paths: Iterable[str]) -> None:
        """YAML that is neither a document nor named: a slip if it nearly is a document, otherwise without effect."""
        for path in paths:
            data = self._reader.read(path, partial(Span, path))
            faults = Sink()
            if data is not None and envelope.may_be_documents(data):
                for document in parse_documents(data, path, faults):
                    envelope.accept(document, faults)
            if data is not None and not len(faults):
                faults.report(
                    envelope.MP1022,
                    "nothing in this fleet spec names this file",
                    Span(path),
                    hint="name it or remove it",
                )
            self._sink.extend(faults)


def _names(candidates: Mapping[str, tuple[tuple[Document, ...], Sink]]) -> set[str]:
    documents = [d for found, _ in candidates.values() for d in found]
    finders: tuple[_Finder, ...] = (
        envelope.stations_of,
        envelope.nodes_of,
        envelope.manifests_of,
        envelope.templates_of,
    )
    return {name for document in documents for finder in finders for name, _ in finder(document)}
