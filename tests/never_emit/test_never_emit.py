"""Every item of the two lists of what must never be rendered, broken on purpose and refused by its code."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from never_emit.cases import CASES, Break
from never_emit.lists import GITOPS, KUBEEDGE, NOT_IN_RENDERED_OBJECTS
from never_emit.province import Province, argo, flux


@pytest.mark.parametrize("make", [flux, argo])
def test_the_province_that_tests_break_is_sound(make: Callable[[], Province]) -> None:
    """Without a fault there is no finding."""
    assert [diagnostic.message for diagnostic in make().diagnostics()] == []


@pytest.mark.parametrize(
    ("code", "break_it", "make"),
    [
        pytest.param(code, break_it, make, id=f"{name} {item}: {title}")
        for name, item, title, code, break_it, make in CASES
    ],
)
def test_what_must_never_be_rendered_is_refused(
    code: str, break_it: Break, make: Callable[[], Province]
) -> None:
    """One item of the list, broken on purpose, is found under its own code."""
    province = make()
    break_it(province)
    assert code in province.codes()


@pytest.mark.parametrize(("name", "items"), [("kubeedge", KUBEEDGE), ("gitops", GITOPS)])
def test_every_item_is_covered_or_has_a_reason(name: str, items: dict[int, str]) -> None:
    """No item of a list is forgotten."""
    covered = {case[1] for case in CASES if case[0] == name}
    explained = {item for where, item, _ in NOT_IN_RENDERED_OBJECTS if where == name}
    assert covered | explained == set(items)
    assert explained - covered <= {3, 13, 14}, "only what needs two trees has no case at all"


def test_dollar_braces_are_left_alone() -> None:
    """Nothing substitutes variables, so ``${...}`` in a script or in configuration is what it says."""
    province = flux()
    province.get("ConfigMap")["data"]["start.sh"] = "echo ${HOME}\n"
    assert province.codes() == set()
