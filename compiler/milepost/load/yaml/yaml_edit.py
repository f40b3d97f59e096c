"""YAML edits as a person would make them: one scalar, one line, one item; every other byte stays as it was.

ruamel.yaml says where things stand; the text is then cut and joined, never written anew, so comments, quotes, order
and blank lines are kept. Refused is what cannot be done so: a value that an alias brings from elsewhere, an entry in the
middle of a flow collection, a block that is not there. The only module that knows ruamel.yaml.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from milepost.model.document import Path

Scalar = str | int | bool
Value = Scalar | Mapping[str, str]
"""What is set: a scalar, or a mapping on one line."""
_PLAIN = re.compile(r"[A-Za-z_][-A-Za-z0-9_.]*|[0-9]+\.[0-9]+\.[0-9]+[-A-Za-z0-9_.]*", re.ASCII)
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


class CannotEditError(Exception):
    """The text is written in a way that this module leaves to people; the message says what."""


def document(text: str, kind: str, name: str) -> int:
    """Position in the file of the document with that kind and ``metadata.name``. Raises CannotEditError."""
    for index, root in enumerate(_roots(text)):
        if _text(root, "kind") == kind and _text(root, "metadata", "name") == name:
            return index
    raise CannotEditError(f'there is no {kind} "{name}" in the file')


def set_value(text: str, index: int, path: Path, value: Value) -> str:
    """``text`` with ``path`` of a document set to ``value``; a key that is not there becomes its mapping's last."""
    root = _root(text, index)
    *above, last = path
    parent = _at(root, above)
    found = _child(parent, last)
    if found is None:
        return _insert(text, parent, str(last), value)
    # An edit of an anchored value would change every place that repeats it.
    if not isinstance(found, ScalarNode) or not _inside(found, root) or found.anchor or _shared(found, root):
        raise CannotEditError(f"{_shown(path)} is not a plain value of its own")
    start, end = found.start_mark.index, found.end_mark.index
    if start == end:
        # An empty value has no text to replace and stands behind its colon.
        colon = text.index(":", _key(parent, last).end_mark.index) + 1
        return f"{text[:colon]} {_written(value, None)}{text[colon:]}"
    return text[:start] + _written(value, found.style) + text[end:]


def remove(text: str, index: int, path: Path) -> str:
    """``text`` without an entry of a block mapping or an item of a block sequence, the comment above it included."""
    root = _root(text, index)
    *above, last = path
    parent = _at(root, above)
    if not isinstance(parent, MappingNode | SequenceNode) or parent.flow_style:
        raise CannotEditError(f"{_shown(path)} stands in a list or a mapping on one line")
    entries = _entries(parent)
    names = [name for name, _ in entries]
    if last not in names:
        raise CannotEditError(f"{_shown(path)} is not there")
    position = names.index(last)
    if len(entries) == 1:
        raise CannotEditError(f"{_shown(path)} is all that there is")
    # The comment above an entry speaks of it; left behind, it would seem to speak of the next
    # one.
    start = _with_comment(text, text.rfind("\n", 0, entries[position][1].start_mark.index) + 1)
    return text[:start] + text[_end(text, parent, position) :]


def remove_document(text: str, index: int) -> str:
    """``text`` without one of its documents and the comments before it; empty where it is the only one."""
    roots = _roots(text)
    if len(roots) == 1:
        return ""
    separators = [match.start() for match in re.finditer(r"^---[ \t]*(#.*)?$", text, re.MULTILINE)]
    begins = [0] + [s for s in separators if text[:s].strip()]
    # A `---` within a literal block looks like a separator. Where the counts differ nothing is
    # cut.
    if len(begins) != len(roots):
        raise CannotEditError("the documents of the file cannot be told apart by their `---` lines")
    begins.append(len(text))
    kept = text[: begins[index]] + text[begins[index + 1] :]
    return re.sub(r"\A---[ \t]*\n", "", kept) if index == 0 else kept


def _roots(text: str) -> list[Node]:
    # Only composed, never written by it: as it comes, ruamel's own writer gave 3,796 lines of
    # difference for a 2,000-line spec without an edit.
    reader = YAML(typ="rt", pure=True)
    try:
        return [node for node in reader.compose_all(text) if node is not None]
    except YAMLError as error:
        raise CannotEditError(str(error)) from None


def _root(text: str, index: int) -> Node:
    return _roots(text)[index]


def _at(node: Node, path: Sequence[str | int]) -> Node:
    for step in path:
        found = _child(node, step)
        if found is None or not isinstance(found, MappingNode | SequenceNode):
            raise CannotEditError(f"{_shown(path)} is not there")
        node = found
    return node


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(node, SequenceNode):
        return node.value[step] if isinstance(step, int) and step < len(node.value) else None
    if isinstance(node, MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    return None


def _key(node: Node, name: str | int) -> Node:
    """The node of a key that is there; of an item of a list, the item."""
    return next(node for key, node in _entries(node) if key == name)


def _text(node: Node, *path: str) -> Any:
    for step in path:
        found = _child(node, step)
        if found is None:
            return None
        node = found
    return node.value


def _entries(node: Node) -> list[tuple[str | int, Node]]:
    """Key or position of every entry, and the node that begins it."""
    if isinstance(node, SequenceNode):
        return list(enumerate(node.value))
    return [(key.value, key) for key, _ in node.value]


def _insert(text: str, parent: Node, key: str, value: Value) -> str:
    if not isinstance(parent, MappingNode) or not parent.value:
        raise CannotEditError(f"there is no mapping to put {key} into")
    if parent.flow_style:
        close = parent.end_mark.index - 1
        return f"{text[:close].rstrip()}, {key}: {_written(value, None)}{text[close:]}"
    indent = " " * parent.value[0][0].start_mark.column
    at = _end(text, parent, len(parent.value) - 1)
    before = text[:at] if text[:at].endswith("\n") else text[:at] + "\n"
    return f"{before}{indent}{key}: {_written(value, None)}\n{text[at:]}"


def _end(text: str, parent: Node, position: int) -> int:
    """Where an entry ends: behind its last line that is neither blank nor a comment of what follows."""
    entries = _entries(parent)
    begin = entries[position][1].start_mark.index
    last = position + 1 == len(entries)
    limit = parent.end_mark.index if last else entries[position + 1][1].start_mark.index
    lines = text[begin : text.rfind("\n", begin, limit) + 1 if not last else limit].splitlines(keepends=True)
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    end = begin + sum(map(len, lines))
    return end if text[:end].endswith("\n") else (text.find("\n", end) + 1 or len(text))


def _with_comment(text: str, start: int) -> int:
    """The start of the comment lines right above the line at ``start``."""
    while start > 0:
        above = text.rfind("\n", 0, start - 1) + 1
        if not text[above:start].lstrip().startswith("#"):
            break
        start = above
    return start


def _inside(node: Node, root: Node) -> bool:
    return bool(root.start_mark.index <= node.start_mark.index <= node.end_mark.index <= root.end_mark.index)


def _shared(node: Node, root: Node) -> bool:
    """Whether an alias brings the node to a second place."""
    count, waiting = 0, [root]
    while waiting:
        one = waiting.pop()
        count += one is node
        if isinstance(one, SequenceNode):
            waiting += one.value
        elif isinstance(one, MappingNode):
            waiting += [side for pair in one.value for side in pair]
    return count > 1


def _written(value: Value, style: str | None) -> str:
    """A scalar in the manner of the one that it replaces; quoted where it would not stay text."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_written(item, None)}" for key, item in value.items()) + "}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    plain = style is None and _PLAIN.fullmatch(value) and value.lower() not in _WORDS
    return value if plain else json.dumps(value, ensure_ascii=False)


def _shown(path: Sequence[str | int]) -> str:
    return ".".join(map(str, path))
