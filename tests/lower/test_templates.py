"""What templates may write: text that is the same at every run, or a refusal at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from objects import one, pod_spec
from small import compile_components, component


def env(tmp_path: Path, text: str) -> str:
    """The value of an environment variable with the template ``text``."""
    compiled = compile_components(tmp_path, component(env={"A": text}))
    value: str = pod_spec(one(compiled, "Deployment"))["containers"][0]["env"][0]["value"]
    return value


def refusal(tmp_path: Path, text: str) -> str:
    """What is said about the template ``text``."""
    compiled = compile_components(tmp_path, component(env={"A": text}))
    (error,) = compiled.errors
    assert error.code.id == "MP5001"
    return error.message.removeprefix("the template cannot be filled: ")


@pytest.mark.parametrize(
    "text",
    [
        "{{ station.nodes | map(attribute='name') }}",
        "{% if true %}{{ station.labels.items }}{% endif %}",
        "{{ station.nodes }}",
        "{{ values }}",
    ],
)
def test_what_has_no_text_of_its_own_is_refused(tmp_path: Path, text: str) -> None:
    """Python would write addresses of memory, other ones at every run, or its own notation."""
    assert "cannot be written" in refusal(tmp_path, text)


@pytest.mark.parametrize("text", ["{{ station.stake }}", "at {{ station.stake | default }}"])
def test_a_value_that_is_not_set_is_never_written_as_none(tmp_path: Path, text: str) -> None:
    """A config file that says `stake: None` starts a program with a wrong stake mark."""
    assert "not set" in refusal(tmp_path, text)


def test_a_value_that_is_not_set_may_have_a_default(tmp_path: Path) -> None:
    """Optional attributes of a station are None until somebody sets them."""
    assert env(tmp_path, "{{ station.stake or 'none' }}") == "none"


@pytest.mark.parametrize("character", [r"\ue000station\ue001", r"\ud800"])
def test_escapes_make_no_character_that_a_spec_could_not_hold(tmp_path: Path, character: str) -> None:
    """Such characters are refused in files; string literals of a template are no way around."""
    assert "character" in refusal(tmp_path, f'{{{{ "{character}" }}}}')


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{ station.nodes | map(attribute='name') | join(' ') }}", "a1 a2"),
        ("{{ station.nodes | length }}", "2"),
        ("{{ station.nodes | map(attribute='name') | list | tojson }}", '["a1", "a2"]'),
        ("{% for n in station.nodes %}{{ n.name }};{% endfor %}", "a1;a2;"),
        ("{{ group.road.code }}-{{ station.name }}", "G4-a"),
        ("{{ station.name == 'a' }}", "true"),
    ],
)
def test_text_numbers_and_joined_lists_are_written(tmp_path: Path, text: str, value: str) -> None:
    """The documented values, with Jinja's filters."""
    assert env(tmp_path, text) == value


@pytest.mark.parametrize("text", ["{{ station.name.upper }}", "{{ station.stake.km }}", "{{ values.lanes }}"])
def test_a_name_that_leads_nowhere_is_named(tmp_path: Path, text: str) -> None:
    """The message repeats the name as it was written."""
    assert text.strip("{ }").rpartition(".")[2] in refusal(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ station.name + 1 }}", "+ does not work on a text and a number"),
        ("{{ 1 - station.name }}", "- does not work on a number and a text"),
        ("{{ station.name < 2 }}", "< does not work on a text and a number"),
        ("{{ station.name * 2 }}", "* does not work on a text and a number"),
        ("{{ station.nodes + 2 }}", "+ does not work on a list and a number"),
    ],
)
def test_an_operator_is_refused_in_words_of_the_spec(tmp_path: Path, text: str, said: str) -> None:
    """Python's own names for kinds of values help nobody who writes YAML."""
    assert said in refusal(tmp_path, text)
