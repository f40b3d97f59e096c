"""Patches of specs fit in one place or are refused; those of trees hold what a change does and nothing that is shared."""

from __future__ import annotations

import re

import pytest

from cases import claims, spec_patch, tree_patch

SPEC = {"a.yaml": "one: 1\ntwo: 2\nlist:\n- x\n- x\n"}


def test_a_hunk_changes_the_lines_that_it_names() -> None:
    """Wherever they stand; what is around them may change."""
    patch = "--- a.yaml\n+++ a.yaml\n-two: 2\n+two: 3\n list:\n"
    assert spec_patch.apply(patch, SPEC)["a.yaml"] == "one: 1\ntwo: 3\nlist:\n- x\n- x\n"


def test_lines_that_are_only_added_go_to_the_end() -> None:
    patch = "--- a.yaml\n+++ a.yaml\n+three: 3\n"
    assert spec_patch.apply(patch, SPEC)["a.yaml"] == SPEC["a.yaml"] + "three: 3\n"


def test_files_come_go_and_move() -> None:
    patch = "--- a.yaml\n+++ /dev/null\n--- /dev/null\n+++ b.yaml\n+new: 1\n"
    assert spec_patch.apply(patch, SPEC) == {"b.yaml": "new: 1\n"}
    assert spec_patch.apply("--- a.yaml\n+++ c.yaml\n", SPEC) == {"c.yaml": SPEC["a.yaml"]}


@pytest.mark.parametrize(("lines", "times"), [("-- x\n", 2), ("-wo: 2\n", 0), ("-three: 3\n", 0)])
def test_a_hunk_that_fits_nowhere_or_twice_is_refused(lines: str, times: int) -> None:
    with pytest.raises(ValueError, match=f"holds these lines {times} times"):
        spec_patch.apply(f"--- a.yaml\n+++ a.yaml\n{lines}", SPEC)


@pytest.mark.parametrize("patch", ["one: 1\n", "--- a.yaml\n+++ a.yaml\none: 1\n"])
def test_what_is_no_patch_is_refused(patch: str) -> None:
    """Also a line of a hunk without a sign."""
    with pytest.raises(ValueError, match="begins with"):
        spec_patch.apply(patch, SPEC)


def test_the_same_tree_has_no_patch() -> None:
    files = claims.compiled(None).files
    assert tree_patch.patch(files, files) == ""


def test_every_file_that_differs_is_in_the_patch() -> None:
    """By its name, also one that is gone."""
    old, new = (
        {"n/a.tsv": b"a\n", "n/b.tsv": b"b\n", "n/c.tsv": b"c\n"},
        {"n/b.tsv": b"B\n", "n/c.tsv": b"c\n"},
    )
    assert tree_patch.patch(old, new).count("--- n/") == 2
    assert tree_patch.patch(old, new) != tree_patch.patch(new, old)


def test_objects_that_change_places_are_told() -> None:
    one, two = b"kind: A\nmetadata:\n  name: one\n", b"kind: A\nmetadata:\n  name: two\n"
    old, new = {"n/a.yaml": one + b"---\n" + two}, {"n/a.yaml": two + b"---\n" + one}
    assert "order: A two, A one" in tree_patch.patch(old, new)


def test_a_line_of_every_pod_rewrites_next_to_no_claim() -> None:
    """All trees get one more line in every pod: only claims whose objects are like no others hold it."""
    rewritten = [name for name in claims.names() if not claims.claim(name).refused and not _holds(name)]
    assert len(rewritten) <= 4, rewritten


def _holds(name: str) -> bool:
    old, new = (claims.compiled(n).files for n in (claims.claim(name).parent, name))
    return tree_patch.patch(_with_line(old), _with_line(new)) == tree_patch.patch(old, new)


def _with_line(files: dict[str, bytes]) -> dict[str, bytes]:
    line = re.compile(rb"^( *)automountServiceAccountToken: false\n", re.M)
    return {path: line.sub(rb"\g<0>\1hostUsers: true\n", data) for path, data in files.items()}
