"""The compared spec: the rules of a review from both sides of a change, and what the change does to the fleet spec.

Of each side the Fleet and the Policies are read, and of all else the files that differ: a review waits for nothing that it
does not need. Without a Git history there is one side alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from milepost import load, pipeline, validate
from milepost.diagnostics import Sink
from milepost.load.files import YAML
from milepost.load.spec_reader import parse_documents
from milepost.model.hidden import is_hidden
from milepost.model.record import by_value
from milepost.publish.review.judge.guard_rules import GuardRules, rules
from milepost.publish.review.judge.spec_difference import Documents, SpecDifference
from milepost.publish.review.read.tree_source import TreeSource, blob_id
from milepost.publish.revision import Revision
from milepost.staging import temporary

_RULING = (b"Fleet", b"Policy")
"""Words that stand in a file with one of these documents."""


class WrongSpecError(RuntimeError):
    """The spec whose rules hold is wrong; ``sink`` says why."""

    def __init__(self, sink: Sink) -> None:
        super().__init__()
        self.sink = sink


@by_value
class ComparedSpec:
    """What a review takes of the two specs; ``notes`` say what could not be read."""

    rules: GuardRules
    change: SpecDifference
    notes: tuple[str, ...] = ()


@by_value
class _Side:
    """The YAML files of a spec: identity of each, and how to read them."""

    ids: Mapping[str, str]
    read: Callable[[list[str]], Iterator[bytes]]

    def texts(self, paths: list[str]) -> dict[str, bytes]:
        return dict(zip(paths, self.read(paths), strict=True))


def compared_spec(
    spec: Path, base: TreeSource, head: TreeSource, moment: datetime | None, before: Path | None = None
) -> ComparedSpec:
    """Of the revisions of two trees; ``before`` is a folder that holds the base's spec. Raises WrongSpecError."""
    new = _at(spec, head) or (_folder(spec) if spec.is_dir() else None)
    old = _folder(before) if before is not None else _at(spec, base)
    if new is None:
        return ComparedSpec(rules(None, moment), SpecDifference())
    own = _rules(new, moment)
    if own is None:
        raise WrongSpecError(_faults(spec))
    if old is None:
        note = "guards and policies of the base were not asked: its spec is not in a Git history"
        return ComparedSpec(own, SpecDifference(), (note,) if before is None else ())
    earlier, changed = _rules(old, moment), _change(old, new)
    if earlier is None:
        return ComparedSpec(
            own, changed, ("guards and policies of the base were not asked: its Fleet cannot be read",)
        )
    # What was acknowledged stands in the change itself; what it answers may be a guard of either
    # side.
    asked = replace(earlier, removes=own.removes, allows=own.allows, acknowledged_by=own.acknowledged_by)
    return ComparedSpec(replace(own, base=asked), changed)


def _at(spec: Path, side: TreeSource) -> _Side | None:
    """The spec in the commit of a side; None where it is not in that history."""
    if not isinstance(side, Revision):
        return None
    try:
        folder = side.repository.folder(spec)
    except ValueError:
        return None
    entries = side.repository.tree(side.commit, folder)
    ids = {
        path: entry.id
        for path, entry in entries.items()
        if path.endswith(YAML) and not any(map(is_hidden, path.split("/")))
    }
    return _Side(ids, lambda paths: side.repository.blobs(ids[path] for path in paths)) if ids else None


def _folder(root: Path) -> _Side:
    paths = load.discover(root, Sink())
    data = {path: (root / path).read_bytes() for path in paths if (root / path).is_file()}
    ids = {path: blob_id(content) for path, content in data.items()}
    return _Side(ids, lambda wanted: (data[path] for path in wanted))


def _rules(side: _Side, moment: datetime | None) -> GuardRules | None:
    """None where there is no Fleet that can be read."""
    texts = side.texts(list(side.ids))
    with temporary("compared-spec") as root:
        for path, data in texts.items():
            if any(word in data for word in _RULING):
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(data)
        sink = Sink()
        source = load.load_kind(root, "Fleet", sink)
        fleet = None if sink.failed else validate.fleet_of(source, sink)
        # What is wrong with a policy, a compile tells.
        policies = validate.policies_of(load.load_kind(root, "Policy", Sink()), Sink())
        return None if fleet is None else rules(fleet, moment, policies)


def _faults(spec: Path) -> Sink:
    """Why there is no Fleet, which only a look at everything can tell."""
    sink = Sink()
    pipeline.read(spec, sink)
    return sink


def _change(old: _Side, new: _Side) -> SpecDifference:
    differing = {path for path, _ in old.ids.items() ^ new.ids.items()}
    return SpecDifference(*(_documents(side, differing) for side in (old, new)))


def _documents(side: _Side, paths: set[str]) -> Documents:
    found = {}
    for path, data in side.texts(sorted(paths & side.ids.keys())).items():
        for document in parse_documents(data, path, Sink()):
            body = document.value.get("spec")
            if document.kind and isinstance(body, Mapping):
                found[document.kind, document.name] = body
    return found
