"""Config files: what a template puts into one is quoted for its format, and what comes out can be parsed."""

from __future__ import annotations

import configparser
import json
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from compiling import Compilation
from milepost.lower.config_syntax import SyntaxChecks
from milepost.model.template import BadTemplateError, renderer
from objects import one
from small import compile_components, component

TWO = "name,group,type,title\na,g4,toll-station,Plain\nb,g4,toll-station,{}\n"
NODES = "name,station,profile,roles,slot\na1,a,box,server,0\nb1,b,box,server,0\n"
HARD = "Zhaoshan: North #2 \"quoted\" 'twice' back\\slash $(date) `id` ${HOME} %s 长沙 {{ }}"
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)


def compiled(root: Path, path: str, content: str, title: str = "Other", **more: Any) -> Compilation:
    """A config file at two stations, one of which has ``title``."""
    cell = '"' + title.replace('"', '""') + '"'
    files = [{"path": path, "content": content} | more]
    return compile_components(root, component(files=files), stations=TWO.format(cell), nodes=NODES)


def filled(template: str, value: object) -> str:
    return renderer(template)({"station": {"title": value}})


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/etc/a.yaml", "title: {{ station.title }}\n"),
        ("/etc/a.YML", "- {title: '{{ station.title }}'}\n"),
        ("/etc/a.json", '{"title": "{{ station.title }}"}\n'),
        ("/etc/a.toml", 'title = "{{ station.title }}"\n'),
    ],
)
def test_a_broken_file_is_refused_with_its_station(tmp_path: Path, path: str, content: str) -> None:
    """One of two stations has a title that breaks its file; the message names that one."""
    said = compiled(tmp_path, path, content, "It's: North #2 \"").said
    assert "error MP5002" in said
    assert "at station b" in said
    assert "at station a" not in said
    assert "warning MP2044: station.title" in said


@pytest.mark.parametrize(
    ("path", "filter_", "read"),
    [
        ("/etc/a.yaml", "yaml", lambda text: yaml.safe_load(text)["title"]),
        ("/etc/a.json", "json", lambda text: json.loads(text)["title"]),
        ("/etc/a.toml", "json", lambda text: tomllib.loads(text)["title"]),
    ],
)
def test_a_filter_brings_the_very_title_into_the_file(
    tmp_path: Path, path: str, filter_: str, read: Any
) -> None:
    """Whatever a title holds, the program reads that title, and nothing is said."""
    forms = {"yaml": "title: {}\n", "json": '{{"title": {}}}\n', "toml": "title = {}\n"}
    content = forms[path.rpartition(".")[2]].format(f"{{{{ station.title | {filter_} }}}}")
    found = compiled(tmp_path, path, content, HARD)
    assert not found.diagnostics
    data = one(found, "ConfigMap", "app-web-b")["data"]
    assert [read(text) for text in data.values()] == [HARD]


@pytest.mark.parametrize(
    ("form", "broken", "sound"),
    [
        ("yaml", "a: b: c", "a: !Mine b"),
        ("yaml", "a: [1", "---\na: 1\n---\nb: 2\n"),
        ("json", '{"a": 1,}', '{"a": [1, null, "x"]}'),
        ("json", '{"a": NaN}', "1"),
        ("toml", "a = b", 'a = "b"\n[c]\nd = 1979-05-27\n'),
        (
            "ini",
            "[front\nurl = x",
            "[front]\nurl = x ; why\nskip-name-resolve\n# more\nlist =\n  two words\n",
        ),
        ("ini", "[a]\nthree words here", "a: b"),
        ("properties", "a = \\u12", "a = \\u1234 \\\\u12"),
    ],
)
def test_each_format_is_parsed(form: str, broken: str, sound: str) -> None:
    """What no reader of the format takes is found; what is legal in one of its dialects is not."""
    checks = SyntaxChecks()
    assert checks.fault(form, broken) is not None
    assert checks.fault(form, sound) is None
    assert checks.fault("shell", broken) is None


@given(st.lists(st.text("ab1 -:#'\"[]{},|>&*!%\\\n", max_size=14), max_size=8))
def test_texts_of_one_shape_are_parsed_as_one_for_good_reason(pieces: list[str]) -> None:
    """Whatever was parsed before, YAML is refused exactly where a parser of its own refuses it."""
    checks = SyntaxChecks()
    for text in [*pieces, "".join(pieces), "".join(pieces).replace("a", "bbbb")]:
        assert bool(checks.fault("yaml", text)) == bool(SyntaxChecks().fault("yaml", text)), text


@given(
    st.lists(
        st.sampled_from(
            ['a = "x"', 'a = "y#"', "b = true", "b = tru", '["a"]', '["b"]', 'c = ["x]"]', 'd = "']
        ),
        max_size=6,
    )
)
def test_toml_of_one_shape_is_parsed_as_one_for_good_reason(lines: list[str]) -> None:
    """The same of TOML, where tables and keys may stand there once."""
    checks = SyntaxChecks()
    for text in (
        "\n".join(lines),
        "\n".join(lines).replace('"a"', '"b"'),
        "\n".join(lines).replace('"x"', '"yy"'),
    ):
        assert bool(checks.fault("toml", text)) == bool(SyntaxChecks().fault("toml", text)), text


def test_a_name_says_nothing_where_format_says_more(tmp_path: Path) -> None:
    """A template of another program may be called .yaml; a file called .conf may be JSON."""
    assert not compiled(
        tmp_path / "text", "/etc/a.yaml", "{% raw %}{{ x }}: }{% endraw %}", format="text"
    ).diagnostics
    assert "MP5002" in compiled(tmp_path / "json", "/etc/a.conf", "{", format="json").codes


@given(texts)
def test_yaml_and_json_are_read_as_the_text(title: str) -> None:
    """Any text that a spec may hold comes out as itself; TOML reads JSON's strings."""
    assert yaml.safe_load(filled("a: {{ station.title | yaml }}", title)) == {"a": title}
    assert json.loads(filled("{{ station.title | json }}", title)) == title
    assert tomllib.loads(filled("a = {{ station.title | json }}", title)) == {"a": title}


@given(texts.filter(lambda title: title.isprintable()))
def test_ini_is_read_as_the_text(title: str) -> None:
    """Python's reader keeps the quotes that other readers take away; with them away it is the text."""
    parser = configparser.RawConfigParser(inline_comment_prefixes=("#", ";"))
    line = filled("a = {{ station.title | ini }}", title)
    parser.read_string(f"[s]\n{line}\n") if '"' not in line else None
    value = line.removeprefix("a = ")
    if value.startswith('"'):
        value = json.loads(value)
    assert value == title
    assert '"' in line or parser["s"]["a"] == title


@given(texts)
def test_properties_are_ascii_and_read_as_the_text(title: str) -> None:
    """As Java reads them: escapes of four digits, in pairs beyond the first 65,536 characters."""
    value = filled("{{ station.title | properties }}", title)
    assert value.isascii()
    read = value.replace("\\ ", " ").encode().decode("unicode_escape")
    assert read.encode("utf-16", "surrogatepass").decode("utf-16") == title


@pytest.mark.slow
def test_a_shell_reads_the_text_as_one_word() -> None:
    """Nothing in it is run or expanded."""
    script = filled("printf %s {{ station.title | shell }}", HARD)
    assert subprocess.run(["sh", "-c", script], capture_output=True, check=True).stdout.decode() == HARD


@pytest.mark.parametrize("value", ["a\nb", "a\0b"])
def test_ini_refuses_what_it_cannot_hold(value: str) -> None:
    """A line break would begin another key."""
    with pytest.raises(BadTemplateError, match="INI"):
        filled("{{ station.title | ini }}", value)


def test_numbers_lists_and_nothing_have_a_form_in_yaml() -> None:
    """What is no text is written as the format has it."""
    for value in (1, 2.5, True, None, ["a: b", 1], {"k: 1": ["v"]}):
        assert yaml.safe_load(filled("{{ station.title | yaml }}", value)) == value


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("etc: {% if station.title %}on{% endif %}\nbarrier: closed\n", "etc: on\nbarrier: closed\n"),
        ("{% if station.title %}\non\n{% endif %}\nbarrier\n", "on\nbarrier\n"),
        ("  {% if station.title %}{% if true %}\non\n  {% endif %}{% endif %}\nb", "  on\n  b"),
        ("a {% raw %}{{ x }}{% endraw %}\nb\n", "a {{ x }}\nb\n"),
        ("{% raw %}\na {% if %}\n{% endraw %}\nb\n", "\na {% if %}\nb\n"),
        ("a {% if true -%}\n  b{% endif %}\r\nc", "a b\nc"),
        ("{% if true %}{# why #}\nb{% endif %}\n", "b\n"),
        ("a {# why #}\nb {# because\nof it #}\nc\n{# and\nthat #}\nd", "a \nb \nc\nd"),
    ],
)
def test_a_line_break_goes_only_with_a_line_of_statements(template: str, text: str) -> None:
    """A statement that shares its line with text leaves the end of that line alone; `-` still takes all blanks."""
    assert filled(template, "x") == text


@pytest.mark.parametrize("template", ["n=${#LANES}\nrest=${LANES%#}\n", "{#each}\n#}", "a {# b"])
def test_what_is_no_comment_is_not_left_out_in_silence(template: str) -> None:
    """Jinja would take everything up to `#}` away, whichever line it stands on."""
    with pytest.raises(BadTemplateError, match="opens a comment"):
        filled(template, "x")


def test_comments_and_raw_text_are_left_as_they_are() -> None:
    """A comment with a blank is one, and between raw and endraw nothing is."""
    assert filled("a{# why #}b{#- and #}{## banner ##}", "x") == "ab"
    assert filled("{% raw %}${#LANES}{% endraw %}{{ station.title }}", "x") == "${#LANES}x"


SCHEMA = {
    "properties": {"code": {"pattern": "^[0-9]+$"}, "size": {"$ref": "#/$defs/size"}},
    "$defs": {"size": {"type": "integer"}},
}


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("a: {{ values.greeting }}", ["values.greeting"]),
        ("a: {{ values['greeting'] | upper }} {{ group.road.name }}", ["values.greeting", "group.road.name"]),
        ("a: {{ values.greeting if values.size > 1 else 'x' }}", ["values.greeting"]),
        ("a: {{ 'at ' ~ station.labels.zone }}", ["station.labels.zone"]),
        ("a: {{ values.code }}{{ values.size }}{{ values.hours }}{{ station.name }}", []),
        ("a: {{ values.greeting | length }}{{ values.greeting | yaml }}{{ values.greeting == 'x' }}", []),
    ],
)
def test_free_text_without_a_filter_is_named(tmp_path: Path, content: str, named: list[str]) -> None:
    """Only what may hold anything, and only where it is written."""
    said = compile_components(
        tmp_path,
        component(files=[{"path": "/etc/a.yaml", "content": content}]),
        fleet_fields={
            "values": {"greeting": "hello", "code": "1", "size": 2, "hours": 3},
            "labels": {"zone": "north"},
            "valuesSchema": SCHEMA,
        },
    ).diagnostics
    assert [d.message.split(" may be")[0] for d in said if d.code.id == "MP2044"] == sorted(named)
