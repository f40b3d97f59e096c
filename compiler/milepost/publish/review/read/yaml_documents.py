"""YAML documents of a rendered file, each with what it says that it is. Reads text; never parses YAML.

A file that is not YAML is one document without an identity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import NamedTuple

SEPARATOR = "---\n"

_KIND = re.compile(r"^kind: *(\S+)", re.M)
_API = re.compile(r"^apiVersion: *(\S+)", re.M)
_METADATA = re.compile(r"^metadata:[^\n]*\n((?:(?:[ ]+[^\n]*)?\n)*)", re.M)
_FIELD = {field: re.compile(rf"^  (?:  )?{field}: *(\S+)", re.M) for field in ("name", "namespace")}
_HASH = re.compile(r"-(?=[0-9a-f]*[0-9])[0-9a-f]{8,16}$")
"""The end of a name that follows from the object's content, such as a Job's: an edit is a new object to Kubernetes."""


class ObjectIdentity(NamedTuple):
    """What Kubernetes knows an object by; the version of its API may change without it becoming another."""

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"

    @property
    def stem(self) -> ObjectIdentity:
        """The same for every content-hashed name of one thing."""
        return self._replace(name=_HASH.sub("", self.name))


NOBODY = ObjectIdentity("", "", "", "")


class YamlDocument(NamedTuple):
    """A YAML document of a rendered file.

    ``start`` is the number of its first line in the file, from 1; the separator before it is not part of it.
    """

    start: int
    text: str

    @property
    def identity(self) -> ObjectIdentity:
        return identify(self.text)


def identify(text: str) -> ObjectIdentity:
    """Best effort: what cannot be found is ``""``."""
    kind, api = _KIND.search(text), _API.search(text)
    metadata = _METADATA.search(text)
    name, namespace = (_named(field, metadata[1] if metadata else "") for field in ("name", "namespace"))
    version = api[1].strip("\"'") if api else ""
    return ObjectIdentity(version.rpartition("/")[0], kind[1] if kind else "", namespace, name)


def _named(field: str, block: str) -> str:
    found = _FIELD[field].search(block)
    return found[1].strip("\"'") if found else ""


def documents(path: str, text: str) -> list[YamlDocument]:
    """In order; their texts and the separators between them make up the file again."""
    if not path.endswith((".yaml", ".yml")) or SEPARATOR not in text:
        return [YamlDocument(1, text)]
    # With a line feed before: a separator counts only at the beginning of a line, also of the
    # first.
    pieces = f"\n{text}".split("\n" + SEPARATOR)
    # A separator on the very first line: an empty document stands before it.
    first = pieces[0][1:] + "\n" if pieces[0] else ""
    texts = [first, *(piece + "\n" for piece in pieces[1:])]
    texts[-1] = texts[-1][:-1]
    ends = accumulate(body.count("\n") + 1 for body in texts)
    return [
        YamlDocument(start, body) for start, body in zip((1, *(end + 1 for end in ends)), texts, strict=False)
    ]


def aligned(
    old: Sequence[YamlDocument], new: Sequence[YamlDocument]
) -> Iterator[tuple[YamlDocument | None, YamlDocument | None]]:
    """Which document became which, in order; one that came or went stands alone. Never crosses two pairs."""
    if len(old) == len(new) and all(
        a.text == b.text or a.identity.stem == b.identity.stem for a, b in zip(old, new, strict=True)
    ):
        yield from zip(old, new, strict=True)
        return
    # By identity without the content hash: a Job whose hash changed is the same one to a
    # reader.
    names, new_names = [d.identity.stem for d in old], [d.identity.stem for d in new]
    for tag, i, i_end, j, j_end in SequenceMatcher(None, names, new_names, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from zip(old[i:i_end], new[j:j_end], strict=True)
        else:
            yield from ((document, None) for document in old[i:i_end])
            yield from ((None, document) for document in new[j:j_end])


def runs_alone(document: YamlDocument, first_kept: int, last: YamlDocument) -> tuple[int, str]:
    """Start and text of a document that goes or comes, together with one separator.

    The one before it; for those above the first document that stays (line ``first_kept``), the one after it.
    """
    if document.start > first_kept:
        return document.start - 1, SEPARATOR + document.text
    return document.start, document.text + ("" if document is last else SEPARATOR)
