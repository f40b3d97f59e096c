"""Git over HTTP on loopback, by Git's own ``http-backend``: what a source controller pulls from. It can be shut and opened."""

from __future__ import annotations

import os
import subprocess
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit


@dataclass
class GitServer:
    """One empty repository, ``rendered.git``, that everybody may read and push to."""

    folder: Path
    address: str
    port: int = 3000
    _server: ThreadingHTTPServer | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://{self.address}:{self.port}/rendered.git"

    @property
    def repository(self) -> Path:
        return self.folder / "rendered.git"

    def create(self) -> None:
        subprocess.run(["git", "init", "-q", "--bare", self.repository], check=True)
        subprocess.run(["git", "-C", self.repository, "config", "http.receivepack", "true"], check=True)

    def open(self) -> None:
        handler = type("Handler", (_Backend,), {"folder": self.folder})
        self._server = ThreadingHTTPServer((self.address, self.port), handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def shut(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Backend(BaseHTTPRequestHandler):
    """Hands each request to ``git http-backend``, as a web server would by CGI."""

    folder: Path
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._hand_over(b"")

    def do_POST(self) -> None:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body = b"".join(iter(self._chunk, b""))
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._hand_over(body)

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _chunk(self) -> bytes:
        size = int(self.rfile.readline().split(b";")[0], 16)
        data = self.rfile.read(size)
        self.rfile.readline()
        return data

    def _hand_over(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        environment = os.environ | {
            "GIT_PROJECT_ROOT": str(self.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        done = subprocess.run(
            ["git", "http-backend"], input=body, env=environment, capture_output=True, check=False
        )
        head, _, answer = done.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        self.send_response(int(fields.pop("Status", "200").split()[0]))
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        # A connection that is kept would go on being served after the door is shut.
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer)
