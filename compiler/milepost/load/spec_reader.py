"""The spec reader: the root of a fleet spec to its shared documents; a Province document to the province's tables.

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
from milepost.load.csv.column_names import ColumnNames
from milepost.load.decode import decode
from milepost.load.discover import discover
from milepost.load.files import YAML, Reader
from milepost.load.tables import read_table
from milepost.load.yaml.construct import construct
from milepost.load.yaml.outline import YamlOutline, YamlSourceMap
from milepost.load.yaml.scalar_types import Meaning, kubectl_meaning, spec_meaning
from milepost.model.digest import Log
from milepost.model.document import LOCK, InventoryTable, ProvinceSource, SpecDocument, SpecSource, TextFile
from milepost.model.record import record
from milepost.staging import pending

MP1030 = Code(
    "MP1030",
    "no fleet spec found",
    "The root of a fleet spec is a folder with at least one document of `apiVersion: milepost.dev/v1alpha1` in it.",
    "milepost compile some-empty-folder",
)
MP1031 = Code(
    "MP1031",
    "Half a change",
    "A step of a release changes all of its files, or none. One was killed half way, or is under way at this moment, and "
    "what stands in the fleet spec is neither the old nor the new. The next `milepost release` command, also one that only "
    "asks, takes back what was done of it.",
    "kill -9 while `milepost release finish` writes",
)
MP1023 = Code(
    "MP1023",
    "document is not a mapping",
    "A document of a fleet spec and an object of a Kubernetes manifest are mappings, with `apiVersion` and `kind`.",
    "- kind: Deployment   # a list",
)

_T = TypeVar("_T")
_Finder = Callable[[SpecDocument], Iterable[envelope.Named]]
_Parser = Callable[[str, bytes], _T | None]


def load(root: Path, sink: Sink, instead: Mapping[str, bytes] | None = None) -> SpecSource | None:
    """Everything that all provinces share. None, after a diagnostic, where there is no fleet spec at all.

    ``instead`` holds the bytes of files that are read as if they were already so.
    """
    if not root.is_dir():
        sink.report(MP1030, f"{root} is not a folder", hint="name the folder that holds the fleet spec")
        return None
    # Before anything is read: half a step of a release may be a valid spec that nobody meant.
    if pending(root):
        message = "a step of a release was interrupted half way, or is under way"
        sink.report(MP1031, message, hint="run `milepost release status`, which takes it back")
        return None
    return _SpecReader(root, sink, instead or {}).source()


def load_kind(root: Path, kind: str, sink: Sink) -> SpecSource:
    """The documents of one kind and nothing else: a file in which its name does not stand is not parsed."""
    return _SpecReader(root, sink, {}).of_kind(kind)


def load_province(root: Path, document: SpecDocument, sink: Sink) -> ProvinceSource:
    """The tables that a Province document names, and the digests of their files."""
    log: Log = {}
    reader = Reader(root, sink, log)
    tables: dict[str, tuple[InventoryTable, ...]] = {}
    names = {table: ColumnNames(document, table) for table in envelope.INVENTORY}
    for table in envelope.INVENTORY:
        named = envelope.inventory_of(document, table)
        tables[table] = tuple(_tables(root, reader, document, named, names[table], sink))
    for known in names.values():
        known.report(sink)
    return ProvinceSource(document.name, document, **tables, digests=log)


def _tables(
    root: Path,
    reader: Reader,
    document: SpecDocument,
    named: Iterable[envelope.Named],
    names: ColumnNames,
    sink: Sink,
) -> Iterator[InventoryTable]:
    for name, path in named:
        place = partial(document.span, *path)
        data = reader.named(name, place)
        if data is not None and (table := read_table(root, name, data, place, names, sink)) is not None:
            yield table


def parse_documents(
    data: bytes, path: str, sink: Sink, meaning: Meaning = spec_meaning
) -> tuple[SpecDocument, ...]:
    """The documents of one file; empty ones are left out."""
    text = decode(data, path, sink)
    if text is None:
        return ()
    faults = len(sink)
    values = construct(text, path, sink, meaning)
    outline, sound = YamlOutline(text, path), len(sink) == faults
    documents = []
    for index, value in enumerate(values):
        places = YamlSourceMap(outline, index)
        if isinstance(value, dict):
            documents.append(SpecDocument(path, value, places))
        elif value is not None and sound:
            sink.report(MP1023, "a document must be a mapping", places.value(()))
    return tuple(documents)


@record
class _Parsed:
    """A file read as documents; its faults only count if nothing names it as something else."""

    documents: tuple[SpecDocument, ...]
    faults: Sink


class _SpecReader:
    """One reading of one root; notes the digest of every file that is read, and which of them count."""

    def __init__(self, root: Path, sink: Sink, instead: Mapping[str, bytes]) -> None:
        self._log: Log = {}
        self._instead = instead
        self._root, self._sink, self._reader = root, sink, Reader(root, sink, self._log, instead)
        self._counted: set[str] = set()

    def source(self) -> SpecSource | None:
        paths = set(discover(self._root, self._sink, self._log))
        # What is about to be written may be a file that is not there yet.
        paths |= {path for path in self._instead if path.endswith(YAML)}
        others = paths - {LOCK}
        parsed = self._parse(others, envelope.looks_like_documents)
        # A manifest that a component names may look like a document; a document stays one even
        # if another document names its file.
        named = _names(parsed.values()) - _of_the_fleet(parsed)
        # A second, wider look, only at files that nobody named: what nearly is a document is to
        # be reported, not left out.
        parsed |= self._parse(others - named - parsed.keys(), envelope.may_be_documents)
        # In order of path, so that messages and first-come rules do not depend on how files
        # were found.
        documents = self._accepted({path: parsed[path] for path in sorted(parsed.keys() - named)})
        self._report_unnamed(others - named - parsed.keys())
        manifests = self._read_named(documents, envelope.manifests_of, self._manifest)
        files = self._read_named(documents, envelope.templates_of, self._template)
        if LOCK in paths and (data := self._reader.read(LOCK, partial(Span, LOCK))) is not None:
            self._counted.add(LOCK)
            manifests[LOCK] = parse_documents(data, LOCK, self._sink)
        # Where files could not be read, "nothing here" would be a second message for one cause,
        # and a wrong one.
        if not documents and not self._sink.failed:
            message = "there is no document of a fleet spec here"
            self._sink.report(MP1030, message, hint="start with `milepost init`")
            return None
        return SpecSource(str(self._root), documents, files, manifests, self._digests(), self._log)

    def of_kind(self, kind: str) -> SpecSource:
        def may_hold(data: bytes) -> bool:
            return kind.encode() in data and envelope.looks_like_documents(data)

        parsed = self._parse(discover(self._root, self._sink, self._log), may_hold)
        accepted = self._accepted({path: parsed[path] for path in sorted(_of_the_fleet(parsed))})
        documents = tuple(document for document in accepted if document.kind == kind)
        return SpecSource(str(self._root), documents, {}, {}, self._digests(), self._log)

    def _digests(self) -> Log:
        return {path: self._log[path] for path in sorted(self._counted)}

    def _parse(self, paths: Iterable[str], test: Callable[[bytes], bool]) -> dict[str, _Parsed]:
        """Those files that pass a first look, as documents. What cannot be read is reported where it is named."""
        parsed, reader = {}, Reader(self._root, Sink(), self._log, self._instead)
        for path in sorted(paths):
            data = reader.read(path, partial(Span, path))
            if data is not None and test(data):
                faults = Sink()
                parsed[path] = _Parsed(parse_documents(data, path, faults), faults)
        return parsed

    def _accepted(self, parsed: Mapping[str, _Parsed]) -> tuple[SpecDocument, ...]:
        """Documents of a known version. Of other documents in a file the first is a warning."""
        accepted: list[SpecDocument] = []
        for path, file in parsed.items():
            known = [document for document in file.documents if envelope.accept(document, file.faults)]
            foreign = [document for document in file.documents if document not in known]
            if foreign and not len(file.faults):
                envelope.report_without_effect(foreign[0].span("apiVersion"), file.faults)
            if known:
                self._counted.add(path)
            self._sink.extend(file.faults)
            accepted += known
        return tuple(accepted)

    def _report_unnamed(self, paths: Iterable[str]) -> None:
        for path in paths:
            data = self._reader.read(path, partial(Span, path))
            if data is None or decode(data, path, self._sink) is None:
                continue
            if envelope.holds_anything(data):
                envelope.report_without_effect(Span(path), self._sink)

    def _read_named(
        self, documents: Iterable[SpecDocument], find: _Finder, parse: _Parser[_T]
    ) -> dict[str, _T]:
        """The files that documents name, by path; each is read once, and reported wherever it cannot be read."""
        found: dict[str, _T] = {}
        for document in documents:
            for name, path in find(document):
                # A file that was read for one component is not read again for the next; one
                # that cannot be read is reported at each place that names it.
                data = None if name in found else self._reader.named(name, partial(document.span, *path))
                if data is not None and (value := parse(name, data)) is not None:
                    self._counted.add(name)
                    found[name] = value
        return found

    def _manifest(self, path: str, data: bytes) -> tuple[SpecDocument, ...]:
        return parse_documents(data, path, self._sink, kubectl_meaning)

    def _template(self, path: str, data: bytes) -> TextFile | None:
        text = decode(data, path, self._sink, free_text=True)
        # A clone with `core.autocrlf` has other line ends, and the same spec makes the same tree anywhere.
        return None if text is None else TextFile(path, text.replace("\r\n", "\n"))


def _of_the_fleet(parsed: Mapping[str, _Parsed]) -> set[str]:
    """Files that hold a document of a fleet spec: one that names such a file as something else must not take it away."""
    return {
        path
        for path, file in parsed.items()
        if any(envelope.is_of_the_fleet(document.value) for document in file.documents)
    }


def _names(parsed: Iterable[_Parsed]) -> set[str]:
    """Every path that a document names."""
    find = (envelope.all_inventory_of, envelope.manifests_of, envelope.templates_of)
    return {name for file in parsed for d in file.documents for found in find for name, _ in found(d)}
