"""Bytes over HTTPS: time limits, a few more tries, limits of size, the proxies of the environment, and no plain HTTP.

Knows nothing of images and nothing of who asks; ``client`` says what, ``tokens`` says who.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import HTTPError

from milepost import __version__
from milepost.registry.address import is_loopback
from milepost.registry.errors import RegistryUnreachableError

LIMIT = 4 * 2**20
"""Bytes of one answer; the OCI distribution specification lets a registry refuse larger manifests."""

CONNECT, READ, WHOLE = 10.0, 30.0, 120.0
"""Seconds to connect, between two pieces of an answer, and for all of it."""
_BUSY = (429, 502, 503, 504)
_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A whole answer; names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpPool:
    """Connections that are kept open; safe to use from several threads."""

    def __init__(self, ca_file: Path | None = None) -> None:
        """``ca_file`` is trusted beside the system's. Raises OSError (ssl.SSLError among them) where it is no use."""
        context = ssl.create_default_context()
        if ca_file is not None:
            context.load_verify_locations(cafile=ca_file)
        self._retries = urllib3.Retry(
            total=4,
            connect=2,
            read=2,
            status=3,
            redirect=False,
            status_forcelist=_BUSY,
            backoff_factor=0.3,
            retry_after_max=20,
            raise_on_status=False,
        )
        self._options: dict[str, Any] = {"maxsize": 8, "ssl_context": context, "retries": self._retries}
        self._direct = urllib3.PoolManager(**self._options)
        self._proxies: dict[str, urllib3.ProxyManager] = {}
        self._silent: dict[str, str] = {}

    def get(self, url: str, headers: Mapping[str, str], *, authorization: str | None = None) -> HttpResponse:
        """GET, through redirects. Raises UnreachableError.

        ``authorization`` is for the address that was asked: where a redirect leads to another host it stays behind.
        """
        asked = url
        for _ in range(_MOST_REDIRECTS):
            sent = dict(headers)
            if authorization is not None and _origin(url) == _origin(asked):
                sent["Authorization"] = authorization
            answer = self.request("GET", url, sent)
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or location is None:
                return answer
            url = urljoin(url, location)
        raise RegistryUnreachableError(f"{_shown(asked)} leads from one address to the next without end")

    def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> HttpResponse:
        """One request, no redirects. Raises UnreachableError; a host that gave no answer once is not asked again."""
        _check_scheme(url)
        host = urlsplit(url).netloc.rpartition("@")[2]
        if host in self._silent:
            raise RegistryUnreachableError(self._silent[host])
        sent = {"User-Agent": f"milepost/{__version__}", "Accept-Encoding": "identity", **headers}
        try:
            response = self._manager(url).request(
                method,
                url,
                body=body,
                headers=sent,
                redirect=False,
                preload_content=False,
                decode_content=False,
                timeout=urllib3.Timeout(connect=CONNECT, read=READ),
            )
            data = _whole(response, url)
        except HTTPError as error:
            self._silent[host] = f"{host} cannot be reached: {_why(error)}"
            raise RegistryUnreachableError(self._silent[host]) from None
        if response.status in _BUSY or response.status >= 500:
            raise RegistryUnreachableError(f"{host} answers {response.status}")
        return HttpResponse(response.status, {k.lower(): v for k, v in response.headers.items()}, data)

    def _manager(self, url: str) -> urllib3.PoolManager:
        """Straight to this machine itself and to what the environment exempts; otherwise as it says."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        proxy = None if is_loopback(host) or proxy_bypass(host) else getproxies().get(parts.scheme)
        if proxy is None:
            return self._direct
        if proxy not in self._proxies:
            self._proxies[proxy] = urllib3.ProxyManager(proxy, **self._options)
        return self._proxies[proxy]


def _whole(response: urllib3.BaseHTTPResponse, url: str) -> bytes:
    """The body, unless it is too large or takes too long; a connection with a rest in it is not used again."""
    started, pieces, size = time.monotonic(), [], 0
    for piece in response.stream(2**16, decode_content=False):
        pieces.append(piece)
        size += len(piece)
        if size > LIMIT or time.monotonic() - started > WHOLE:
            response.close()
            why = f"with more than {LIMIT // 2**20} MiB" if size > LIMIT else "too slowly"
            raise RegistryUnreachableError(f"{_shown(url)} answers {why}")
    response.release_conn()
    return b"".join(pieces)


def _check_scheme(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise RegistryUnreachableError(
            f"{_shown(url)} is not https://, and plain HTTP is for this machine itself alone"
        )


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _shown(url: str) -> str:
    """Without user, query and fragment: tokens travel there."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def _why(error: HTTPError) -> str:
    """The innermost reason in few words, without addresses of objects."""
    reason: BaseException = error
    while (inner := getattr(reason, "reason", None) or reason.__cause__) is not None:
        if not isinstance(inner, BaseException):
            break
        reason = inner
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({reason.verify_message})"
    if isinstance(reason, TimeoutError | urllib3.exceptions.TimeoutError):
        return "no answer in time"
    return getattr(reason, "strerror", None) or str(reason)
