"""Patches of a rendered tree, for people: what a change of the spec does, object by object.

A hunk names its object and the path in it, not line numbers, and has no lines around it. An object or file that is new
is shown by what tells it from the one that is most like it. So a line that many objects share is in no patch, however
many cases make such objects. Counts of ``milepost.json`` are told as differences, for the same cause.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import yaml

INDEX = "/milepost.json"
ALIKE = 0.4
"""What part of the lines two objects must share for one to be shown by its difference from the other."""


@dataclass(frozen=True)
class Part:
    """An object of a file, or the whole of a file that holds none. ``shape`` is what it may be compared with."""

    path: str
    name: str
    shape: str
    lines: tuple[str, ...]


def patch(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> str:
    """What leads from the tree ``old`` to ``new``; nothing where they are the same."""
    known = [part for path in sorted(old) if not path.endswith(INDEX) for part in parts(path, old[path])]
    lines: list[str] = []
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) != new.get(path):
            lines += _file(path, old.get(path), new.get(path), known)
    return "".join(f"{line}\n" for line in lines)


def parts(path: str, data: bytes) -> list[Part]:
    """The objects of a YAML file, each with its own lines; any other file as one part."""
    text = data.decode()
    if not path.endswith(".yaml"):
        return [Part(path, "", path.rpartition("/")[2].rpartition(".")[2], tuple(text.splitlines()))]
    return [_object(path, chunk) for chunk in f"\n{text}".split("\n---\n")]


def _object(path: str, text: str) -> Part:
    body = yaml.load(text, yaml.CSafeLoader)
    metadata = body.get("metadata", {})
    name = "/".join(filter(None, (metadata.get("namespace"), metadata.get("name"))))
    return Part(path, f"{body['kind']} {name}".rstrip(), body["kind"], tuple(text.strip("\n").splitlines()))


def _file(path: str, old: bytes | None, new: bytes | None, known: list[Part]) -> Iterator[str]:
    yield f"--- {path if old is not None else '/dev/null'}"
    yield f"+++ {path if new is not None else '/dev/null'}"
    if path.endswith(INDEX):
        yield from _index({} if old is None else json.loads(old), {} if new is None else json.loads(new))
        return
    before = {part.name: part for part in (parts(path, old) if old is not None else ())}
    after = {part.name: part for part in (parts(path, new) if new is not None else ())}
    yield from (f"@@ removed: {name} @@" for name in before if after and name not in after)
    if [n for n in before if n in after] != [n for n in after if n in before]:
        yield f"@@ order: {', '.join(after)} @@"
    for name, part in after.items():
        if name in before:
            yield from _hunks(before[name], part, part.name)
        else:
            yield from _added(part, known)
            known.append(part)


def _added(part: Part, known: Iterable[Part]) -> Iterator[str]:
    """A new part by its difference from the one that is most like it, or whole."""
    ratio, like = max(
        ((_alike(part, other), other) for other in known), key=lambda p: p[0], default=(0.0, part)
    )
    if ratio < ALIKE:
        yield f"@@ new: {part.name} @@" if part.name else "@@ new @@"
        yield from (f"+{line}" for line in part.lines)
    else:
        name = f" {part.name}" if part.name else ""
        other = like.name if "/" in like.name else like.path
        yield f"@@ new:{name} like {other} @@"
        yield from _hunks(like, part, "")


def _alike(one: Part, other: Part) -> float:
    """From 0 for nothing to 1 for the same lines; only parts of one shape are compared."""
    if one.shape != other.shape:
        return 0.0
    return SequenceMatcher(None, other.lines, one.lines, autojunk=False).ratio()


def _hunks(old: Part, new: Part, title: str) -> Iterator[str]:
    """The lines that differ, each run of them below the path at which it stands."""
    matcher = SequenceMatcher(None, old.lines, new.lines, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            where = data_path(new.lines, c) if d > c else data_path(old.lines, a)
            yield f"@@ {': '.join(filter(None, (title, where)))} @@".replace("@@  @@", "@@")
            yield from (f"-{line}" for line in old.lines[a:b])
            yield from (f"+{line}" for line in new.lines[c:d])


def data_path(lines: Sequence[str], at: int) -> str:
    """The keys around a line of a YAML document as Milepost writes it; an item of a list goes by what names it."""
    if not lines[0].startswith(("apiVersion:", "kind:")):
        return ""
    steps: list[str] = []
    column = float(len(lines[at]) - len(lines[at].lstrip(" ")))
    column += 0.5 if lines[at].lstrip().startswith("- ") else 0
    for line in reversed(lines[:at]):
        text = line.lstrip(" ")
        indent = len(line) - len(text)
        if text.startswith("#"):
            continue
        if text.startswith("- ") and indent + 2 == column:
            steps.append(f"[{_label(text[2:])}]")
            column = indent + 0.5
        elif not text.startswith("- ") and indent < column:
            steps.append(text.split(":")[0])
            column = indent
    return ".".join(reversed(steps)).replace(".[", "[")


def _label(first: str) -> str:
    key, _, value = first.partition(": ")
    return value.strip('"') if key in ("name", "key", "kind") else ""


def _index(old: Any, new: Any) -> Iterator[str]:
    """What the index says otherwise: numbers as differences. Its list of files is that of the files themselves."""
    before, after = (dict(_leaves({k: v for k, v in index.items() if k != "files"})) for index in (old, new))
    for key in [*before, *(key for key in after if key not in before)]:
        one, other = before.get(key), after.get(key)
        if one == other:
            continue
        if isinstance(one or 0, int) and isinstance(other or 0, int):
            yield f"@@ {key}: {(other or 0) - (one or 0):+d} @@"
        else:
            yield f"@@ {key} @@"
            yield from (f"-{json.dumps(one)}",) if one is not None else ()
            yield from (f"+{json.dumps(other)}",) if other is not None else ()


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else key)
    else:
        yield path, value
