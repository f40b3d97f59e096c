"""Registries that mean harm, or are broken as if they did: each ends in words, in time, and learns nothing."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator

import pytest

from milepost.publish.artifact import artifact
from milepost.publish.push_registry import PushRegistry
from milepost.publish.trees import trees
from milepost.registry import Credentials, HttpPool, RegistryClient
from milepost.registry.address import Address
from milepost.registry.door import named
from milepost.registry.errors import RegistryError, RegistryUnreachableError, UnusableImageError
from milepost.registry.http import Limits
from milepost.registry.image_version import read_version
from milepost.registry.owner import same_owner
from publish.forest import province, write
from registry.pictures import INDEX, MANIFEST, Picture, add_image, as_json, digest, picture
from registry.standin import Standin, standin
from registry.wire import Asked, Wire, answer, drip, wire

pytestmark = pytest.mark.slow

QUICK = Limits(connect=1, read=1, exchange=0.6, total=1.2)


@pytest.fixture
def registry() -> Iterator[Standin]:
    with standin() as running:
        yield running


@pytest.fixture
def slow() -> Iterator[Wire]:
    with wire() as running:
        yield running


def read(host: str, credentials: Credentials | None = None, limits: Limits | None = None) -> object:
    client = RegistryClient(HttpPool(limits=limits), credentials or Credentials())
    return read_version(client, f"{host}/apps/lane", "1.0")


def logins(host: str) -> Credentials:
    return Credentials({"auths": {host: {"username": "bot", "password": "opensesame"}}})


@pytest.mark.parametrize(
    "pieces",
    [
        lambda: drip(answer(200, b"{}" * 400), 0.1),
        lambda: [answer(200, b"{}" * 400)[:-790], *drip(b"x" * 700, 0.1)],
        lambda: [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n", 0.1] * 100],
        lambda: [b"HTTP/1.1 100 Continue\r\n\r\n", 0.1] * 100,
        lambda: [b"HTTP/1.1 200 OK\r\n", *[b"X-More: x\r\n", 0.1] * 90],
    ],
    ids=["head", "body", "chunks", "continue", "headers"],
)
def test_an_answer_that_drips_ends_with_its_time(slow: Wire, pieces: object) -> None:
    """Each byte comes before the socket's own limit, and the exchange is over all the same, after one try."""
    slow.script = lambda asked: pieces()  # type: ignore[operator]
    began = time.monotonic()
    with pytest.raises(RegistryUnreachableError, match="answers too slowly"):
        read(slow.host, limits=QUICK)
    assert time.monotonic() - began < 5 * QUICK.exchange
    assert len(slow.asked) == 1


def test_a_host_that_was_too_slow_once_is_not_waited_for_again(slow: Wire) -> None:
    """A thousand versions in one registry cost its time once."""
    slow.script = lambda asked: drip(answer(200, b"{}"), 0.1)
    client = RegistryClient(HttpPool(limits=QUICK), Credentials())
    for tag in ("1.0", "1.1", "1.2"):
        with pytest.raises(RegistryUnreachableError, match="too slowly"):
            read_version(client, f"{slow.host}/apps/lane", tag)
    assert len(slow.asked) == 1


def test_all_tries_together_have_a_limit(slow: Wire) -> None:
    """A busy registry is asked again as long as there is time, and its own wish to wait is heard within reason."""
    slow.script = lambda asked: [answer(503, headers=[("Retry-After", "86400")])]
    began = time.monotonic()
    with pytest.raises(RegistryUnreachableError, match="answers 503"):
        read(slow.host, limits=QUICK)
    assert time.monotonic() - began < 4 * QUICK.total


def test_an_upload_that_is_never_answered_ends(slow: Wire, tmp_path: object) -> None:
    """Publishing has the same limits."""
    slow.script = lambda asked: drip(answer(202), 0.1)
    made = artifact(trees(write(province(), tmp_path))[0])  # type: ignore[arg-type]
    with pytest.raises(RegistryUnreachableError, match="too slowly"):
        PushRegistry(HttpPool(limits=QUICK), Credentials()).push_files(
            Address.of(f"{slow.host}/rendered"), made
        )


BAD = (
    "https://[::1/token",
    "https://host:99999/token",
    "https://host:port/token",
    "https:///token",
    "ftp://host/token",
    "https://user:word@host/token",
    "https://host\\@other/token",
    "https://ho st/token",
    "https://host/\x01",
    "http://auth.example/token",
    "https://" + "a" * 300 + ".example/\u6536",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "//[/token",
)


@pytest.mark.parametrize("address", BAD)
def test_an_address_that_is_none_is_refused_in_words(registry: Standin, address: str) -> None:
    """As token server and in a redirect; nobody is asked and the login goes nowhere."""
    for status, headers in (
        (401, {"WWW-Authenticate": f'Bearer realm="{address}"'}),
        (307, {"Location": address}),
    ):
        registry.replies["/v2/apps/lane/manifests/1.0"] = (status, _latin(headers), b"")
        with pytest.raises(RegistryError) as raised:
            read(registry.host, logins(registry.host))
        assert "opensesame" not in str(raised.value) and "word" not in str(raised.value).split()
    assert not any(registry.authorizations)


def _latin(headers: dict[str, str]) -> dict[str, str]:
    return {key: value.encode("latin-1", "replace").decode("latin-1") for key, value in headers.items()}


LOCAL = (
    "http://127.0.0.1:8080/x",
    "https://localhost/x",
    "https://a.localhost./x",
    "https://127.1/x",
    "https://2130706433/x",
    "https://0x7f000001/x",
    "https://0.0.0.0/x",
    "https://[::1]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://169.254.169.254/latest/meta-data",
)


@pytest.mark.parametrize("address", LOCAL)
def test_another_machine_leads_nowhere_on_this_one(address: str) -> None:
    """In whatever spelling; what runs here itself may."""
    with pytest.raises(RegistryUnreachableError, match=r"on this machine itself|not https"):
        named("https://registry.example/v2/", address, "redirect")
    if address.startswith("http:"):
        assert named("http://127.0.0.1:5000/v2/", address, "redirect") == address


def test_a_relative_address_stays_at_its_host() -> None:
    """Most registries name their places so."""
    assert named("https://r.example/v2/a/", "/v2/b?x=1", "redirect") == "https://r.example/v2/b?x=1"
    with pytest.raises(RegistryUnreachableError, match="not https"):
        named("https://r.example/v2/a/", "http://r.example/v2/", "redirect")


@pytest.mark.parametrize(
    ("registry_", "other", "same"),
    [
        ("registry-1.docker.io", "auth.docker.io", True),
        ("registry.gitlab.com", "gitlab.com", True),
        ("harbor.example.com.cn:8443", "harbor.example.com.cn", True),
        ("registry.cn-hangzhou.aliyuncs.com", "dockerauth.cn-hangzhou.aliyuncs.com", True),
        ("quay.io", "quay.io.evil.example", False),
        ("example.com.cn", "evil.com.cn", False),
        ("ghcr.io", "evil.io", False),
        ("10.1.2.3:5000", "10.1.2.4:5000", False),
        ("127.0.0.11:5000", "127.0.0.12:5000", False),
    ],
)
def test_a_token_server_is_of_the_registrys_owner(registry_: str, other: str, same: bool) -> None:
    """By the domain that both stand in; a registrar's own domain is nobody's."""
    assert same_owner(registry_, other) is same


def test_a_login_never_goes_to_anothers_token_server(slow: Wire) -> None:
    """It is told whose login would be needed; a login for that server itself is used."""
    with wire("127.0.0.2") as other:
        token = as_json({"token": "t"})
        other.script = lambda asked: [answer(200, token)]
        slow.script = lambda asked: [answer(401, headers=[challenge(other.host)])]
        with pytest.raises(RegistryError, match="its login is not sent there"):
            read(slow.host, logins(slow.host))
        assert not other.asked
        both = {h: {"username": "bot", "password": p} for h, p in ((slow.host, "a"), (other.host, "b"))}
        with pytest.raises(RegistryError, match="refuses to show"):
            read(slow.host, Credentials({"auths": both}))
        assert {asked.authorization for asked in other.asked} == {basic("bot:b")}


def challenge(host: str) -> tuple[str, str]:
    return "WWW-Authenticate", f'Bearer realm="http://{host}/token",service="s"'


def basic(text: str) -> str:
    return f"Basic {base64.b64encode(text.encode()).decode()}"


@pytest.mark.parametrize("token", ["a\r\nX-Evil: 1", "a\x00b", "\u6536", "", "x" * 70_000, 7, None, ["a"]])
def test_a_token_that_fits_into_no_header_is_refused(slow: Wire, token: object) -> None:
    """It would become a header of its own."""

    def script(asked: Asked) -> list[bytes]:
        if asked.path.startswith("/token"):
            return [answer(200, as_json({"token": token}))]
        return [answer(401, headers=[challenge(slow.host)])]

    slow.script = script
    with pytest.raises(RegistryUnreachableError, match="without a token"):
        read(slow.host)


@pytest.mark.parametrize(
    "claim",
    ["../../x", "sha512:" + "0" * 128, "sha256:" + "A" * 64, "sha256:0", "", "a b", "sha256:\n", "x" * 5000],
)
def test_a_digest_of_another_form_is_neither_followed_nor_believed(registry: Standin, claim: str) -> None:
    """In an index, for a configuration, for a layer, and in the header."""
    good: dict[str, object] = {"size": 1}
    entry = {"digest": claim, "size": 1, "platform": {"os": "linux", "architecture": "amd64"}}
    layer = {"config": good, "layers": [{"digest": claim, "size": 1}]}
    bodies = [
        ({"manifests": [entry]}, INDEX),
        ({"config": {"digest": claim}, "layers": []}, MANIFEST),
        (layer, MANIFEST),
    ]
    config = as_json({"os": "linux", "architecture": "amd64"})
    good["digest"] = digest(config)
    registry.replies[f"/v2/apps/lane/blobs/{digest(config)}"] = (200, {}, config)
    for body, kind in bodies:
        registry.manifest("apps/lane", "1.0", as_json(body), kind)
        with pytest.raises(RegistryError):
            read(registry.host)
    assert not any(".." in path or "sha512" in path for path in registry.asked)


def test_a_header_with_another_kind_of_digest_is_refused(registry: Standin) -> None:
    """Nothing could be held against it."""
    registry.publish("apps/lane", "1.0", picture())
    path = "/v2/apps/lane/manifests/1.0"
    status, headers, body = registry.replies[path]  # type: ignore[misc]
    registry.replies[path] = (status, headers | {"Docker-Content-Digest": "sha512:" + "0" * 128}, body)
    with pytest.raises(RegistryUnreachableError, match="no digest by SHA-256"):
        read(registry.host)


def test_an_index_is_not_believed_about_architectures(registry: Standin) -> None:
    """One manifest for amd64 that is listed for arm64 too would be pulled by every arm64 node, and run on none."""
    made = Picture()
    data = add_image(made, "amd64", "", 100)
    made.manifests[digest(data)] = data
    entries = [
        {"digest": digest(data), "size": len(data), "platform": {"os": "linux", "architecture": name}}
        for name in ("amd64", "arm64")
    ]
    made.index = as_json({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries})
    registry.publish("apps/lane", "1.0", made)
    with pytest.raises(UnusableImageError, match="lists for arm64 was built for amd64"):
        read(registry.host)


@pytest.mark.parametrize("size", [10**30, 2**40 + 1, -1, True, 1.5, "1", None])
def test_a_size_that_no_disk_has_is_refused(registry: Standin, size: object) -> None:
    """It could be locked, and not be read back."""
    config = as_json({"os": "linux", "architecture": "amd64"})
    body = {"config": {"digest": digest(config)}, "layers": [{"digest": digest(b"l"), "size": size}]}
    registry.manifest("apps/lane", "1.0", as_json(body), MANIFEST)
    registry.replies[f"/v2/apps/lane/blobs/{digest(config)}"] = (200, {}, config)
    with pytest.raises(UnusableImageError, match="or no size up to 1 TiB"):
        read(registry.host)


def test_layers_that_add_up_to_more_than_a_disk_are_refused(registry: Standin) -> None:
    """Each may be right by itself; and nobody stacks a thousand of them."""
    config = as_json({"os": "linux", "architecture": "amd64"})
    registry.replies[f"/v2/apps/lane/blobs/{digest(config)}"] = (200, {}, config)
    for number, size in ((2, 2**40), (501, 1)):
        layers = [{"digest": digest(b"%d" % n), "size": size} for n in range(number)]
        body = {"config": {"digest": digest(config)}, "layers": layers}
        registry.manifest("apps/lane", "1.0", as_json(body), MANIFEST)
        with pytest.raises(UnusableImageError, match="runs on no node"):
            read(registry.host)


@pytest.mark.parametrize(
    "offers",
    [['Basic realm="x"', "Negotiate"], ["Negotiate", 'Basic realm="x"'], ['Negotiate, Basic realm="x"']],
    ids=["basic first", "basic last", "one line"],
)
def test_of_several_ways_to_say_who_asks_the_known_one_is_taken(slow: Wire, offers: list[str]) -> None:
    """RFC 9110, 11.6.1: on one line or on several."""
    made = Picture()
    data = add_image(made, "arm64", "", 100)

    def script(asked: Asked) -> list[bytes]:
        if asked.authorization != basic("bot:opensesame"):
            return [answer(401, headers=[("WWW-Authenticate", offer) for offer in offers])]
        if "/blobs/" in asked.path:
            return [answer(200, made.blobs[asked.path.rpartition("/")[2]])]
        return [answer(200, data, [("Content-Type", MANIFEST)])]

    slow.script = script
    assert list(read(slow.host, logins(slow.host)).platforms) == ["arm64"]  # type: ignore[attr-defined]


def test_a_registrys_words_cannot_speak_to_the_terminal(registry: Standin) -> None:
    """Escapes and line feeds in what it sends are no part of a message."""
    body = {"mediaType": "\x1b[2J\nerror MP0000: all is well\ud800"}
    registry.manifest("apps/lane", "1.0", as_json(body), "application/json")
    with pytest.raises(UnusableImageError) as raised:
        read(registry.host)
    assert str(raised.value).isprintable()
