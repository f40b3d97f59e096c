"""Small accidents that befall a fleet spec: a key goes, a scalar changes, a line is doubled, a file ends too early."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

import yaml

SCALARS: tuple[Any, ...] = (
    "", "x", "x" * 300, "Ünï-¢ode ✗", "../../etc/passwd", "{{ station.nam }}", "{% for %}", "$(X)", "a\nb", " ",
    0, -1, 10**20, 1.5, True, None, [], {}, ["x"], {"x": "y"}, "2026-01-02", "0755", "1e3", "*", "&a", "!x", "yes",
    "every-node", "StatefulSet", "arm64", "amd64", "1.4.2", "qinghai", "lane", "10.0.0.1", "5m", "64Mi", "/", "a/b", "-",
)  # fmt: skip
TEXTS = (
    "\0",
    "\t",
    "\ufeff",
    "\u2028",
    "\ue000",
    "'",
    '"',
    ":",
    "- ",
    "#",
    "{",
    "}",
    "[",
    "]",
    ",",
    "&x ",
    "*x",
    "|",
    "\n",
    "---\n",
    "?",
)
Mutation = Callable[[str, Random], str]


def mutated(path: str, text: str, random: Random) -> str:
    """``text`` of the file ``path`` after one accident."""
    kinds: list[Mutation] = [*EVERYWHERE]
    kinds += TABLES * 2 if path.endswith(".csv") else ()
    kinds += STRUCTURES * 3 if path.endswith(".yaml") else ()
    return random.choice(kinds)(text, random)


def truncate(text: str, random: Random) -> str:
    return text[: random.randrange(len(text) + 1)]


def drop_line(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True)
    del lines[random.randrange(len(lines))]
    return "".join(lines)


def double_line(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True)
    at = random.randrange(len(lines))
    return "".join([*lines[:at], lines[at], *lines[at:]])


def swap_lines(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True)
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


def indent_line(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True)
    lines[random.randrange(len(lines))] = "  " + lines[random.randrange(len(lines))]
    return "".join(lines)


def insert_text(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(TEXTS) + text[at:]


def drop_character(text: str, random: Random) -> str:
    at = random.randrange(len(text))
    return text[:at] + text[at + 1 :]


def change_cell(text: str, random: Random) -> str:
    rows = [line.split(",") for line in text.splitlines()]
    row = random.choice(rows)
    row[random.randrange(len(row))] = str(random.choice(SCALARS))
    return "".join(",".join(row) + "\n" for row in rows)


def drop_cell(text: str, random: Random) -> str:
    rows = [line.split(",") for line in text.splitlines()]
    row = random.choice(rows)
    del row[random.randrange(len(row))]
    return "".join(",".join(row) + "\n" for row in rows)


def drop_column(text: str, random: Random) -> str:
    rows = [line.split(",") for line in text.splitlines()]
    at = random.randrange(len(rows[0]))
    return "".join(",".join(row[:at] + row[at + 1 :]) + "\n" for row in rows)


def change_value(text: str, random: Random) -> str:
    """Any value of the structure becomes another one, perhaps of another type."""
    return _changed(
        text, random, lambda parent, key: parent.__setitem__(key, deepcopy(random.choice(SCALARS)))
    )


def drop_value(text: str, random: Random) -> str:
    return _changed(text, random, lambda parent, key: parent.__delitem__(key))


def copy_value(text: str, random: Random) -> str:
    """A value takes the place of another one."""
    documents = list(yaml.load_all(text, yaml.CSafeLoader))
    places = list(_places(documents))
    (source, from_key), (target, to_key) = random.choice(places), random.choice(places)
    target[to_key] = deepcopy(source[from_key])
    return yaml.dump_all(documents, Dumper=yaml.CSafeDumper, allow_unicode=True)


def add_key(text: str, random: Random) -> str:
    """A key that is not known, or known elsewhere."""
    documents = list(yaml.load_all(text, yaml.CSafeLoader))
    mappings = [parent for parent, _ in _places(documents) if isinstance(parent, dict)]
    keys = [key for mapping in mappings for key in mapping]
    random.choice(mappings)[random.choice(keys)] = deepcopy(random.choice(SCALARS))
    return yaml.dump_all(documents, Dumper=yaml.CSafeDumper, allow_unicode=True)


def _changed(text: str, random: Random, change: Callable[[Any, Any], None]) -> str:
    documents = list(yaml.load_all(text, yaml.CSafeLoader))
    change(*random.choice(list(_places(documents))))
    return yaml.dump_all(documents, Dumper=yaml.CSafeDumper, allow_unicode=True)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a structure that holds a value: its mapping or list, and its key there."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        if isinstance(item, dict | list):
            yield from _places(item)


EVERYWHERE = [truncate, drop_line, double_line, swap_lines, indent_line, insert_text, drop_character]
TABLES = [change_cell, drop_cell, drop_column]
STRUCTURES = [change_value, drop_value, copy_value, add_key]
