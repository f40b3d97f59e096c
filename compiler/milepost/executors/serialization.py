"""Serialization for remote compiles: the files that a province sees on the way out, its tree on the way back.

Files go as bytes and are read again over there: what a stage makes of them is nobody's business outside of one process.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Mapping
from dataclasses import field, replace
from functools import lru_cache
from pathlib import Path

from milepost import pipeline
from milepost.cache.digests import tables_of
from milepost.cache.fingerprint import milepost
from milepost.diagnostics import Sink
from milepost.executors.executor_protocol import CompiledTree, compile_tree
from milepost.executors.outcome import Outcome
from milepost.load.files import Reader
from milepost.model.record import by_value
from milepost.model.tree import Tree
from milepost.staging import temporary

Files = Mapping[str, bytes]
"""Path in the fleet spec to bytes."""
_LEVEL = 1
"""Trees are text that repeats itself: the quickest compression leaves a tenth."""


class CompilerMismatchError(RuntimeError):
    """The machine that was asked has another Milepost, which might make other bytes."""


@by_value
class SharedFiles:
    """The files that all provinces share, told apart by their digest."""

    digest: str
    files: Files = field(compare=False)


@by_value
class ProvinceTask:
    """One province for another machine. ``compiler`` tells which Milepost must do it."""

    province: str
    tables: Files
    rendered: bool
    compiler: str


@by_value
class TaskResult:
    """The result of a remote compile, as a worker sends it back; ``tree`` is compressed."""

    outcome: Outcome
    tree: bytes | None


def shared_files(shared: pipeline.SharedSpec) -> SharedFiles:
    """Every file that was read for all provinces; tables are none of them."""
    source = shared.spec.source
    paths = {document.path for document in source.documents} | source.files.keys() | source.manifests.keys()
    return SharedFiles(source.digest, {path: (shared.root / path).read_bytes() for path in sorted(paths)})


def task_for(shared: pipeline.SharedSpec, name: str, *, rendered: bool) -> ProvinceTask | None:
    """None where a table cannot be read as it should: what to say of that is found out here, beside the files."""
    sink = Sink()
    reader, document = Reader(shared.root, sink), shared.spec.provinces[name].document
    tables = {path: reader.named(path, document.span) or b"" for path in tables_of(name, shared.spec)}
    return None if sink.failed or len(sink) else ProvinceTask(name, tables, rendered, milepost())


def run_task(wanted: ProvinceTask, common: SharedFiles) -> TaskResult:
    """Compile a province on the machine that was asked. Raises CompilerMismatchError."""
    # Another version might make other bytes, and half of the fleet would be rendered by it.
    if wanted.compiler != milepost():
        raise CompilerMismatchError("it has another Milepost than this machine")
    with temporary("executor") as folder:
        _write_files(folder, wanted.tables)
        shared = replace(_shared(common), root=folder)
        made = compile_tree(shared, wanted.province, rendered=wanted.rendered)
    return TaskResult(made.outcome, None if made.tree is None else _serialize(made.tree))


def deserialize(parcel: TaskResult) -> CompiledTree:
    if parcel.tree is None:
        return CompiledTree(parcel.outcome)
    tree = Tree(parcel.outcome.province)
    # Pickle is what Dask itself speaks between its machines: a worker that is not trusted could
    # do as much without this.
    tree.update(pickle.loads(zlib.decompress(parcel.tree)))
    return CompiledTree(parcel.outcome, tree)


def _serialize(tree: Tree) -> bytes:
    return zlib.compress(pickle.dumps(list(tree.items()), pickle.HIGHEST_PROTOCOL), _LEVEL)


@lru_cache(maxsize=1)
def _shared(common: SharedFiles) -> pipeline.SharedSpec:
    """Read once on each machine, for all provinces that it compiles."""
    with temporary("executor") as folder:
        _write_files(folder, common.files)
        shared = pipeline.read(folder, Sink())
    # The same bytes must be read as the same spec; a worker with other libraries could read
    # them otherwise.
    if shared is None or shared.spec.source.digest != common.digest:
        raise CompilerMismatchError(
            "it does not read the fleet spec as this machine does; was it edited meanwhile?"
        )
    return shared


def _write_files(root: Path, files: Files) -> None:
    for path, data in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
