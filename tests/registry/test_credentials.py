"""Credentials out of a Docker configuration."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from milepost.registry.credentials import Credentials, CredentialsError, Login


def auth(text: str) -> dict[str, str]:
    return {"auth": base64.b64encode(text.encode()).decode()}


def write(folder: Path, config: Any) -> Path:
    file = folder / "config.json"
    file.write_text(json.dumps(config))
    return file


def test_an_entry_is_found_by_its_host(tmp_path: Path) -> None:
    """As `docker login` writes it; a password may hold colons."""
    found = Credentials.read(write(tmp_path, {"auths": {"registry.example:5000": auth("bot:a:b")}}))
    assert found.login("registry.example:5000", "toll/lane") == Login("bot", "a:b")
    assert found.login("registry.example", "toll/lane") is None


def test_the_nearest_entry_wins(tmp_path: Path) -> None:
    """An entry for a part of the registry goes before one for all of it."""
    config = {"auths": {"r.example": auth("all:1"), "r.example/toll": auth("toll:2")}}
    found = Credentials.read(write(tmp_path, config))
    assert found.login("r.example", "toll/lane") == Login("toll", "2")
    assert found.login("r.example", "mirror/redis") == Login("all", "1")


def test_docker_hub_is_found_under_its_old_name(tmp_path: Path) -> None:
    """`docker login` without a host writes the address of 2013."""
    found = Credentials.read(write(tmp_path, {"auths": {"https://index.docker.io/v1/": auth("me:x")}}))
    assert found.login("docker.io", "library/redis") == Login("me", "x")


def test_an_identity_token_is_one(tmp_path: Path) -> None:
    """It goes before name and password."""
    config = {"auths": {"r.example": {**auth("me:x"), "identitytoken": "t"}}}
    assert Credentials.read(write(tmp_path, config)).login("r.example", "a") == Login(identity_token="t")


def test_a_folder_stands_for_its_file(tmp_path: Path) -> None:
    """`--docker-config` takes what DOCKER_CONFIG takes."""
    write(tmp_path, {"auths": {"r.example": auth("me:x")}})
    assert Credentials.read(tmp_path).login("r.example", "a") is not None
    assert Credentials.read(None, {"DOCKER_CONFIG": str(tmp_path)}).login("r.example", "a") is not None


def test_nobody_is_known_where_nothing_is_named(tmp_path: Path) -> None:
    """The home folder is not searched, and an empty DOCKER_CONFIG is no fault."""
    assert Credentials.read(None, {"HOME": str(tmp_path)}).login("r.example", "a") is None
    assert Credentials.read(None, {"DOCKER_CONFIG": str(tmp_path)}).login("r.example", "a") is None


@pytest.mark.parametrize("text", ["{", "[]", '"x"'])
def test_a_file_that_is_none_is_refused_without_its_content(tmp_path: Path, text: str) -> None:
    """The message names the file and shows nothing of it."""
    file = tmp_path / "config.json"
    file.write_text(text)
    with pytest.raises(CredentialsError) as raised:
        Credentials.read(file)
    assert str(file) in str(raised.value)


@pytest.mark.parametrize("entry", [{}, {"auth": ""}, {"auth": "###"}, {"auth": "bm9jb2xvbg=="}, "text", None])
def test_an_entry_that_says_nothing_is_no_login(entry: Any) -> None:
    """Docker itself leaves empty entries behind where a helper keeps the rest."""
    assert Credentials({"auths": {"r.example": entry}}).login("r.example", "a") is None


def test_helpers_are_seen_and_not_run() -> None:
    """So that the message can say why there is no login."""
    assert Credentials({"credsStore": "desktop"}).left_to_a_helper("r.example")
    assert Credentials({"credHelpers": {"r.example": "ecr-login"}}).left_to_a_helper("r.example")
    assert not Credentials({"credHelpers": {"other.example": "x"}}).left_to_a_helper("r.example")


def test_a_login_does_not_show_its_secrets() -> None:
    """Not even in a traceback."""
    assert "secret" not in repr(Login("me", "secret", "secret"))
