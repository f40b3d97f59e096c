"""What stands behind a tag -> an entry of the lock."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from milepost.registry import Credentials, HttpPool, RegistryClient
from milepost.registry.errors import (
    RegistryDeniedError,
    RegistryError,
    RegistryUnreachableError,
    UnusableImageError,
    VersionAbsentError,
)
from milepost.registry.http import LIMIT
from milepost.registry.image_version import read_version
from registry.pictures import INDEX, MANIFEST, Picture, add_image, as_json, digest, picture
from registry.standin import Standin, standin

pytestmark = pytest.mark.slow


@pytest.fixture
def registry() -> Iterator[Standin]:
    with standin() as running:
        yield running


def read(registry: Standin, tag: str = "1.0", credentials: Credentials | None = None) -> Any:
    return read_version(
        RegistryClient(HttpPool(), credentials or Credentials()), f"{registry.host}/apps/lane", tag
    )


def test_an_index_gives_each_platform_with_its_layers(registry: Standin) -> None:
    """Digest of the index, and per architecture the manifest's digest, the layers and the sum of their sizes."""
    made = picture()
    registry.publish("apps/lane", "1.0", made)
    entry = read(registry)
    assert entry.digest == made.digest
    assert sorted(entry.platforms) == ["amd64", "arm64"]
    for architecture, platform in entry.platforms.items():
        assert platform.digest in made.manifests
        assert [(layer.digest, layer.size) for layer in platform.layers] == made.layers[architecture]
        assert platform.size == sum(size for _, size in made.layers[architecture])


def test_a_single_manifest_says_in_its_configuration_what_it_is_for(registry: Standin) -> None:
    """A vendor's repository for one architecture has no index."""
    made = Picture()
    data = add_image(made, "arm64", "", 100)
    registry.publish("apps/lane", "unused", made)
    registry.manifest("apps/lane", "1.0", data, MANIFEST)
    entry = read(registry)
    assert entry.digest == digest(data) == entry.platforms["arm64"].digest
    assert list(entry.platforms) == ["arm64"]


def test_other_systems_and_attestations_are_left_out(registry: Standin) -> None:
    """Windows, unknown platforms of build attestations, and architectures that no node has."""
    made = picture(("amd64",))
    (first,) = json.loads(made.index)["manifests"]
    strangers = [
        {"os": "windows", "architecture": "amd64"},
        {"os": "unknown", "architecture": "unknown"},
        {"os": "linux", "architecture": "s390x"},
        {"os": "linux", "architecture": "amd64", "variant": "v3"},
    ]
    entries = [{**first, "digest": f"sha256:{'0' * 64}", "platform": p} for p in strangers]
    made.index = as_json({"schemaVersion": 2, "mediaType": INDEX, "manifests": [*entries, first]})
    registry.publish("apps/lane", "1.0", made)
    assert read(registry).platforms["amd64"].digest == first["digest"]


def test_of_two_variants_the_one_that_nodes_run_best_is_taken(registry: Standin) -> None:
    """A 32-bit Arm node runs v7; v6 is what it falls back to."""
    made, entries = Picture(), []
    for variant in ("v6", "v7"):
        config = as_json({"os": "linux", "architecture": "arm", "variant": variant})
        made.blobs[digest(config)] = config
        manifest = as_json({"schemaVersion": 2, "config": {"digest": digest(config)}, "layers": []})
        made.manifests[digest(manifest)] = manifest
        platform = {"os": "linux", "architecture": "arm", "variant": variant}
        entries.append({"mediaType": MANIFEST, "digest": digest(manifest), "size": 1, "platform": platform})
    made.index = as_json({"schemaVersion": 2, "manifests": entries})
    registry.publish("apps/lane", "1.0", made)
    assert read(registry).platforms["arm"].digest == entries[1]["digest"]


@pytest.mark.parametrize(
    ("media_type", "body", "why"),
    [
        (INDEX, {"manifests": []}, "no image for Linux"),
        (INDEX, {"manifests": "x"}, "no list of manifests"),
        (INDEX, [], "not an object"),
        (MANIFEST, {"layers": []}, "without a configuration"),
        (
            "application/vnd.docker.distribution.manifest.v1+prettyjws",
            {"schemaVersion": 1},
            "cannot be locked",
        ),
        ("application/json", {"errors": []}, "cannot be locked"),
    ],
)
def test_what_is_no_image_is_refused(registry: Standin, media_type: str, body: Any, why: str) -> None:
    """The message names repository and tag, and what is wrong with what stands there."""
    registry.manifest("apps/lane", "1.0", as_json(body), media_type)
    with pytest.raises(UnusableImageError, match=f"apps/lane:1.0 cannot be locked.*{why}"):
        read(registry)


def test_a_layer_without_a_digest_is_refused(registry: Standin) -> None:
    """A layer by SHA-512, or without a size, has no place in the lock."""
    body = {"config": {"digest": digest(b"c")}, "layers": [{"digest": "sha512:00", "size": 1}]}
    registry.manifest("apps/lane", "1.0", as_json(body), MANIFEST)
    registry.replies[f"/v2/apps/lane/blobs/{digest(b'c')}"] = (200, {}, b"c")
    with pytest.raises(UnusableImageError, match="a layer has no digest"):
        read(registry)


def reply(status: int, body: bytes = b"{}", **headers: str) -> tuple[int, dict[str, str], bytes]:
    return status, {key.replace("_", "-"): value for key, value in headers.items()}, body


@pytest.mark.parametrize(
    ("answer", "fault", "why"),
    [
        (reply(404), VersionAbsentError, "has no 127.0.0.1:[0-9]+/apps/lane:1.0"),
        (reply(403), RegistryDeniedError, "refuses to show"),
        (reply(401, WWW_Authenticate='Basic realm="x"'), RegistryDeniedError, "there are none for it"),
        (reply(401), RegistryDeniedError, "there are none for it"),
        (reply(500), RegistryUnreachableError, "answers 500"),
        (reply(429, Retry_After="0"), RegistryUnreachableError, "answers 429"),
        (reply(200, b"<html>login</html>", Content_Type="text/html"), RegistryUnreachableError, "a web page"),
        (reply(200, b"x" * (LIMIT + 1), Content_Type=INDEX), RegistryUnreachableError, "more than 4 MiB"),
        (
            reply(200, b"{}", Content_Type=INDEX, Docker_Content_Digest=f"sha256:{'0' * 64}"),
            RegistryUnreachableError,
            "digest",
        ),
        (reply(307, Location="http://registry.example/x"), RegistryUnreachableError, "not https://"),
        (reply(307, Location="/v2/apps/lane/manifests/1.0"), RegistryUnreachableError, "without end"),
        (reply(204), RegistryUnreachableError, "answers 204"),
    ],
)
def test_a_fault_is_told_by_its_kind(
    registry: Standin, answer: Any, fault: type[RegistryError], why: str
) -> None:
    """Gone, refused, out of reach: each is another thing to do."""
    registry.replies["/v2/apps/lane/manifests/1.0"] = answer
    with pytest.raises(fault, match=why):
        read(registry)


def test_a_busy_registry_is_asked_again(registry: Standin) -> None:
    """After 429 and 503 the same request is made once more."""
    made = picture()
    registry.publish("apps/lane", "1.0", made)
    sound, left = registry.replies["/v2/apps/lane/manifests/1.0"], [429, 503]

    def busy(_: object) -> Any:
        return reply(left.pop(0), Retry_After="0") if left else sound

    registry.replies["/v2/apps/lane/manifests/1.0"] = busy
    assert read(registry).digest == made.digest
    assert not left


def test_a_host_that_gave_no_answer_is_not_asked_again() -> None:
    """So that a hundred versions of a dead registry do not take a hundred time limits."""
    client = RegistryClient(HttpPool(), Credentials())
    with standin() as gone:
        host = gone.host
    for tag in ("1.0", "1.1"):
        with pytest.raises(RegistryUnreachableError, match=f"{host} cannot be reached: Connection refused"):
            read_version(client, f"{host}/apps/lane", tag)
    assert len(gone.asked) == 0


def test_an_anonymous_token_is_bought_once(registry: Standin) -> None:
    """A registry that sells tokens to everybody is asked for one a repository."""
    made = picture()
    registry.publish("apps/lane", "1.0", made)
    registry.login = ""
    assert read(registry).digest == made.digest
    assert registry.asked.count("GET /token") == 1
    assert registry.authorizations[0] == ""


def test_a_token_is_bought_with_the_login(registry: Standin) -> None:
    """Name and password go to the token server, and the token to the registry."""
    registry.publish("apps/lane", "1.0", picture())
    registry.login = "bot:secret"
    config = {"auths": {registry.host: {"username": "bot", "password": "secret"}}}
    read(registry, credentials=Credentials(config))
    to_registry = [a for a, r in zip(registry.authorizations, registry.asked, strict=True) if "/v2/" in r]
    assert not any(a.startswith("Basic") for a in to_registry)


def test_a_wrong_login_is_refused_without_showing_it(registry: Standin) -> None:
    """The message names the registry alone."""
    registry.login = "bot:secret"
    config = {"auths": {registry.host: {"username": "bot", "password": "slip"}}}
    with pytest.raises(RegistryDeniedError, match="refuses the credentials") as raised:
        read(registry, credentials=Credentials(config))
    assert "slip" not in str(raised.value)


def test_a_login_stays_behind_where_a_redirect_leads_to_another_host(registry: Standin) -> None:
    """A store of blobs gets the address that it was sent, and no credentials."""
    made = picture()
    registry.login = "bot:secret"
    config = {"auths": {registry.host: {"username": "bot", "password": "secret"}}}
    with standin() as store:
        store.publish("apps/lane", "1.0", made)
        for path in store.replies:
            registry.replies[path] = (307, {"Location": f"http://{store.host}{path}"}, b"")
        assert read(registry, credentials=Credentials(config)).digest == made.digest
        assert set(store.authorizations) == {""}


def test_a_token_server_over_plain_http_elsewhere_is_never_asked(registry: Standin) -> None:
    """Credentials do not travel in the clear."""
    challenge = 'Bearer realm="http://auth.example/token"'
    registry.replies["/v2/apps/lane/manifests/1.0"] = reply(401, WWW_Authenticate=challenge)
    config = {"auths": {registry.host: {"username": "bot", "password": "secret"}}}
    with pytest.raises(RegistryUnreachableError, match=r"http://auth\.example/token is not https://"):
        read(registry, credentials=Credentials(config))
