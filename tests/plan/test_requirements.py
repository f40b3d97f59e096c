"""Requirements: which texts count as naming a Service, and the place that is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases import claims
from compiling import compile_spec, write_files
from milepost.model.requirements import EDGEMESH, Need, Reason

WEB = "    - name: web\n      image: web\n"


def needs(folder: Path, entry: str) -> dict[str, Need]:
    """Of the base fleet, with more in the entry of its web server."""
    files = dict(claims.fleet_spec(None))
    assert WEB in files["app.yaml"]
    files["app.yaml"] = files["app.yaml"].replace(WEB, WEB + entry)
    made = compile_spec(write_files(folder, files.items()))
    assert made.errors == [], made.said
    return {need.requirement.name: need for need in made.provinces["north"].plan.requirements.needs}


def edgemesh(folder: Path, entry: str) -> list[Reason]:
    return list(needs(folder, entry)[EDGEMESH.name].reasons)


@pytest.mark.parametrize(
    "text",
    [
        "app-db",
        "app-db:3306",
        "http://app-db/path",
        "mysql://root@app-db:3306/x",
        "app-db.g4.svc.cluster.local",
        "app-db-{{ station.name }}:3306",
        "a=1 host=app-db",
        "app-db,other",
    ],
)
def test_a_text_that_names_a_service_is_the_reason(text: str, tmp_path: Path) -> None:
    """With its place, whatever stands around the name."""
    (reason,) = edgemesh(tmp_path, f'      env: {{DB: "{text}"}}\n')
    assert reason.words == "variable DB of app/web names the Service app-db"
    assert reason.origin is not None and reason.origin.span.path.endswith("app.yaml")


@pytest.mark.parametrize("text", ["my-app-db", "/var/lib/app-db/data", "app-dbs", "x.app-db", "app_db"])
def test_a_text_that_names_something_else_is_none(text: str, tmp_path: Path) -> None:
    """Then the Services themselves are, since they are rendered and nobody else serves them at the edge."""
    reasons = edgemesh(tmp_path, f'      env: {{DB: "{text}"}}\n')
    assert all(reason.words.startswith("component with the Service") for reason in reasons)


def test_commands_files_and_patches_are_looked_at(tmp_path: Path) -> None:
    """Each place is a reason of its own."""
    entry = (
        "      args: [--db, app-db]\n"
        "      files: [{path: /etc/web.conf, content: 'db: app-db'}]\n"
        "      patch: {metadata: {annotations: {example/db: app-db}}}\n"
    )
    words = [reason.words for reason in edgemesh(tmp_path, entry)]
    assert [each.partition(" of ")[0] for each in words] == ["args", "file /etc/web.conf", "patch"]


def test_a_file_of_the_spec_is_told_with_its_line(tmp_path: Path) -> None:
    """Where a person would look for it; each name once a text."""
    (tmp_path / "web.j2").write_text("# app\n\ndb: app-db\nother: app-db\n")
    (reason,) = edgemesh(tmp_path, "      files: [{path: /etc/web.conf, template: web.j2}]\n")
    assert reason.words == "file /etc/web.conf, web.j2:3, of app/web names the Service app-db"


def test_names_of_what_must_exist_are_told(tmp_path: Path) -> None:
    """Secrets by name and keys, and who needs them."""
    found = needs(tmp_path, "      secrets: [{name: web-key, env: {KEY: private}}]\n")["Secrets"]
    assert found.wanted == "web-key"
    assert [reason.words for reason in found.reasons] == [
        "web-key: in each station group that runs app/web, with the keys private"
    ]
