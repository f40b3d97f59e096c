"""Any text at all, for everything that reads text of people's: YAML, CSV, templates, selectors, amounts, images, the lock."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

import small
from compiling import write_files
from faults.figures import Figures
from load.reading import assert_inside
from load.test_hostile_files import BYTES, TEXTS
from milepost import pipeline
from milepost.diagnostics import Diagnostic, Sink, Span
from milepost.diagnostics.formats import text
from milepost.emit.formats import ImageReference
from milepost.load.csv.column_names import ColumnNames
from milepost.load.spec_reader import parse_documents
from milepost.load.tables import read_table
from milepost.model.quantity import fault, quantity
from milepost.model.template.bad import BadTemplateError
from milepost.model.template.fill import renderer
from milepost.registry.address import Address
from milepost.validate.rules.amounts import MP2028

NAME = "readers"
COUNT, QUICK = 14_000, 140

Reader = Callable[[Any, Path], str]
"""Reads what was drawn, in a folder of its own, and says what came of it. Raises for whatever must not be."""

_TEMPLATE = st.lists(
    st.sampled_from(
        ("{{ ", " }}", "{% ", " %}", "{# ", " #}", "station", "node", "values", ".name", "['a']", "|", "join", "upper",
         "for x in ", "if ", "endif", "endfor", "set x = ", " + ", " * ", " ~ ", "10**9", "'a'", "[1, 2]", "(", ")", "range(9)",
         "\n", "x", "loop.index", "macro m()", "endmacro", "m()", "include 'x'", "self", "__class__", "{{", "}}", "-", "%"),
    ) | st.text(max_size=3),
    max_size=14,
).map("".join)  # fmt: skip
_AMOUNT = (
    st.from_regex(
        r"[+-]?[0-9]{0,6}(\.[0-9]{0,6})?([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,10})?", fullmatch=True
    )
    | st.text(max_size=8)
    | st.integers()
    | st.floats()
)
_PART = st.from_regex(r"[a-z0-9]{1,5}([._-][a-z0-9]{1,3})?", fullmatch=True)
_IMAGE = st.text(max_size=30) | st.builds(
    lambda host, path, tag, digest: f"{host}/{'/'.join(path)}{tag}{digest}",
    st.sampled_from(("registry.example", "localhost:5000", "[::1]:5000", "docker.io", "", "a:b:c", "[::1")),
    st.lists(_PART, min_size=1, max_size=3),
    st.sampled_from(("", ":1.0.0", ":", ":a:b")),
    st.sampled_from(("", "@sha256:" + "a" * 64, "@", "@sha256:../x", "@@")),
)
_LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | _PART
_ANY = st.recursive(
    _LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_PART, inner, max_size=3), max_leaves=8
)
_NAMES = (
    "roles",
    "allRoles",
    "anyRole",
    "architectures",
    "stationTypes",
    "profiles",
    "labels",
    "group",
    "mayBeEmpty",
)
_WORDS = st.sampled_from(("lane", "server", "amd64", "toll-station", "box", "nowhere", "UPPER", ""))
_SELECTOR = st.dictionaries(
    st.sampled_from(_NAMES) | st.text(max_size=4),
    st.lists(_WORDS, max_size=3) | st.dictionaries(_WORDS, _WORDS, max_size=2) | _ANY,
    max_size=3,
)


def _yaml(data: bytes, _folder: Path) -> str:
    return _placed(data, lambda sink: parse_documents(data, "x.yaml", sink))


def _csv(data: bytes, folder: Path) -> str:
    return _table("t.csv", data, folder)


def _yaml_table(data: bytes, folder: Path) -> str:
    return _table("t.yaml", data, folder)


def _table(name: str, data: bytes, folder: Path) -> str:
    (folder / name).write_bytes(data)
    names, place = ColumnNames(None, ""), partial(Span, "province.yaml")
    return _placed(data, lambda sink: read_table(folder, name, data, place, names, sink))


def _placed(data: bytes, read: Callable[[Sink], object]) -> str:
    """Every fault has its place in the text."""
    sink, whole = Sink(), data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    read(sink)
    for found in sink:
        assert_inside(found.span, whole)
    return "refused" if sink.failed else "read"


def _template(written: str, _folder: Path) -> str:
    try:
        filled = renderer(written)({"station": {"name": "a"}, "values": {"a": "b"}, "node": {"name": "n"}})
    except BadTemplateError as error:
        assert str(error) and "\n" not in str(error)
        return "refused"
    assert isinstance(filled, str)
    return "read"


def _amount(value: object, _folder: Path) -> str:
    if why := fault("memory", value):
        _assert_plain(Diagnostic(MP2028, why))
        return "refused"
    found = quantity(str(value))
    assert quantity(found.canonical).nanos == found.nanos, "what Kubernetes would write says something else"
    return "read"


def _image(name: str, _folder: Path) -> str:
    image = ImageReference.of(name)
    Address.of(image.repository)
    written = (
        image.repository
        + (f":{image.tag}" if image.tag else "")
        + (f"@{image.digest}" if image.digest else "")
    )
    assert written == name or ":" in name or "@" in name
    return "read"


def _selector(selector: dict[str, Any], folder: Path) -> str:
    part = small.component(workload="Deployment", nodes=selector)
    documents = [*small.base(), small.image("web"), small.application("app", [part])]
    return _compiled(small.files(documents), folder)


def _lock(lock: tuple[Any, bytes | None], folder: Path) -> str:
    """A lock of the right form with anything in it, or any bytes."""
    value, raw = lock
    documents = [*small.base(), small.image("web"), small.application("app", [small.component()])]
    files = small.files(documents)
    made = {"apiVersion": small.API, "kind": "ImageLock", "images": {"web": {"1.0.0": value}}}
    write_files(folder, files.items())
    (folder / "images.lock.yaml").write_bytes(json.dumps(made).encode() if raw is None else raw)
    return _said(folder)


def _compiled(files: dict[str, str], folder: Path) -> str:
    write_files(folder, files.items())
    return _said(folder)


def _said(folder: Path) -> str:
    sink = Sink()
    shared = pipeline.read(folder, sink)
    if shared is not None:
        pipeline.compile_province(shared, "north", sink)
    for found in sink:
        _assert_plain(found)
    return "refused" if sink.failed else "read"


def _assert_plain(found: Diagnostic) -> None:
    """As people read it: one line, one more for each other place and for the hint, and the count."""
    said = text.render([found], lambda _path: None)
    assert found.message and " object at 0x" not in said, found
    assert said.count("\n") == 3 + len(found.related) + bool(found.hint), said


_ENTRY = st.fixed_dictionaries(
    {}, optional={"repository": _LEAF, "digest": _LEAF, "platforms": _ANY, "size": st.integers()}
)
READERS: dict[str, tuple[st.SearchStrategy[Any], Reader]] = {
    "YAML documents": (BYTES, _yaml),
    "CSV tables": (BYTES, _csv),
    "YAML tables": (BYTES, _yaml_table),
    "templates": (_TEMPLATE | TEXTS, _template),
    "selectors": (_SELECTOR, _selector),
    "amounts": (_AMOUNT, _amount),
    "image references and the lock": (
        st.one_of(_IMAGE, st.tuples(st.lists(_ENTRY, max_size=2) | _ANY, st.none() | BYTES)),
        lambda drawn, folder: (_image if isinstance(drawn, str) else _lock)(drawn, folder),
    ),
}


def run(count: int, seed: int) -> Figures:
    """``count`` texts, the same number for each reader."""
    figures = Figures(
        "Text drawn by Hypothesis for each reader, near to what is right and far from it.",
        "It is read, or refused in one line with its place inside the text; nothing is raised, and nothing takes long.",
    )
    for name, (drawn, read) in READERS.items():
        _many(name, drawn, read, count // len(READERS), seed, figures)
    return figures


def _many(name: str, drawn: Any, read: Reader, count: int, seed: int, figures: Figures) -> None:
    left = count

    @seeded(seed)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn)
    def one(value: Any) -> None:
        nonlocal left
        if not left:
            return
        left -= 1
        with tempfile.TemporaryDirectory() as folder:
            try:
                figures.add(f"{name} {read(value, Path(folder))}")
            except Exception as error:
                figures.fail(f"{name}: {value!r:.200}: {type(error).__name__}: {str(error)[:200]}")

    one()
    # Where there are fewer different texts than were asked for, none is left to try.
    for _ in range(left):
        figures.add(f"{name} with none left to draw")
