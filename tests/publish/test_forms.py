"""The forms of a review: bounded, escaped, complete, and the same every time."""

from __future__ import annotations

import json
import random
import re

import pytest

from milepost.publish import forms
from milepost.publish.forms import markdown
from milepost.publish.review import GuardRules, Review, review
from publish.forest import Planted, mutated, province, wild, workload
from publish.test_summary import TWO, replaced, reviewed, without

pytestmark = pytest.mark.slow

CHANGED = replaced(without(TWO, "hunan/groups/g4/a.yaml"), "value: info", "value: warn")


def crowded(objects: int, length: int = 20) -> Review:
    """Every object another name and another change, so that each needs a line of its own."""
    before, after = {}, {}
    for i in range(objects):
        path, name = f"p{i % 50}/groups/g{i % 9}/s{i}.yaml", f"o{i}-" + "n" * length
        before[path] = workload("Deployment", name, "g", "s", level=f"v{i}")
        after[path] = workload("Deployment", name, "g", "s", level=f"w{i}" + "|`<b>@all*_" * 9)
    return review(Planted(before), Planted(after), GuardRules())


@pytest.mark.parametrize("objects", [0, 1, 100, 400, 5_000])
def test_markdown_fits_into_a_comment_and_counts_what_it_leaves_out(objects: int) -> None:
    """Never cut silently: lines shown and lines counted make up all of them."""
    result = crowded(objects, length=200)
    text = markdown.render(result)
    assert len(text) <= markdown.LIMIT
    shown = len(re.findall(r"^- Deployment", text, re.M))
    more = re.search(r"\*\*([\d,]+) more lines\*\*", text)
    assert shown + (int(more[1].replace(",", "")) if more else 0) == objects
    assert f"{result.raw.lines:,} of {result.raw.lines:,} changed lines" in text or not objects
    assert not objects or result.raw.sha256 in text


@pytest.mark.parametrize("seed", range(40))
def test_no_tree_makes_markdown_too_long(seed: int) -> None:
    """Whatever it holds; and the workflow finds its comment by the first line."""
    rng = random.Random(seed)
    old = wild(rng)
    text = markdown.render(review(Planted(old), Planted(mutated(old, rng)), GuardRules()))
    assert len(text) <= markdown.LIMIT and text.startswith(markdown.MARKER + "\n")


def test_markdown_with_every_part_at_its_largest_still_fits() -> None:
    """Guards, plans and provinces take their share from the lines, not from the limit."""
    before = {}
    for i in range(300):
        name = f"province-{i}-" + "x" * 200
        before |= province(name, {f"group-{i}-" + "y" * 150: [f"station-{i}-" + "z" * 150, "other"]})
    after = {path: text for path, text in before.items() if "/other" in path or "milepost.json" in path}
    result = review(Planted(before), Planted(after), GuardRules())
    text = markdown.render(result)
    assert len(text) <= markdown.LIMIT
    assert "and 285 more" in text and "260 more provinces" in text


def test_markdown_calls_nobody_and_sets_nothing_that_a_tree_says() -> None:
    """Text from the trees stands in code spans."""
    text = markdown.render(crowded(3))
    bare = re.sub(r"(`+) .*? \1|`[^`\n]*`", "", text)
    assert "@all" not in bare and "<b>" not in bare


def test_the_most_dangerous_comes_first() -> None:
    """In every form that people read."""
    result = reviewed(TWO, CHANGED)
    for form in ("text", "markdown", "html"):
        text = forms.get(form).render(result).lower()
        assert text.index("deletes state") < text.index("restarts pods") < text.index("changed lines in")


def test_a_tripped_guard_comes_with_what_would_let_it_pass() -> None:
    """Ready to be copied into the fleet."""
    assert "    - removes: hunan/groups/g4/a.yaml\n      reason: …\n```" in markdown.render(
        reviewed(TWO, CHANGED)
    )


def test_html_is_one_page_that_needs_nothing() -> None:
    """No script, no address, and everything from the trees escaped."""
    text = forms.get("html").render(crowded(20))
    assert not re.search(r"<script|src=|href=|url\(", text)
    assert "<b>" not in text and "&lt;b&gt;" in text
    assert text.count("<li>") == 20


def test_json_says_what_the_other_forms_say() -> None:
    """Lines in the same order, numbers as numbers."""
    result = reviewed(TWO, CHANGED)
    read = json.loads(forms.get("json").render(result))
    assert read["schema"] == "milepost.dev/review/v1"
    assert read["tripped"] is True and read["guards"][0]["code"] == "MP7001"
    assert [line["severity"] for line in read["lines"]] == sorted(
        (line["severity"] for line in read["lines"]), reverse=True
    )
    assert sum(line["changedLines"] for line in read["lines"]) == read["coverage"]["lines"]
    assert read["provinces"]["guangdong"]["changed"] == 4


def test_every_form_is_the_same_every_time() -> None:
    """The order of files, and of what is in sets, shows nowhere."""
    shuffled = dict(sorted(TWO.items(), reverse=True)), dict(sorted(CHANGED.items(), reverse=True))
    for name in forms.names():
        render = forms.get(name).render
        assert render(reviewed(TWO, CHANGED)) == render(reviewed(*shuffled))


def test_a_form_that_does_not_exist_is_not_found() -> None:
    """Names are those of the files."""
    assert forms.names() == ("html", "json", "markdown", "raw", "text")
    with pytest.raises(LookupError):
        forms.get("pdf")
