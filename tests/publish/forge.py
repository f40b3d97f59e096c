"""A stand-in for GitHub and GitLab on the loopback: as much of either as writing one comment takes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Forge:
    """Keeps comments as (author, text) and speaks as much of either interface as is asked for."""

    comments: list[list[str]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    refuse: int = 0
    page: int = 100
    url: str = ""

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        self.calls.append(f"{method} {path}")
        parts = urlsplit(path)
        if self.refuse and method != "GET" and not path.endswith("/graphql"):
            return self.refuse, {"message": "no"}
        if path == "/graphql":
            return 200, self._graphql(body["variables"])
        if path == "/api/v4/user":
            return 200, {"id": 7}
        if method == "GET":
            return 200, self._notes(int(parse_qs(parts.query)["page"][0]))
        if method == "POST":
            self.comments.append(["me", body["body"]])
        else:
            self.comments[int(parts.path.rpartition("/")[2])][1] = body["body"]
        return 201, {}

    def _graphql(self, variables: dict[str, Any]) -> Any:
        start = int(variables["after"] or 0)
        end = start + self.page
        nodes = [
            {"databaseId": i, "body": text, "viewerDidAuthor": author == "me"}
            for i, (author, text) in list(enumerate(self.comments))[start:end]
        ]
        more = {"hasNextPage": end < len(self.comments), "endCursor": str(end)}
        found = {"comments": {"nodes": nodes, "pageInfo": more}} if variables["number"] == 12 else None
        return {"data": {"repository": {"pullRequest": found}}}

    def _notes(self, page: int) -> Any:
        chosen = list(enumerate(self.comments))[(page - 1) * 100 : page * 100]
        return [
            {"id": i, "body": text, "system": False, "author": {"id": 7 if author == "me" else 8}}
            for i, (author, text) in chosen
        ]


@contextmanager
def serving() -> Iterator[Forge]:
    """It listens as long as the context; ``url`` says where."""
    kept = Forge()

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            said = self.rfile.read(size)
            if len(said) < size:
                # Whoever asked is gone.
                return
            body = json.loads(said) if size else None
            kept.tokens.add(self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or "")
            status, answer = kept.answer(self.command, self.path, body)
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = _do  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
