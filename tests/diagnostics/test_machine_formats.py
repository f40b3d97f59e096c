"""JSON, SARIF and GitHub annotations: shapes that programs rely on."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.samples import ALL, FILES, LOUD, OLD, QUIET, TWICE, sources
from milepost.diagnostics import Diagnostic, Related, Span
from milepost.diagnostics.formats import github, sarif
from milepost.diagnostics.formats import json as json_format

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def test_json_is_a_versioned_object() -> None:
    """The keys are a promise; a change of meaning counts ``version`` up."""
    found = json.loads(json_format.render(ALL, sources))
    assert found["version"] == 1
    assert found["summary"] == {"errors": 2, "warnings": 1}
    assert found["diagnostics"][1] == {
        "code": "MP9001",
        "title": "Name given twice",
        "severity": "error",
        "message": 'the key "name" is given twice',
        "hint": "keep one of the two",
        "place": {"path": "a.yaml", "line": 3, "column": 1, "endLine": 3, "endColumn": 5},
        "related": [
            {
                "message": "first given here",
                "place": {"path": "a.yaml", "line": 2, "column": 1, "endLine": 2, "endColumn": 5},
            }
        ],
    }
    assert found["diagnostics"][0]["place"] is None


def test_machine_output_for_nothing_is_still_an_object() -> None:
    """A reader need not know about a special case."""
    assert json.loads(json_format.render([], sources))["diagnostics"] == []
    assert json.loads(sarif.render([], sources))["runs"][0]["results"] == []
    assert github.render([], sources) == ""


def run_of(diagnostics: list[Diagnostic], files: dict[str, str] = FILES) -> dict[str, Any]:
    log = json.loads(sarif.render(diagnostics, files.get))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    return run  # type: ignore[no-any-return]


def test_sarif_has_what_the_standard_and_github_require() -> None:
    """Driver and rules, and for each result its rule, level, text, place and fingerprint."""
    run = run_of(ALL)
    driver = run["tool"]["driver"]
    assert driver["name"] == "Milepost"
    assert [rule["id"] for rule in driver["rules"]] == ["MP9001", "MP9002"]
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert "Example" in rule["help"]["text"]
        assert "```" in rule["help"]["markdown"]
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", rule["name"])
        assert rule["defaultConfiguration"]["level"] in ("error", "warning")
    assert run["columnKind"] == "unicodeCodePoints"
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning")
        assert result["message"]["text"]
        (location,) = result["locations"]
        region = location["physicalLocation"]["region"]
        assert all(number >= 1 for number in region.values())
        assert re.fullmatch(r"[0-9a-f]{64}:[0-9]+", result["partialFingerprints"]["milepost/v1"])


def test_sarif_paths_are_uris() -> None:
    """Other characters are percent-encoded; an absolute path becomes a file URI."""
    run = run_of([OLD, Diagnostic(LOUD, "m", Span("/srv/a b.yaml"))])
    uris = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]]
    assert uris == ["%E9%95%BF%E6%B2%99/b.yaml", "file:///srv/a%20b.yaml"]


def test_sarif_related_places_are_related_locations() -> None:
    """With an id and their own text."""
    (related,) = run_of([TWICE])["results"][0]["relatedLocations"]
    assert related["id"] == 1
    assert related["message"]["text"] == "first given here"
    assert related["physicalLocation"]["region"]["startLine"] == 2


def test_sarif_notes_what_has_no_place_beside_the_results() -> None:
    """GitHub refuses a file with a result that has no location."""
    run = run_of(ALL)
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("there is no fleet spec here")
    assert note["descriptor"]["id"] == "MP9001"
    assert len(run["results"]) == 2


def fingerprints(diagnostics: list[Diagnostic], files: dict[str, str] = FILES) -> list[str]:
    return [r["partialFingerprints"]["milepost/v1"] for r in run_of(diagnostics, files)["results"]]


def test_a_line_that_moves_keeps_its_fingerprint() -> None:
    """Otherwise a dismissed alert comes back whenever somebody adds a comment above it."""
    moved = {"a.yaml": "# a\n# b\n" + FILES["a.yaml"]}
    further = Diagnostic(LOUD, TWICE.message, Span("a.yaml", 5, 1, 5, 5), TWICE.hint)
    assert fingerprints([TWICE]) == fingerprints([further], moved)


def test_different_faults_have_different_fingerprints() -> None:
    """By code, path, message, line and, where all of these are equal, by order."""
    others = [
        Diagnostic(QUIET, TWICE.message, TWICE.span),
        Diagnostic(LOUD, "another", TWICE.span),
        Diagnostic(LOUD, TWICE.message, Span("长沙/b.yaml", 1, 1, 1, 2)),
        Diagnostic(LOUD, TWICE.message, Span("a.yaml", 2, 1, 2, 5)),
        TWICE,
        TWICE,
    ]
    assert len(set(fingerprints(others))) == len(others)


def test_sarif_stays_within_githubs_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors are kept, and a note says how many are left out. The limit is 25,000; here it is three."""
    assert sarif.MOST_RESULTS == 25_000
    monkeypatch.setattr(sarif, "MOST_RESULTS", 3)
    run = run_of([OLD, OLD, OLD, TWICE])
    assert [r["ruleId"] for r in run["results"]] == ["MP9001", "MP9002", "MP9002"]
    note = run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]
    assert note == "1 more results are left out"


def test_github_annotations() -> None:
    """The command, its place, the title, and a text with the related place and the hint."""
    assert github.render([TWICE], sources) == (
        "::error file=a.yaml,line=3,endLine=3,col=1,endColumn=5,title=MP9001 Name given twice::"
        'the key "name" is given twice%0Afirst given here: a.yaml:2:1%0Ahelp: keep one of the two\n'
    )


def test_github_columns_only_on_one_line() -> None:
    """GitHub refuses columns where a place has several lines."""
    text = github.render([Diagnostic(LOUD, "m", Span("a.yaml", 1, 3, 2, 4))], sources)
    assert text.startswith("::error file=a.yaml,line=1,endLine=2,title=")


def test_github_escapes_what_would_end_a_property_or_the_line() -> None:
    """Percent, line ends, and in properties colons and commas."""
    text = github.render([Diagnostic(LOUD, "50%: a, b\r\nc", Span("a,b:c%.yaml"))], sources)
    assert text.startswith("::error file=a%2Cb%3Ac%25.yaml,")
    assert text.endswith("::50%25: a, b%0D%0Ac\n")


def test_github_shows_the_worst_ten_and_says_how_many_more() -> None:
    """Errors before warnings; the rest are lines of the log that no runner takes for commands."""
    many = [Diagnostic(OLD.code, f"old {'abcde'[n]}") for n in range(5)] + [
        Diagnostic(LOUD, f"m{n}", Span("::error::.yaml")) for n in range(12)
    ]
    lines = github.render(many, sources).splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["::error"] * 10 + ["::notice"] + ["-"] * 7
    assert lines[10].endswith("::7 more in the log of this step")


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=14))
def test_no_text_breaks_a_format(parts: list[tuple[str, str, str]]) -> None:
    """JSON reads back, and in GitHub's log each line is a command or a plain line, one for each of the worst ten."""
    found = [Diagnostic(LOUD, m, Span(p), h, (Related(h, Span(p)),)) for m, p, h in parts]
    back = json.loads(json_format.render(found, sources))["diagnostics"]
    assert [(d["message"], d["place"]["path"], d["hint"]) for d in back] == [tuple(part) for part in parts]
    assert len(run_of(found)["results"]) == len(found)
    lines = github.render(found, sources).removesuffix("\n").split("\n")
    assert len(lines) == len(found) if len(found) <= 10 else 12 <= len(lines) <= len(found) + 1
    assert all(re.match(r"::error file=[^,:]*,line=1,|::notice |- ", line) for line in lines)
