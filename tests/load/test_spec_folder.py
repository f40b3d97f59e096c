"""A folder -> Source: which files count, what each is taken for, and what is said about the others."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from load.reading import HEAD, covered, write
from milepost.diagnostics import Diagnostic, Sink
from milepost.load import discover, load, load_province
from milepost.load.envelope import VERSIONS
from milepost.model.document import LOCK, SpecSource
from milepost.model.spec.base import API_VERSION

FLEET = HEAD + "kind: Fleet\nmetadata: {name: cn}\n"
PROVINCE = (
    HEAD
    + "kind: Province\nmetadata: {name: hunan}\nspec:\n  stations: [hunan/s.csv]\n  nodes: [hunan/n.yaml]\n"
)
APPLICATION = HEAD + (
    "kind: Application\nmetadata: {name: etc}\nspec:\n  components:\n"
    "    - name: a\n      from: manifests/a.yaml\n"
    "      files:\n        - {path: /a, template: templates/a.conf}\n"
)
INVENTORY = {"hunan/s.csv": "name\ns1\n", "hunan/n.yaml": "- name: n1\n"}
SPEC: dict[str, str | bytes] = {
    "fleet.yaml": FLEET,
    "hunan/province.yaml": PROVINCE,
    "apps/etc.yml": APPLICATION,
    "manifests/a.yaml": "kind: Deployment\nmode: 0644\n---\nkind: Service\n",
    "templates/a.conf": "a={{ b }}\r\n\x0c",
    LOCK: HEAD + "kind: ImageLock\nimages: {}\n",
    **INVENTORY,
}


def read(root: Path, files: Mapping[str, str | bytes]) -> tuple[SpecSource | None, list[Diagnostic]]:
    sink = Sink()
    return load(write(root, files), sink), list(sink)


def said(faults: list[Diagnostic]) -> list[tuple[str, str]]:
    return [(f.code.id, f"{f.span.path}:{f.span.line}" if f.span else "") for f in faults]


def test_every_file_is_taken_for_what_it_is_named_for(tmp_path: Path) -> None:
    """Documents by apiVersion; templates, manifests and inventory by whoever names them; the lock by its name."""
    source, faults = read(tmp_path, SPEC)
    assert not faults
    assert source is not None
    assert [(d.path, d.kind, d.name) for d in source.documents] == [
        ("apps/etc.yml", "Application", "etc"),
        ("fleet.yaml", "Fleet", "cn"),
        ("hunan/province.yaml", "Province", "hunan"),
    ]
    assert source.files["templates/a.conf"].text == "a={{ b }}\n\x0c", "line ends are those of Git"
    assert [d.value for d in source.manifests["manifests/a.yaml"]] == [
        {"kind": "Deployment", "mode": 420},
        {"kind": "Service"},
    ]
    assert source.manifests[LOCK][0].kind == "ImageLock"
    assert source.manifests["manifests/a.yaml"][1].span("kind").line == 4


def test_a_provinces_tables_are_read_when_asked_for(tmp_path: Path) -> None:
    """With the digests of their files."""
    source, _ = read(tmp_path, SPEC)
    assert source is not None
    document = source.documents[2]
    sink = Sink()
    province = load_province(tmp_path, document, sink)
    assert not len(sink)
    assert province.name == "hunan"
    assert [t.rows[0]["name"] for t in (*province.stations, *province.nodes)] == ["s1", "n1"]
    paths = [table.path for table in (*province.stations, *province.nodes)]
    assert province.digests == {
        path: hashlib.sha256((tmp_path / path).read_bytes()).hexdigest() for path in paths
    }


def test_digests_tell_the_shared_part_from_a_province(tmp_path: Path) -> None:
    """Inventory changes one, everything else the other; names count as bytes do."""
    source, _ = read(tmp_path, SPEC)
    assert source is not None
    before = source.digest, load_province(tmp_path, source.documents[2], Sink()).digests
    again, _ = read(tmp_path, {"hunan/n.yaml": "- name: n2\n", ".git/x.yaml": FLEET, "notes.txt": "x"})
    assert again is not None
    assert again.digest == before[0]
    assert load_province(tmp_path, source.documents[2], Sink()).digests != before[1]
    for path in ("fleet.yaml", "manifests/a.yaml", "templates/a.conf", LOCK):
        changed, _ = read(
            tmp_path, {path: SPEC[path] + "\n# a comment\n" if isinstance(SPEC[path], str) else b""}
        )  # type: ignore[operator]
        assert changed is not None
        assert changed.digest != again.digest, path
        read(tmp_path, {path: SPEC[path]})


def test_moving_a_document_changes_nothing_but_places_and_the_digest(tmp_path: Path) -> None:
    """Folders are for people."""
    first, _ = read(tmp_path / "a", {"fleet.yaml": FLEET, "x/p.yaml": PROVINCE})
    second, _ = read(tmp_path / "b", {"all.yaml": FLEET + "---\n" + PROVINCE})
    assert first is not None
    assert second is not None
    assert [d.value for d in first.documents] == [d.value for d in second.documents]
    assert first.digest != second.digest


def test_hidden_files_and_links_to_folders_are_no_part_of_a_spec(tmp_path: Path) -> None:
    """Nor files with other endings."""
    outside = write(tmp_path / "outside", {"o.yaml": FLEET})
    root = write(
        tmp_path / "spec",
        {"b.yaml": FLEET, "a/z.yml": FLEET, ".x.yaml": FLEET, ".d/x.yaml": FLEET, "c.json": FLEET},
    )
    (root / "dir.yaml").mkdir()
    (root / "outdir").symlink_to(outside)
    (root / "loop").symlink_to(root)
    (root / "in.yaml").symlink_to(root / "b.yaml")
    assert discover(root, Sink()) == ("a/z.yml", "b.yaml", "in.yaml")


def test_hidden_documents_are_a_warning(tmp_path: Path) -> None:
    """One for each hidden name; other hidden YAML, version control and mounted ConfigMaps are nothing to talk about."""
    hidden = {
        ".x.yaml": FLEET,
        ".d/x.yaml": FLEET,
        ".d/deep/y.yml": FLEET,
        ".git/x.yaml": FLEET,
        ".d/.git/x.yaml": FLEET,
        "..2026/x.yaml": FLEET,
        ".github/ci.yaml": "on: push\n",
        ".d/notes.txt": FLEET,
    }
    source, faults = read(tmp_path, {"fleet.yaml": FLEET, **hidden})
    assert said(faults) == [("MP1009", ".d/deep/y.yml:1"), ("MP1009", ".x.yaml:1")]
    assert "1 more" in faults[0].message
    assert source is not None
    assert len(source.documents) == 1


def test_a_link_to_a_folder_outside_is_a_warning(tmp_path: Path) -> None:
    """A link to a folder of the spec itself is none: what is in there counts anyway."""
    outside = write(tmp_path / "outside", {"o.yaml": FLEET})
    root = write(tmp_path / "spec", {"fleet.yaml": FLEET, "a/notes.txt": ""})
    (root / "hunan").symlink_to(outside)
    (root / "b").symlink_to(root / "a")
    (root / "loop").symlink_to(root)
    _, faults = read(root, {})
    assert said(faults) == [("MP1009", "hunan:1")]


def test_documents_that_cannot_be_read_are_errors(tmp_path: Path) -> None:
    """They are never passed over, and reading never waits for a pipe or fills the memory from a device."""
    outside = write(tmp_path / "outside", {"o.yaml": FLEET})
    root = write(tmp_path / "spec", {"fleet.yaml": FLEET})
    (root / "out.yaml").symlink_to(outside / "o.yaml")
    (root / "dangling.yaml").symlink_to(root / "nowhere")
    (root / "zero.yaml").symlink_to("/dev/zero")
    (root / "self.yaml").symlink_to(root / "self.yaml")
    (root / LOCK).symlink_to(outside / "o.yaml")
    os.mkfifo(root / "pipe.yaml")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(root / "s.yaml"))
        _, faults = read(root, {})
    names = ("dangling.yaml", LOCK, "out.yaml", "pipe.yaml", "s.yaml", "self.yaml", "zero.yaml")
    assert said(faults) == [("MP1007", f"{name}:1") for name in names]
    assert all(f.hint for f in faults if f.span and f.span.path != "self.yaml")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "gb18030"])
@pytest.mark.parametrize("path", ["fleet.yaml", "hunan/s.csv"])
def test_another_encoding_is_named(tmp_path: Path, path: str, encoding: str) -> None:
    """With the command that converts it, wherever the file is and whether or not it has a mark in front."""
    text = {"fleet.yaml": FLEET + "# 长沙\n", "hunan/s.csv": "name,title\ns1,长沙\n"}
    root = write(tmp_path, {**SPEC, path: text[path].encode(encoding)})
    source, faults = read(root, {})
    assert source is not None
    if path == "hunan/s.csv":
        sink = Sink()
        load_province(root, next(d for d in source.documents if d.kind == "Province"), sink)
        faults = list(sink)
    (fault,) = faults
    assert fault.code.id == "MP1001"
    name = encoding.upper().replace("-LE", "LE").replace("-BE", "BE")
    assert fault.message == f"this file is {name}, not UTF-8"
    assert fault.hint is not None and f"iconv -f {name}" in fault.hint


def test_latin_letters_are_not_taken_for_chinese(tmp_path: Path) -> None:
    """Nobody is told to convert from an encoding that would make other letters of them."""
    _, faults = read(tmp_path, {"fleet.yaml": FLEET.encode() + "# Café du Péage\n".encode("latin-1")})
    assert [f.message for f in faults] == ["this file is not UTF-8"]


@pytest.mark.parametrize("table", ["name\n", ""])
def test_an_inventory_without_a_row_is_a_warning(tmp_path: Path, table: str) -> None:
    """An export that failed leaves a header or an empty list; a CSV file without header is an error of its own."""
    empty = {"hunan/s.csv": table or "name\ns1\n", "hunan/n.yaml": "- name: n1\n" if table else "# none\n"}
    source, _ = read(tmp_path, {**SPEC, **empty})
    assert source is not None
    sink = Sink()
    load_province(tmp_path, source.documents[2], sink)
    assert said(list(sink)) == [("MP1049", "hunan/s.csv:1" if table else "hunan/n.yaml:1")]
    assert not sink.failed


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("hunan/sations.csv", "MP1006"),
        ("/etc/passwd.csv", "MP1005"),
        ("../s.csv", "MP1005"),
        ("hunan/../hunan/s.csv", "MP1005"),
        ("./hunan/s.csv", "MP1005"),
        ("hunan//s.csv", "MP1005"),
        ("hunan\\\\s.csv", "MP1005"),
        ("C:/s.csv", "MP1005"),
        ("hunan/s.csv/", "MP1005"),
        ("", "MP1005"),
        ("hunan", "MP1007"),
        ("link.csv", "MP1007"),
        ("pipe.csv", "MP1007"),
        ("outdir/x.csv", "MP1007"),
        ("hunan/s.csv/x.csv", "MP1006"),
        ("x" * 5000 + ".csv", "MP1007"),
        ("hunan/\\u200bs.csv", "MP1005"),
    ],
)
def test_a_path_that_cannot_be_used_is_reported_where_it_is_named(
    tmp_path: Path, path: str, code: str
) -> None:
    """Inventory here; templates and manifests go the same way."""
    write(tmp_path / "outside", {"x.csv": "name\n"})
    root = write(
        tmp_path / "spec", {**SPEC, "hunan/province.yaml": PROVINCE.replace("hunan/s.csv", f'"{path}"')}
    )
    (root / "link.csv").symlink_to(tmp_path / "outside" / "x.csv")
    (root / "outdir").symlink_to(tmp_path / "outside")
    os.mkfifo(root / "pipe.csv")
    source, faults = read(root, {})
    assert source is not None
    assert said(faults) == [("MP1009", "outdir:1")]
    sink = Sink()
    load_province(root, source.documents[2], sink)
    assert said(list(sink)) == [(code, "hunan/province.yaml:5")]
    span = next(iter(sink)).span
    assert span is not None
    assert covered(span, (root / "hunan/province.yaml").read_text()) == f'"{path}"'


def test_a_near_file_name_is_offered(tmp_path: Path) -> None:
    """In the same folder, or in the whole spec when the folder is not there."""
    _, faults = read(tmp_path, {**SPEC, "apps/etc.yml": APPLICATION.replace("manifests/a", "manifest/a")})
    assert said(faults)[0] == ("MP1006", "apps/etc.yml:7")
    assert faults[0].hint == 'did you mean "manifests/a.yaml"?'


def test_every_place_that_names_a_missing_file_is_reported(tmp_path: Path) -> None:
    """Two components, two faults; a file that exists is read once for both."""
    files = {k: v for k, v in SPEC.items() if k != "templates/a.conf"}
    twice = APPLICATION + APPLICATION.partition("components:\n")[2].replace("name: a", "name: b")
    source, faults = read(tmp_path, {**files, "apps/etc.yml": twice})
    assert said(faults) == [("MP1006", "apps/etc.yml:9"), ("MP1006", "apps/etc.yml:13")]
    assert source is not None
    assert list(source.manifests) == ["manifests/a.yaml", LOCK]


def test_a_file_that_nothing_names_is_a_warning(tmp_path: Path) -> None:
    """A manifest or a table that lost its reference; it has no effect, which is worth a word."""
    source, faults = read(
        tmp_path,
        {
            "fleet.yaml": FLEET,
            "old.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {}\n",
            "n.yaml": "- name: a\n",
        },
    )
    assert said(faults) == [("MP1022", "n.yaml:1"), ("MP1022", "old.yaml:1")]
    assert all(f.severity == "warning" for f in faults)
    assert source is not None


def test_a_foreign_document_among_ours_is_a_warning(tmp_path: Path) -> None:
    """One for the file, at the first; it is not taken for a manifest."""
    foreign = "---\napiVersion: v1\nkind: Service\n"
    source, faults = read(tmp_path, {"fleet.yaml": FLEET + foreign + foreign})
    assert said(faults) == [("MP1022", "fleet.yaml:5")]
    assert source is not None
    assert len(source.documents) == 1


@pytest.mark.parametrize(
    "text", ["", "# later\n", "---\n---\n", "# kind: Province\n# apiVersion: milepost.dev/v1alpha1\n"]
)
def test_a_file_of_comments_is_nothing_to_talk_about(tmp_path: Path, text: str) -> None:
    """It was commented out on purpose."""
    _, faults = read(tmp_path, {"fleet.yaml": FLEET, "later.yaml": text})
    assert not faults


@pytest.mark.parametrize(
    "version", ['"mile\\x70ost.dev/v1alpha1"', "!!str milepost.dev/v1alpha1", "&v milepost.dev/v1alpha1"]
)
def test_a_document_counts_however_its_version_is_spelled(tmp_path: Path, version: str) -> None:
    """The first look at bytes may miss it; the second does not."""
    source, faults = read(tmp_path, {"a.yaml": f"apiVersion: {version}\nkind: Fleet\n"})
    assert not faults
    assert source is not None
    assert [d.kind for d in source.documents] == ["Fleet"]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("apiVersion: milepost.dev/v2\n", "MP1020"),
        ("apiVersion: milepost.dev\n", "MP1020"),
        ("apiVersion: milepost.de/v1alpha1\n", "MP1021"),
        ("apiVersion: Milepost.dev/v1alpha1\n", "MP1021"),
        ("apiVersion: milpost.dev/v1alpha1\n", "MP1021"),
        ("apiVersion:\n", "MP1021"),
        ("apiVersion: 1\n", "MP1021"),
        ("", "MP1021"),
    ],
)
def test_a_document_that_nearly_is_one_is_an_error(tmp_path: Path, head: str, code: str) -> None:
    """It would be left out without a word, and what is left out is removed from the clusters."""
    source, faults = read(
        tmp_path, {"fleet.yaml": FLEET, "p.yaml": head + "kind: Province\nmetadata: {name: a}\n"}
    )
    assert said(faults) == [(code, "p.yaml:1")]
    assert source is not None
    assert len(source.documents) == 1


def test_a_document_without_version_among_others_is_an_error(tmp_path: Path) -> None:
    """Also in a file whose other documents are fine."""
    _, faults = read(tmp_path, {"fleet.yaml": FLEET + "---\nkind: Province\nmetadata: {name: a}\n"})
    assert said(faults) == [("MP1021", "fleet.yaml:5")]


def test_the_known_version_is_that_of_the_models() -> None:
    """Load does not import the models; this holds the two together."""
    assert VERSIONS[-1] == API_VERSION


def test_no_folder_and_an_empty_folder_are_said_once(tmp_path: Path) -> None:
    """There is nothing to give then."""
    source, faults = read(tmp_path / "empty", {"notes.txt": "x"})
    assert source is None
    assert said(faults) == [("MP1030", "")]
    sink = Sink()
    assert load(tmp_path / "nowhere", sink) is None
    assert said(list(sink)) == [("MP1030", "")]


def test_a_broken_file_is_not_also_an_empty_spec(tmp_path: Path) -> None:
    """One cause, one diagnostic."""
    _, faults = read(tmp_path, {"fleet.yaml": FLEET + "\tx: 1\n"})
    assert said(faults) == [("MP1010", "fleet.yaml:4")]


def test_templates_that_the_compiler_cannot_carry_are_refused(tmp_path: Path) -> None:
    """NUL, its own marks, another encoding; form feeds and Windows line ends pass."""
    for content, code in (
        (b"a\0b", "MP1002"),
        ("a\ue000".encode(), "MP1002"),
        ("长".encode("gb18030"), "MP1001"),
    ):
        source, faults = read(tmp_path, {**SPEC, "templates/a.conf": content})
        assert said(faults) == [(code, "templates/a.conf:1")]
        assert source is not None
        assert not source.files


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """Sparse files of 65 MiB as a document and a little over 1 MiB as a template; the message says what may be done."""
    root = write(tmp_path, SPEC)
    for path, size in (("big.yaml", 65 * 2**20), ("templates/a.conf", 2**20 + 1)):
        with (root / path).open("wb") as file:
            file.truncate(size)
    _, faults = read(root, {})
    assert [f.message for f in faults] == [
        "templates/a.conf has 1.1 MiB, and a template may have 1 MiB",
        "big.yaml has 65.0 MiB, and a YAML file may have 64 MiB",
    ]
    assert [f.hint.partition(":")[0] for f in faults if f.hint] == ["a ConfigMap holds no more", "split it"]
    assert sorted(said(faults)) == [("MP1008", "apps/etc.yml:9"), ("MP1008", "big.yaml:1")]


def test_a_folder_that_cannot_be_listed_fails_the_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not seen would be removed. The refusal is made here, because the tests may run as root."""
    root = write(tmp_path, SPEC)
    real = os.scandir

    def scandir(path: Path) -> object:
        if str(path).endswith("hunan/"[:-1]):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    _, faults = read(root, {})
    assert ("MP1004", "hunan/:1") in said(faults)


def test_a_file_name_that_is_not_text_is_reported(tmp_path: Path) -> None:
    """It cannot stand in a message or a digest."""
    root = write(tmp_path, {"fleet.yaml": FLEET})
    with open(os.fsencode(root) + b"/\xff.yaml", "wb") as file:  # noqa: PTH123 - the name is not text
        file.write(FLEET.encode())
    _, faults = read(root, {})
    assert [f.code.id for f in faults] == ["MP1003"]


@pytest.mark.parametrize(
    "spec",
    [
        "spec: 3",
        "spec: {stations: x, nodes: [1, null, {a: b}]}",
        "spec: {components: {a: b}}",
        "spec: {components: [1, {files: 2, from: [x]}, {files: [3, {template: {}}]}]}",
    ],
)
@pytest.mark.parametrize("kind", ["Province", "Application", "[Province]"])
def test_odd_shapes_are_left_to_validate(tmp_path: Path, kind: str, spec: str) -> None:
    """Load takes file names where they should be, and says nothing about the rest."""
    source, faults = read(tmp_path, {"x.yaml": f"{HEAD}kind: {kind}\nmetadata: {{name: 1}}\n{spec}\n"})
    assert not faults
    assert source is not None
    sink = Sink()
    province = load_province(tmp_path, source.documents[0], sink)
    assert not len(sink)
    assert province.stations == province.nodes == ()


def test_the_order_of_the_file_system_does_not_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents come in the order of their paths."""
    root = write(
        tmp_path, {f"{name}.yaml": HEAD + f"kind: Fleet\nmetadata: {{name: {name}}}\n" for name in "cadb"}
    )
    real = os.scandir

    class Reversed:
        def __init__(self, path: Path) -> None:
            self.entries = sorted(real(path), key=lambda e: e.name, reverse=True)

        def __enter__(self) -> list[os.DirEntry[str]]:
            return self.entries

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(os, "scandir", Reversed)
    source, _ = read(root, {})
    assert source is not None
    assert [d.name for d in source.documents] == list("abcd")


@pytest.mark.parametrize("key", ["manifests/a.yaml", "templates/a.conf"])
def test_a_document_that_is_named_as_something_else_still_counts(tmp_path: Path, key: str) -> None:
    """Otherwise a slip in `from:` would take whole applications away without a word."""
    files = SPEC | {"apps/etc.yml": APPLICATION.replace(key, "hunan/province.yaml")}
    source, _ = read(tmp_path, files)
    assert source is not None
    assert [d.name for d in source.documents if d.kind == "Province"] == ["hunan"]
