"""Simple templates, which are filled without Jinja: the very text that Jinja makes, or none at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.model.template import simple
from milepost.model.template.bad import BadTemplateError
from milepost.model.template.fill import _jinja, _parsed

NODES = "{% for node in station.nodes %}\n  - {{ node.name }} at {{ station.stake }}\n{% endfor %}\n"
LANES = '{% for n in station.nodes if "lane" in n.roles %}{{ n.name }},{% endfor %}'
ROLES = "{% for role in station.roles %}{{ role }} {% endfor %}"
NOTHING = "{% for n in station.nodes %}\n{% endfor %}{% for n in station.nodes if 'a' in n.roles %}{# #}{% endfor %}"
PRODUCT = "{{ station.stake * 3600 }} {{ station.roles - 2 }}"
QUOTED = (
    "{{ station.stake | yaml }}{{ station.stake | json }}{{ station.stake | shell }}{{ station.stake | ini }}"
)
PROPERTIES = "{% for n in station.nodes %}{{ n.name | properties }}{% endfor %}"
PLAIN = "a {{ station.stake }}{{ station.nodes }}\n"
OTHERS = (
    "{{ station.stake + 1 }}",
    "{{ station.stake * 2.5 }}",
    "{{ station.stake * 9999999999 }}",
    "{{ station.a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v }}",
    "{% for n in station.nodes %}{{ loop.index }}{% endfor %}",
    "{% for n in station.nodes %}{% for r in n.roles %}{{ r }}{% endfor %}{% endfor %}",
    "{% for n in station.nodes %}{{ n.name | upper }}{% endfor %}",
    "{% for n in station.nodes %}{{ n.name }}{% else %}none{% endfor %}",
    '{% for n in station.nodes if n.name == "a" %}{{ n.name }}{% endfor %}',
    "{% for a, b in station.pairs %}{{ a }}{% endfor %}",
    "{% if station.stake %}{{ station.stake }}{% endif %}",
)
VALUES = {
    "station": {
        "stake": "K12+300",
        "roles": ("lane", "server"),
        "nodes": [{"name": "a", "roles": ("lane",)}, {"name": "b", "roles": ()}],
    }
}
_scalars = st.one_of(st.text(max_size=3), st.integers(), st.floats(), st.booleans(), st.none())
_roles = st.one_of(st.lists(st.sampled_from(["lane", "x"])), st.just(("lane",) * 60), _scalars)
_node = st.fixed_dictionaries({}, optional={"name": _scalars, "roles": _roles})
_nodes = st.one_of(st.lists(_node, max_size=4), st.just([{"name": "a", "roles": ()}] * 3), _scalars)
_stations = st.fixed_dictionaries({}, optional={"stake": _scalars, "nodes": _nodes, "roles": _roles})


def _filled(template: str, values: dict[str, Any]) -> str | None:
    fill = simple.filler(_parsed(template))
    assert fill is not None
    return fill(values)


@pytest.mark.parametrize("template", [NODES, LANES, ROLES, QUOTED, PROPERTIES])
def test_a_loop_over_documented_lists_needs_no_jinja(template: str) -> None:
    """What the generated fleets hold by the thousand is filled the fast way."""
    assert _filled(template, VALUES) == _jinja(template)(VALUES)


@pytest.mark.parametrize("template", OTHERS)
def test_any_other_statement_is_left_to_jinja(template: str) -> None:
    """Whatever looks at the loop, nests or filters is not understood, and not guessed at."""
    assert simple.filler(_parsed(template)) is None


@settings(max_examples=300, deadline=None)
@given(
    template=st.sampled_from([NODES, LANES, ROLES, NOTHING, PRODUCT, PLAIN, QUOTED, PROPERTIES]),
    station=_stations,
)
def test_the_text_is_jinjas_or_there_is_none(template: str, station: dict[str, Any]) -> None:
    """Over any values: where Jinja refuses there is no text, and where there is one it is the same."""
    values = {"station": station}
    try:
        expected: str | None = _jinja(template)(values)
    except BadTemplateError:
        expected = None
    found = _filled(template, values)
    assert found is None or found == expected


def test_a_loop_that_takes_too_long_is_left_to_jinja_which_refuses_it() -> None:
    """The limits of a text hold for both ways of filling it."""
    nodes = [{"name": "a"}] * 200_000
    template = "{% for node in station.nodes %}{{ node.name }}{% endfor %}"
    assert _filled(template, {"station": {"nodes": nodes}}) is None
