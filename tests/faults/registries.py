"""Registries that answer wrongly, slowly or with intent: `images lock` ends in words and in time, and nothing gets out."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from faults.figures import Figures
from milepost.model.spec import ImageLock
from milepost.registry import Credentials, HttpPool, RegistryClient, lock_text
from milepost.registry.errors import (
    RegistryDeniedError,
    RegistryError,
    RegistryUnreachableError,
    UnusableImageError,
    VersionAbsentError,
)
from milepost.registry.http import Limits
from milepost.registry.image_version import read_version
from registry.pictures import INDEX, MANIFEST, Picture, as_json, digest, picture
from registry.wire import Asked, Wire, answer, drip, wire

NAME = "hostile registries"
COUNT, QUICK = 120, 12
LIMITS = Limits(connect=1.0, read=0.5, exchange=0.8, total=1.5)
LONGEST = 15.0
"""Seconds for one registry: the limits several times over, since the machine may be busy."""
PASSWORD = "opensesame"
_WORDS: dict[type[RegistryError], str] = {
    RegistryUnreachableError: "no usable answer",
    RegistryDeniedError: "refused",
    VersionAbsentError: "not there",
    UnusableImageError: "no image that can be locked",
}
Pieces = Iterable[bytes | float]


@dataclass(frozen=True)
class Behaviour:
    """``spoil`` gets a sound answer's status, body and headers, and gives what is sent in its place."""

    name: str
    spoil: Callable[[Wire, Wire, bytes, str], Pieces]
    """The registry, another server, the sound body and its type."""


def _head(lines: str, body: bytes = b"") -> bytes:
    return lines.replace("\n", "\r\n").encode("latin-1", "replace") + b"\r\n\r\n" + body


def _kind(kind: str) -> list[tuple[str, str]]:
    return [("Content-Type", kind)]


ADDRESSES = (
    "https://[::1/x", "https://h:99999/x", "https:///x", "ftp://h/x", "file:///etc/passwd", "javascript:1",
    "http://192.0.2.1/x", "https://u:p@h/x", "https://h\\@g/x", "//[/x", "https://h h/x", "http://registry.example/x",
)  # fmt: skip
CLAIMS = (
    "../../x",
    "sha512:" + "0" * 128,
    "sha256:" + "G" * 64,
    "sha256:0",
    "x" * 5000,
    "sha256:" + "0" * 64,
)
SIZES = ("1" + "0" * 30, "-1", "1.5", "true", '"1"', "null", "NaN", "1e999", "9" * 5000)
TOKENS = ('"a\\r\\nX: 1"', '"\\u0000"', '""', "7", "[]", '"%s"' % ("x" * 70_000), "{}", "null", '"\\ud800"')
BODIES = (
    b"", b"{", b"[]", b"null", b"7", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b"{" + b'"a":1,' * 9 + b'"a":2}',
    b'{"manifests": {}}', b'{"manifests": [7]}', b'{"manifests": [{"platform": []}]}', b'{"layers": 7, "config": []}',
    b'{"mediaType": "\\u001b[2Jall is well"}', b"<html>log in</html>", b"9" * 5000, b"x" * (5 * 2**20),
)  # fmt: skip


def _behaviours() -> Iterator[Behaviour]:
    """Every kind of harm; where it is done, the seed decides."""

    def said(name: str, make: Callable[[bytes, str], Pieces]) -> Behaviour:
        return Behaviour(name, lambda registry, other, body, kind: make(body, kind))

    yield said("drips its head", lambda body, kind: drip(answer(200, body, _kind(kind)), 0.05))
    yield said(
        "drips its body", lambda body, kind: [answer(200, body, _kind(kind))[: -len(body)], *drip(body, 0.05)]
    )
    yield said("is sound", lambda body, kind: [answer(200, body, _kind(kind))])
    yield said("says nothing", lambda body, kind: [3.0])
    yield said("closes at once", lambda body, kind: _closing(b""))
    yield said("closes in its head", lambda body, kind: _closing(b"HTTP/1.1 200 OK\r\nContent-Le"))
    yield said("closes in its body", lambda body, kind: _closing(answer(200, body, _kind(kind))[:-3]))
    yield said("continues for ever", lambda body, kind: [_head("HTTP/1.1 100 Continue"), 0.02] * 200)
    yield said(
        "has headers without end", lambda body, kind: [b"HTTP/1.1 200 OK\r\n", *[b"X: x\r\n"] * 500, 3.0]
    )
    yield said(
        "has a header without end", lambda body, kind: [b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000, 3.0]
    )
    yield said(
        "has chunks without end",
        lambda body, kind: [
            _head("HTTP/1.1 200 OK\nTransfer-Encoding: chunked"),
            *[b"1\r\nx\r\n", 0.02] * 200,
        ],
    )
    yield said(
        "has a chunk of a size that is none",
        lambda body, kind: _closing(_head("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", b"zz\r\n")),
    )
    yield said(
        "has another length",
        lambda body, kind: _closing(
            _head(f"HTTP/1.1 200 OK\nContent-Type: {kind}\nContent-Length: {len(body) + 9}", body)
        ),
    )
    yield said(
        "has a length that is none",
        lambda body, kind: _closing(_head("HTTP/1.1 200 OK\nContent-Length: -7", body)),
    )
    yield said(
        "has two lengths",
        lambda body, kind: _closing(_head("HTTP/1.1 200 OK\nContent-Length: 3\nContent-Length: 99", body)),
    )
    yield said("speaks no HTTP", lambda body, kind: _closing(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"))
    yield said("speaks HTTP of another kind", lambda body, kind: _closing(b"HTTP/7.3 200 OK\r\n\r\n"))
    yield said("has a status that is none", lambda body, kind: _closing(b"HTTP/1.1 9999999 X\r\n\r\n"))
    yield said(
        "is packed where it was not asked to be",
        lambda body, kind: [answer(200, body, [*_kind(kind), ("Content-Encoding", "gzip")])],
    )
    for status in (204, 206, 301, 304, 400, 403, 404, 418, 429, 500, 503):
        yield said(
            f"answers {status}",
            lambda body, kind, status=status: [answer(status, b"{}", [("Retry-After", "1e9")])],
        )
    for number, claim in enumerate(CLAIMS):
        yield said(
            f"says digest {number}",
            lambda body, kind, claim=claim: [
                answer(200, body, [*_kind(kind), ("Docker-Content-Digest", claim)])
            ],
        )
    for number, other in enumerate(BODIES):
        yield said(f"has body {number}", lambda body, kind, other=other: [answer(200, other, _kind(kind))])
    for number, address in enumerate(ADDRESSES):
        yield said(
            f"leads to address {number}",
            lambda body, kind, address=address: [answer(307, b"", [("Location", address)])],
        )
        realm = f'Bearer realm="{address}",service="s"'
        yield said(
            f"names token server {number}",
            lambda body, kind, realm=realm: [answer(401, b"", [("WWW-Authenticate", realm)])],
        )
    yield Behaviour(
        "leads in a ring",
        lambda registry, other, body, kind: [
            answer(307, b"", [("Location", f"http://{registry.host}/v2/apps/lane/manifests/1.0")])
        ],
    )
    yield Behaviour(
        "leads to another",
        lambda registry, other, body, kind: [answer(307, b"", [("Location", f"http://{other.host}/x")])],
    )
    yield Behaviour(
        "names another's token server",
        lambda registry, other, body, kind: [
            answer(401, b"", [("WWW-Authenticate", f'Bearer realm="http://{other.host}/token"')])
        ],
    )
    for number, token in enumerate(TOKENS):
        yield Behaviour(
            f"sells token {number}",
            lambda registry, other, body, kind, token=token: _selling(registry, token),
        )


def _selling(registry: Wire, token: str) -> Pieces:
    registry.notes["token"] = f'{{"token": {token}}}'
    return [answer(401, b"", [("WWW-Authenticate", f'Bearer realm="http://{registry.host}/token"')])]


def _closing(data: bytes) -> Pieces:
    yield data
    raise ConnectionError("closed as the behaviour wants it")


def _contents(rng: random.Random) -> Iterator[tuple[str, Picture, str]]:
    """Lies that are sound by their digests: in an index, a manifest or a configuration."""
    made = picture(("amd64",))
    (entry,) = json.loads(made.index)["manifests"]
    for number, claim in enumerate(CLAIMS):
        yield f"lists digest {number}", _index(made, [{**entry, "digest": claim}]), INDEX
    arm = {"os": "linux", "architecture": "arm64"}
    yield "lists one for two", _index(made, [entry, {**entry, "platform": arm}]), INDEX
    yield (
        "lists a stranger",
        _index(made, [{**entry, "platform": {"os": "plan9", "architecture": "z80"}}]),
        INDEX,
    )
    for number, size in enumerate(SIZES):
        config, layer = digest(b"c"), digest(b"l")
        head = as_json({"config": {"digest": config}}).decode().rstrip("}") + "}"
        text = f'{head}, "layers": [{{"digest": "{layer}", "size": {size}}}]}}'
        yield f"has size {number}", Picture(index=text.encode(), blobs={digest(b"c"): b"c"}), MANIFEST


def _index(made: Picture, entries: list[object]) -> Picture:
    index = as_json({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries})
    return Picture(blobs=made.blobs, manifests=made.manifests, layers=made.layers, index=index)


def run(count: int, seed: int) -> Figures:
    """``count`` registries; each behaviour once before any comes again."""
    figures = Figures(
        "A registry on loopback is sound but for one thing, in the answer for the tag, a platform, or a configuration.",
        f"A lock that reads back, or one sentence for people; within {LONGEST:g} s; and the password reaches nobody else.",
    )
    rng = random.Random(seed)
    cases: list[Behaviour | tuple[str, Picture, str]] = [*_behaviours(), *_contents(rng)]
    rng.shuffle(cases)
    for number in range(count):
        with wire() as registry, wire("127.0.0.2") as other:
            case = cases[number % len(cases)]
            if isinstance(case, Behaviour):
                name, place = case.name, rng.choice(("/manifests/1.0", "/manifests/sha256:", "/blobs/"))
                registry.script = _spoilt(case, place, registry, other)
            else:
                (name, made, kind), place = case, "the content"
                registry.script = _sound(made, registry, kind)
            _try(f"{name} at {place} (seed {seed})", registry, other, figures)
    return figures


def _sound(made: Picture, registry: Wire, kind: str = INDEX) -> Callable[[Asked], Pieces]:
    def script(asked: Asked) -> Pieces:
        name = asked.path.rpartition("/")[2]
        if asked.path.startswith("/token"):
            return [answer(200, registry.notes.get("token", "{}").encode())]
        if name == "1.0":
            return [answer(200, made.index, _kind(kind))]
        if name in made.manifests:
            return [answer(200, made.manifests[name], _kind(MANIFEST))]
        return [answer(200, made.blobs[name])] if name in made.blobs else [answer(404, b"{}")]

    return script


def _spoilt(case: Behaviour, place: str, registry: Wire, other: Wire) -> Callable[[Asked], Pieces]:
    made = picture()
    sound = _sound(made, registry)

    def script(asked: Asked) -> Pieces:
        if place not in asked.path:
            return sound(asked)
        name = asked.path.rpartition("/")[2]
        body = made.manifests.get(name) or made.blobs.get(name) or made.index
        return case.spoil(registry, other, body, INDEX if name == "1.0" else MANIFEST)

    return script


def _try(name: str, registry: Wire, other: Wire, figures: Figures) -> None:
    login = {"username": "bot", "password": PASSWORD}
    client = RegistryClient(HttpPool(limits=LIMITS), Credentials({"auths": {registry.host: login}}))
    began = time.monotonic()
    try:
        entry = read_version(client, f"{registry.host}/apps/lane", "1.0")
        kept = ImageLock.model_validate(
            {"apiVersion": "milepost.dev/v1alpha1", "kind": "ImageLock", "images": {"lane": {"1.0": [entry]}}}
        )
        outcome, said = "locked", lock_text(kept)
    except RegistryError as fault:
        outcome, said = _WORDS[type(fault)], str(fault)
        if not said.isprintable() or len(said) > 1000:
            figures.fail(f"{name}: says {said[:200]!r}")
            return
    except Exception as error:
        figures.fail(f"{name}: {type(error).__name__}: {error}")
        return
    taken = time.monotonic() - began
    if taken > LONGEST:
        figures.fail(f"{name}: took {taken:.1f} s")
    elif PASSWORD in said or any(asked.authorization for asked in other.asked):
        figures.fail(f"{name}: the login got out")
    else:
        figures.add(outcome)
