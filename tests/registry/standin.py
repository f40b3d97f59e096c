"""A registry in memory, on loopback: for answers that a sound registry never gives, and for challenges.

What a sound registry answers is asked of a real one, in ``test_chain.py``.
"""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from registry.pictures import INDEX, MANIFEST, Picture, digest

Reply = tuple[int, dict[str, str], bytes]
"""Status, headers, body."""


class Standin:
    """``replies`` are by path, without the query; ``asked`` is every request that came."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply | Callable[[BaseHTTPRequestHandler], Reply]] = {}
        self.asked: list[str] = []
        self.authorizations: list[str] = []
        self.login: str | None = None
        """``name:password``; where it is given, tokens are sold for it and nothing is shown without one."""
        self.host = ""

    def publish(self, repository: str, tag: str, picture: Picture) -> None:
        """Serve a picture as a sound registry does."""
        self.manifest(repository, tag, picture.index, INDEX)
        for name, data in picture.manifests.items():
            self.manifest(repository, name, data, MANIFEST)
        for name, data in picture.blobs.items():
            self.replies[f"/v2/{repository}/blobs/{name}"] = (200, {}, data)

    def manifest(self, repository: str, reference: str, data: bytes, media_type: str) -> None:
        headers = {"Content-Type": media_type, "Docker-Content-Digest": digest(data)}
        for name in (reference, digest(data)):
            self.replies[f"/v2/{repository}/manifests/{name}"] = (200, headers, data)

    def answer(self, request: BaseHTTPRequestHandler) -> Reply:
        url = urlsplit(request.path)
        said = request.headers.get("Authorization", "")
        self.asked.append(f"{request.command} {url.path}")
        self.authorizations.append(said)
        if url.path == "/token":
            return self._token(said, parse_qs(url.query))
        repository = re.split("/(?:manifests|blobs)/", url.path.removeprefix("/v2/"))[0]
        if self.login is not None and said != f"Bearer for {repository}":
            challenge = f'Bearer realm="http://{self.host}/token",service="standin",scope="repository:{repository}:pull"'
            return 401, {"WWW-Authenticate": challenge}, b"{}"
        reply = self.replies.get(url.path, (404, {}, b"{}"))
        return reply(request) if callable(reply) else reply

    def _token(self, said: str, query: dict[str, list[str]]) -> Reply:
        if self.login and said != f"Basic {base64.b64encode(self.login.encode()).decode()}":
            return 401, {}, b"{}"
        return 200, {}, b'{"token": "for %s"}' % query["scope"][0].split(":")[1].encode()


@contextmanager
def standin() -> Iterator[Standin]:
    """A registry that stands in for the time of a test."""
    registry = Standin()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, body = registry.answer(self)
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    registry.host = f"127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield registry
    finally:
        server.shutdown()
        server.server_close()
