"""HTTPS connections: time limits, retries, limits of size, the proxies of the environment, and no plain HTTP.

Knows nothing of images and nothing of who asks; ``client`` says what, ``tokens`` says who, ``door`` whom not to ask.
"""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from milepost import __version__
from milepost.model.record import by_value
from milepost.registry.address import is_loopback
from milepost.registry.deadline import POOLS, Deadline, Watch
from milepost.registry.door import checked, named, origin, shown
from milepost.registry.errors import RegistryUnreachableError, plain

LIMIT = 4 * 2**20
"""Bytes of one answer; the OCI distribution specification lets a registry refuse larger manifests."""
_BUSY = (429, 500, 502, 503, 504)
"""Answers that may be others at the next try. 500 among them: the plain registry gives it to who reads a tag in the very
moment that another moves it."""
_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
_TRIES, _FIRST_PAUSE, _LONGEST_PAUSE = 4, 0.3, 20.0
_SENDING = 32 * 2**10
"""Bytes a second that a line carries at least: what is sent gets time beside the limits."""
_FAULTS = (HTTPError, http.client.HTTPException, OSError, ValueError)


@by_value
class Limits:
    """Seconds: to connect, between two pieces, for one exchange, and for all tries and redirects together."""

    connect: float = 10.0
    read: float = 30.0
    exchange: float = 60.0
    total: float = 120.0


@by_value
class HttpResponse:
    """An HTTP response, read whole; names of headers in small letters, those that came twice joined by commas."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpPool:
    """A pool of HTTPS connections that are kept open; safe to use from several threads."""

    def __init__(
        self, ca_file: Path | None = None, limits: Limits | None = None, *, within: float | None = None
    ) -> None:
        """``ca_file`` is trusted beside the system's; ``within`` are seconds for everything that is ever asked.

        Raises OSError (ssl.SSLError among them) where the file is no use.
        """
        context = ssl.create_default_context()
        if ca_file is not None:
            context.load_verify_locations(cafile=ca_file)
        self._limits = limits or Limits()
        self._all = None if within is None else Deadline(within)
        self._options: dict[str, Any] = {"maxsize": 8, "ssl_context": context}
        self._direct = _watched(urllib3.PoolManager(**self._options))
        self._proxies: dict[str, urllib3.PoolManager] = {}
        self._silent: dict[str, str] = {}

    def get(self, url: str, headers: Mapping[str, str], *, authorization: str | None = None) -> HttpResponse:
        """GET, through redirects. Raises RegistryUnreachableError.

        ``authorization`` is for the address that was asked: where a redirect leads to another host it stays behind.
        """
        asked, deadline = url, Deadline(self._limits.total)
        for _ in range(_MOST_REDIRECTS):
            sent = dict(headers)
            if authorization is not None and origin(url) == origin(asked):
                sent["Authorization"] = authorization
            answer = self._tries("GET", url, sent, None, deadline, remote=_is_led(asked, url))
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or location is None:
                return answer
            url = named(url, location, "redirect")
        raise RegistryUnreachableError(f"{shown(asked)} leads from one address to the next without end")

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        *,
        named_by: str | None = None,
    ) -> HttpResponse:
        """One request, no redirects. Raises RegistryUnreachableError; a host that gave no answer once is not asked again.

        ``named_by`` is the address whose server named this one.
        """
        deadline = Deadline(self._limits.total + 2 * _sending(body))
        return self._tries(method, url, headers, body, deadline, remote=_is_led(named_by, url))

    def _tries(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        deadline: Deadline,
        *,
        remote: bool,
    ) -> HttpResponse:
        host = checked(url).netloc
        # Uncompressed: a digest is of the bytes as they are, and a small answer could unpack to
        # gigabytes.
        sent = {"User-Agent": f"milepost/{__version__}", "Accept-Encoding": "identity", **headers}
        for number in range(1, _TRIES + 1):
            # A hundred images of one dead registry wait for it once, not a hundred times.
            if host in self._silent:
                raise RegistryUnreachableError(self._silent[host])
            last = number == _TRIES
            pause = _FIRST_PAUSE * 2**number
            try:
                answer = self._exchange(method, url, sent, body, deadline, remote=remote)
            except _FAULTS as error:
                if last or deadline.left <= pause or not _may_pass(error, method):
                    self._silent[host] = f"{host} cannot be reached: {_why(error)}"
                    raise RegistryUnreachableError(self._silent[host]) from None
            else:
                pause = _asked_pause(answer, pause)
                # A POST may have done its work although the answer says busy; repeating an
                # upload's begin would leave the first one open.
                if answer.status not in _BUSY or method == "POST":
                    return _usable(answer, host)
                if last or deadline.left <= pause:
                    raise RegistryUnreachableError(f"{host} answers {answer.status}")
            time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        deadline: Deadline,
        *,
        remote: bool,
    ) -> HttpResponse:
        limits = self._limits
        seconds = min(
            limits.exchange + _sending(body), deadline.left, *([self._all.left] if self._all else [])
        )
        with Watch(seconds, remote=remote) as watch:
            try:
                response = self._manager(url).request(
                    method,
                    url,
                    body=body,
                    headers=dict(headers),
                    redirect=False,
                    # urllib3's own retries know no limit for all of them together.
                    retries=False,
                    # Read piece by piece, so that too large a body is dropped when it is known
                    # to be one.
                    preload_content=False,
                    decode_content=False,
                    timeout=urllib3.Timeout(connect=limits.connect, read=limits.read),
                )
                data = _whole(response, url)
            except _FAULTS:
                if not watch.over:
                    raise
            if watch.over:
                # What was read until then may look whole: the end of a connection ends a head, and a body without length.
                self._silent[checked(url).netloc] = f"{shown(url)} answers too slowly"
                raise RegistryUnreachableError(f"{shown(url)} answers too slowly")
        # In small letters, since HTTP/1 proxies spell headers as they like.
        names = {name.lower() for name in response.headers}
        return HttpResponse(response.status, {n: response.headers.get(n, "") for n in names}, data)

    def _manager(self, url: str) -> urllib3.PoolManager:
        """Straight to this machine itself and to what the environment exempts; otherwise as it says."""
        parts = checked(url)
        host = parts.hostname or ""
        # The environment is asked at each request, as curl does: it may differ by host
        # (`no_proxy`).
        proxy = None if is_loopback(host) or proxy_bypass(host) else getproxies().get(parts.scheme)
        if proxy is None:
            return self._direct
        if proxy not in self._proxies:
            self._proxies[proxy] = _watched(urllib3.ProxyManager(proxy, **self._options))
        return self._proxies[proxy]


def _watched(manager: urllib3.PoolManager) -> urllib3.PoolManager:
    manager.pool_classes_by_scheme = dict(POOLS)
    return manager


def _is_led(base: str | None, url: str) -> bool:
    """Whether a redirect or a token realm of another machine led to this address."""
    return base is not None and origin(base) != origin(url) and not is_loopback(checked(base).hostname or "")


def _sending(body: bytes | None) -> float:
    return len(body or b"") / _SENDING


def _usable(answer: HttpResponse, host: str) -> HttpResponse:
    if answer.status in _BUSY or answer.status >= 500:
        raise RegistryUnreachableError(f"{host} answers {answer.status}")
    return answer


def _asked_pause(answer: HttpResponse, pause: float) -> float:
    """As a busy server asks, within reason."""
    text = answer.headers.get("retry-after", "")
    return min(float(text), _LONGEST_PAUSE) if text.isascii() and text.isdigit() else pause


def _may_pass(error: Exception, method: str) -> bool:
    """Whether another try may do better and does no harm."""
    if isinstance(error, RegistryUnreachableError | ssl.SSLCertVerificationError):
        return False
    return method != "POST" or isinstance(error, NewConnectionError | ConnectTimeoutError)


def _whole(response: urllib3.BaseHTTPResponse, url: str) -> bytes:
    """The body, unless it is too large; a connection with a rest in it is not used again."""
    pieces, size = [], 0
    for piece in response.stream(2**16, decode_content=False):
        pieces.append(piece)
        size += len(piece)
        if size > LIMIT:
            response.close()
            raise RegistryUnreachableError(f"{shown(url)} answers with more than {LIMIT // 2**20} MiB")
    response.release_conn()
    return b"".join(pieces)


def _why(error: Exception) -> str:
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
    return plain(getattr(reason, "strerror", None) or str(reason).rpartition(">: ")[2])
