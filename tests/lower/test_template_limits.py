"""A template takes a bounded amount of work and memory, counted alike everywhere, and is refused beyond that."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest

from milepost.model.template import BadTemplateError, TemplateLimitError, renderer, roots
from milepost.model.template.language import FILTERS, LIST_METHODS, MAPPING_METHODS, TESTS, TEXT_METHODS
from milepost.model.template.quoting import QUOTING
from milepost.model.template.work import STEPS, TEXT
from small import compile_components, component

pytestmark = pytest.mark.slow

VALUES = {
    "station": {"name": "a", "nodes": [{"name": f"n{i}", "roles": ["lane"]} for i in range(10)]},
    "values": {"lanes": 4, "names": "a,b", "nothing": ""},
}


def filled(text: str) -> str:
    roots(text)
    return renderer(text)(VALUES)


def again(statement: str, start: str = "'ab'") -> str:
    """``x`` is ``start``, and then forty times what ``statement`` makes of it."""
    return f"{{% set x = {start} %}}" + statement * 40 + "{{ x | length }}"


LOOPS = "{% for n in station.nodes %}" * 8 + "{{ n.name }}" + "{% endfor %}" * 8


@pytest.mark.parametrize(
    "text",
    [
        LOOPS,
        LOOPS.replace("{{ n.name }}", ""),
        LOOPS.replace("station.nodes", "'0123456789'").replace("{{ n.name }}", ""),
        LOOPS.replace("station.nodes", "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]").replace("{{ n.name }}", ""),
        "{% for n in station.nodes %}" * 3 + "y" * 10_000 + "{% endfor %}" * 3,
        again("{% set x = x ~ x %}"),
        again("{% set x = x + x %}"),
        again("{% set x = x + x %}", "[1]"),
        again("{% set x = x * x %}", "3"),
        again("{% set x = x | replace('a', x) %}"),
        again("{% set x = x | replace(new=x, old='a') %}"),
        again("{% set x = x.replace('', x) %}"),
        again("{% set x = [x, x, x] | join(x) %}"),
        again("{% set x = [x, x, x] | join(attribute=0, d=x) %}"),
        again("{% set x = x.join([x, x, x]) %}"),
        again("{% set x = '%s%s' % (x, x) %}"),
        again("{% set x %}{{ x }}{{ x }}{% endset %}"),
        again("{% set x = [x, x] %}", "[1]") + "{{ x | tojson }}",
        again("{% set x = {'a': x, 'b': x} %}", "[1]") + "{{ x | string }}",
        again("{% set x = [1] | batch(3, x) | list %}", "[1]") + "{{ x | tojson }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%.1000000000f' % 1 }}",
        "{{ '%*d' % (1000000000, 1) }}",
        "{{ 'a'.zfill(1000000000) }}",
        "{{ 'a'.center(1000000000) }}",
        "{{ [1] | batch(1000000000, 'x') | list }}",
        "{{ [1] | slice(1000000000) | list }}",
        "{{ 1 | round(-1000000000) }}",
        "{{ 1 | round(1000000000, 'ceil') }}",
        "{{ [1] | tojson(indent=1000000000) }}",
        "{% macro m(x) %}{{ m(x) ~ m(x) }}{% endmacro %}{{ m(1) }}",
        "{% macro m() %}{{ m(varargs, varargs) }}{% endmacro %}{{ m() }}",
        "{% for n in station.nodes %}" * 4 + "{{ values.nothing }}" * 4_000 + "{% endfor %}" * 4,
        "{% macro m() %}" + "{{ values.nothing }}" * 4_000 + "{% endmacro %}" + "{{ m() }}" * 1000,
    ],
)
def test_endless_work_is_refused(text: str) -> None:
    """Within moments, and before the memory is taken."""
    with pytest.raises(TemplateLimitError):
        filled(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ 5 .to_bytes(1000000000, 'big') }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ 'a'.expandtabs(1000000000) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 999999999 }}",
        "{{ range(1000000000) | list }}",
        "{{ " + "9" * 5000 + " }}",
        "{{ " + "(" * 900 + "1" + ")" * 900 + " }}",
        "{{ values.nothing }}" * 12_000,
        "{% for n in station.nodes recursive %}{{ loop(station.nodes) }}{% endfor %}",
        "{{ ''.__class__.__mro__ }}",
        "{{ [station.name.upper] | join }}",
        "{{ station.name.upper ~ '' }}",
        "{{ '%s' % station.name.upper }}",
        "{{ station.nodes | map(attribute='name.upper') | join }}",
    ],
)
def test_what_could_take_anything_or_show_an_address_is_refused(text: str) -> None:
    """Whatever the reason, it is one that the author is told."""
    with pytest.raises(BadTemplateError):
        filled(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{ '%02d' % values.lanes }} {{ (values.lanes | string).zfill(3) }}", "04 004"),
        ("{% for n in station.nodes %}{{ n.name }}{{ ',' if not loop.last }}{% endfor %}", "n0,n1,n2,n3,n4,n5,n6,n7,n8,n9"),
        ("{% for n in values.names.split(',') %}{{ loop.index }}/{{ loop.length }} {% endfor %}", "1/2 2/2 "),
        ("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(1) ~ m('b') }}", "<1><b>"),
        ("{% set a = [1] + [2, 3] %}{{ a | join }}", "123"),
        ("{{ station.nodes | selectattr('name', 'in', ['n1', 'n2']) | map(attribute='name') | join(',') }}", "n1,n2"),
        ("{{ values.nope | default('d') }}{{ values.nope is defined }}", "dfalse"),
        ("{% filter upper %}abc{% endfilter %}", "ABC"),
        ("{{ {'b': 1, 'a': 2} | tojson }}", '{"a": 2, "b": 1}'),
    ],
)  # fmt: skip
def test_counting_changes_no_text(text: str, value: str) -> None:
    """What is ordinary goes on meaning what Jinja means by it."""
    assert filled(text) == value


def test_a_text_of_the_largest_size_is_made_and_one_more_character_is_not() -> None:
    """On both ways: templates that only name values, and those that do more."""
    values = {"station": {"name": "x" * (TEXT - 1)}}
    for more, ok in (("a", True), ("ab", False)):
        for text in ("{{ station.name }}" + more, "{% if true %}{{ station.name }}{% endif %}" + more):
            try:
                assert len(renderer(text)(values)) == TEXT and ok
            except TemplateLimitError:
                assert not ok


def test_every_offered_name_is_one_of_jinja() -> None:
    """The list in the reference promises nothing that is not there."""
    plain = jinja2.Environment(autoescape=True)
    assert set(plain.filters) | set(QUOTING) >= FILTERS
    assert not set(plain.filters) & set(QUOTING)
    assert set(plain.tests) >= TESTS
    for kind, names in ((str, TEXT_METHODS), (dict, MAPPING_METHODS), (list, LIST_METHODS)):
        assert all(hasattr(kind, name) for name in names)


@pytest.mark.parametrize("statement", ["include 'x'", "import 'x' as x", "from 'x' import y", "extends 'x'"])
def test_other_templates_are_refused_with_the_line(statement: str) -> None:
    """Jinja would say that it has no loader."""
    with pytest.raises(BadTemplateError, match="cannot read other templates") as caught:
        roots(f"a\nb\n{{% {statement} %}}")
    assert caught.value.line == 3
    assert caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "\n{{ values.nope }}",
        "\n{% if true %}{{ values.nope }}{% endif %}",
        "\n{{ values['nope'] }}\n\n{{ 1 ~ 2 }}",
    ],
)
def test_a_fault_has_its_line(text: str) -> None:
    """Of the template, whichever way it is filled."""
    with pytest.raises(BadTemplateError) as caught:
        renderer(text)(VALUES)
    assert caught.value.line == 2


def test_a_template_that_took_too_much_is_not_tried_at_every_station(tmp_path: Path) -> None:
    """It would take as long at each; the message names the first."""
    stations = "name,group,type\n" + "".join(f"s{i:03},g4,toll-station\n" for i in range(100))
    nodes = "name,station,profile,roles\n" + "".join(f"n{i:03},s{i:03},box,server\n" for i in range(100))
    endless = "{% for a in station.name %}" * 9 + "{% endfor %}" * 9
    compiled = compile_components(tmp_path, component(env={"A": endless}), stations=stations, nodes=nodes)
    (error,) = compiled.errors
    assert f"more than {STEPS:,} steps" in error.message
    assert [related.message for related in error.related] == ["at station s000"]


@pytest.mark.parametrize(
    "text",
    [
        '{{ "inf" | float | int }}',
        '{{ "nan" | float }}',
        "{{ 1e400 }}",
        "{{ 1e400 | int }}",
        '{{ -("inf" | float) }}',
        '{% for n in station.nodes %}{{ "inf" | float }}{% endfor %}',
    ],
)
def test_a_number_that_is_none_is_refused(text: str) -> None:
    """Python's `inf` and `nan` are no numbers of any config file, and Jinja trips over them where it works ahead."""
    with pytest.raises(BadTemplateError, match=r"infinite|a float"):
        filled(text)
