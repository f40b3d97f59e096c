"""Data paths -> spans: of values, of keys, and of what is not there."""

from __future__ import annotations

import pickle

import pytest

from load.reading import covered, documents
from milepost.load.yaml.outline import YamlOutline
from milepost.model.document import SpecDocument

TEXT = """\
# a comment
kind: Application
spec:
  image: redis   # pinned elsewhere
  empty:
  title: "Changtan, north"
  ports:
    - name: http
      port: 80

    # the next one
    - {name: tcp, port: 81}
  names: [a, b]
  text: |
    first
    second

  none:
    -
    - x
  base: &base
    cpu: 100m
    memory: 64Mi
  derived:
    <<: *base
    cpu: 200m
  again: *base
  长: 潭
"""


@pytest.fixture
def document() -> SpecDocument:
    found, faults = documents(TEXT)
    assert not faults
    return found[0]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("kind",), "Application"),
        (("spec", "image"), "redis"),
        (("spec", "title"), '"Changtan, north"'),
        (("spec", "ports", 0, "port"), "80"),
        (("spec", "ports", 1), "{name: tcp, port: 81}"),
        (("spec", "ports", 1, "port"), "81"),
        (("spec", "names"), "[a, b]"),
        (("spec", "names", 1), "b"),
        (("spec", "长"), "潭"),
    ],
)
def test_a_value_is_where_it_is_written(
    document: SpecDocument, path: tuple[str | int, ...], text: str
) -> None:
    """Quotes and brackets belong to the value; comments do not."""
    assert covered(document.span(*path), TEXT) == text


def test_a_key_has_a_place_of_its_own(document: SpecDocument) -> None:
    """For an unknown key."""
    assert covered(document.key_span("spec", "ports"), TEXT) == "ports"
    assert covered(document.key_span("spec", "ports", 1, "port"), TEXT) == "port"


def test_a_block_ends_at_its_last_character(document: SpecDocument) -> None:
    """Not at the next key, where YAML's own mark stands."""
    assert covered(document.span("spec", "ports"), TEXT).endswith("{name: tcp, port: 81}")
    assert covered(document.span("spec", "ports", 0), TEXT) == "name: http\n      port: 80"
    assert covered(document.span("spec", "text"), TEXT) == "|\n    first\n    second"
    assert covered(document.span(), TEXT).endswith("潭")


def test_an_empty_value_is_shown_by_its_key(document: SpecDocument) -> None:
    """YAML's own mark falls on the next line."""
    assert covered(document.span("spec", "empty"), TEXT) == "empty"


def test_an_empty_item_is_shown_by_its_dash(document: SpecDocument) -> None:
    """There is no key and no text."""
    assert covered(document.span("spec", "none", 0), TEXT) == "-"


def test_what_is_missing_is_shown_by_the_key_that_lacks_it(document: SpecDocument) -> None:
    """The deepest known ancestor answers, by its key if it has one."""
    assert covered(document.span("spec", "ports", 0, "protocol"), TEXT) == "name: http\n      port: 80"
    assert covered(document.span("spec", "base", "disk", "size"), TEXT) == "base"
    assert covered(document.span("spec", "ports", 9), TEXT) == "ports"
    assert covered(document.span("metadata"), TEXT).startswith("kind: Application")


def test_steps_of_the_wrong_kind_end_the_way(document: SpecDocument) -> None:
    """A number into a mapping or a name into a list leads nowhere and breaks nothing."""
    assert covered(document.span("spec", 0), TEXT) == "spec"
    assert covered(document.span("spec", "names", "a"), TEXT) == "names"
    assert covered(document.span("kind", -1), TEXT) == "kind"


def test_merged_and_aliased_values_stand_at_their_anchor(document: SpecDocument) -> None:
    """That is where their text is; what the mapping says itself stands there."""
    assert document.span("spec", "derived", "memory") == document.span("spec", "base", "memory")
    assert covered(document.key_span("spec", "derived", "memory"), TEXT) == "memory"
    assert covered(document.span("spec", "derived", "cpu"), TEXT) == "200m"
    assert covered(document.span("spec", "again", "cpu"), TEXT) == "100m"
    assert covered(document.key_span("spec", "again"), TEXT) == "again"


def test_places_are_the_same_with_windows_line_ends() -> None:
    """Columns count what people see."""
    ours, _ = documents(TEXT)
    theirs, _ = documents(TEXT.replace("\n", "\r\n"))
    for path in (("spec", "text"), ("spec", "ports"), ("spec", "empty"), ("spec", "长")):
        assert ours[0].span(*path) == theirs[0].span(*path)


def test_places_survive_the_way_to_a_worker(document: SpecDocument) -> None:
    """A document is pickled with its text and without what was worked out from it."""
    before = document.span("spec", "ports", 1)
    copy = pickle.loads(pickle.dumps(document))
    assert copy.value == document.value
    assert copy.span("spec", "ports", 1) == before


def test_a_document_that_is_not_there_has_the_files_beginning() -> None:
    """A place never raises, whatever is asked."""
    assert YamlOutline("a: 1\n", "x.yaml").span(YamlOutline("a: 1\n", "x.yaml").document(3)).line == 1


@pytest.mark.parametrize("value", ["[]", "{}", "12", "null", "true", "{name: [1]}"])
def test_kind_and_name_are_text_whatever_stands_there(value: str) -> None:
    """Odd values are for validate to refuse; asking for the name does not raise."""
    found, _ = documents(f"kind: {value}\nmetadata: {value}\n")
    assert (found[0].kind, found[0].name) == ("", "")
