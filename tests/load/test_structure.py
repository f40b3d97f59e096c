"""Keys, merges, aliases, depth: the structure of YAML, strict where readers differ and bounded where files are hostile."""

from __future__ import annotations

import gc
import resource
import time

import pytest

from load.reading import covered, documents, ids
from milepost.diagnostics import Sink
from milepost.gc_pause import gc_paused
from milepost.load.yaml.construct import DEEPEST, construct


def test_a_key_given_twice_shows_both_places() -> None:
    """The second is the fault, the first is related."""
    text = "spec:\n  name: a\n  size: 1\n  name: b\n"
    found, faults = documents(text)
    assert ids(faults) == ["MP1011"]
    assert str(faults[0].span) == "spec.yaml:4:3"
    assert str(faults[0].related[0].span) == "spec.yaml:2:3"
    assert found[0].value["spec"]["name"] == "a"


@pytest.mark.parametrize("key", ["8080", "true", "1.10", "null", "0755", ".inf", "[a]", "{a: b}", "&k 12"])
def test_a_key_that_is_not_text_is_refused_once(key: str) -> None:
    """Numbers, truth values, null, lists and mappings as keys are one fault each."""
    _, faults = documents(f"a: 1\n{key}: x\n")
    assert ids(faults) == ["MP1012"]


def test_words_that_are_text_are_keys() -> None:
    """``on:`` is no truth value, here as in values."""
    found, faults = documents('on: 1\nyes: 2\n2026-01-02: 3\n"8080": 4\n')
    assert list(found[0].value) == ["on", "yes", "2026-01-02", "8080"]
    assert not faults


def test_merges_fill_in_what_is_not_given() -> None:
    """What is written wins, then the earlier of several merged mappings."""
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 0\n"
    found, faults = documents(text)
    assert found[0].value["c"] == {"x": 0, "y": 1, "z": 2}
    assert not faults


def test_a_quoted_merge_key_is_a_key() -> None:
    """Only the plain ``<<`` merges."""
    found, _ = documents('"<<": 1\n')
    assert found[0].value == {"<<": 1}


@pytest.mark.parametrize("merged", ["gantry", "[1]", "null", "[{a: 1}, x]"])
def test_a_merge_of_anything_but_mappings_is_refused(merged: str) -> None:
    """``<<`` takes a mapping or a list of mappings."""
    _, faults = documents(f"labels:\n  <<: {merged}\n")
    assert ids(faults) == ["MP1018"]


@pytest.mark.parametrize("text", ["a: *b\n", "a: &b [*b]\n", "a: &b {c: {d: *b}}\n", "a: &b 1\n---\nc: *b\n"])
def test_an_alias_to_nothing_or_into_itself_is_refused(text: str) -> None:
    """Aliases point back, within their document, at something that is complete."""
    _, faults = documents(text)
    assert ids(faults) == ["MP1013"]
    assert covered(faults[0].span, text) == "*b"


def test_an_anchor_may_be_set_again() -> None:
    """The nearest one above counts, as YAML says."""
    found, faults = documents("a: &x 1\nb: &x 2\nc: *x\n")
    assert found[0].value["c"] == 2
    assert not faults


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines)


def merge_chain(length: int) -> str:
    lines = ["m0: &m0 {k0: v}", *(f"m{n}: &m{n} {{<<: *m{n - 1}, k{n}: v}}" for n in range(1, length))]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text", [bomb(9), bomb(60), merge_chain(5000)], ids=["bomb", "tall bomb", "merge chain"]
)
def test_aliases_cannot_blow_up_a_file(text: str) -> None:
    """A billion laughs and a quadratic chain of merges end in one diagnostic, in little time and memory."""
    before, memory = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _, faults = documents(text)
    assert ids(faults) == ["MP1017"]
    assert time.process_time() - before < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 200_000


def test_ordinary_sharing_is_no_bomb() -> None:
    """Two thousand rows that merge the same defaults are fine."""
    text = "base: &b {x: 1, y: 2, z: 3}\nrows:\n" + "".join(
        f"  - {{<<: *b, name: n{n}}}\n" for n in range(2000)
    )
    found, faults = documents(text)
    assert not faults
    assert len(found[0].value["rows"]) == 2000


def nested(levels: int, shape: str) -> str:
    if shape == "flow":
        return "v: " + "[" * levels + "]" * levels
    if shape == "dashes":
        return "v:\n " + "- " * levels + "x"
    return "\n".join(" " * level + "k:" for level in range(levels))


@pytest.mark.parametrize("shape", ["flow", "dashes", "keys"])
def test_depth_is_bounded(shape: str) -> None:
    """Ninety levels are read; a hundred and ten, and a hundred thousand, are one fault and no crash."""
    assert not documents(nested(DEEPEST - 10, shape))[1]
    assert ids(documents(nested(DEEPEST + 10, shape))[1]) == ["MP1017"]
    assert ids(documents(nested(100_000 if shape == "flow" else 3000, shape))[1])[0] in ("MP1017", "MP1010")


def test_depth_counts_through_aliases() -> None:
    """Levels that an alias brings in are levels."""
    text = "a: &a " + "[" * 60 + "]" * 60 + "\nb: " + "[" * 60 + "*a" + "]" * 60
    assert ids(documents(text)[1]) == ["MP1017"]


def test_faults_are_collected_in_one_go() -> None:
    """Every fault of meaning in a file is reported, not only the first."""
    _, faults = documents("a: 0755\na: .inf\n8: x\nb: *c\nd: !x y\n")
    assert sorted(ids(faults)) == ["MP1011", "MP1012", "MP1013", "MP1014", "MP1015", "MP1016"]


def test_many_documents_and_empty_ones() -> None:
    """Empty documents are left out; the others keep their own places."""
    found, faults = documents("---\n---\na: 1\n---\n# only a comment\n---\nb: 2\n...\n")
    assert [d.value for d in found] == [{"a": 1}, {"b": 2}]
    assert [d.key_span(*d.value).line for d in found] == [3, 7]
    assert not faults


@pytest.mark.parametrize("text", ["- a\n", "just text\n", "12\n"])
def test_a_document_is_a_mapping(text: str) -> None:
    """Anything else is a fault of its own, at its place."""
    _, faults = documents(text)
    assert ids(faults) == ["MP1023"]


@pytest.mark.parametrize("enabled", [True, False])
def test_garbage_collection_is_as_it_was_afterwards(enabled: bool) -> None:
    """Parsing pauses it and gives it back, also where it was off already."""
    was = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        with gc_paused():
            assert not gc.isenabled()
            construct("a: [", "x.yaml", Sink())
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if was else gc.disable)()
