"""A real Chromium without a window, driven over a pipe by its own protocol: no port, no library, no network.

Everything that the page writes to its console, and every error that it does not catch, is kept.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
]
_PATIENCE = 60
"""Seconds that a page may take on a busy machine."""


class Browser:
    """One page. ``faults`` are the errors and warnings of all that was opened; ``requests`` what it asked for."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands = os.fdopen(commands, "wb", buffering=0)
        self._answers = os.fdopen(answers, "rb")
        self._last, self._session = 0, ""
        self.faults: list[str] = []
        self.requests: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command and its answer; events on the way are kept."""
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._commands.write(json.dumps(message).encode() + b"\0")
        while True:
            heard = self._hear()
            if heard.get("id") == self._last:
                assert "error" not in heard, heard
                result: dict[str, Any] = heard["result"]
                return result

    def _hear(self) -> dict[str, Any]:
        data = bytearray()
        while (byte := self._answers.read(1)) != b"\0":
            assert byte, "the browser ended"
            data += byte
        heard: dict[str, Any] = json.loads(data)
        self._note(heard.get("method", ""), heard.get("params", {}))
        return heard

    def _note(self, event: str, told: dict[str, Any]) -> None:
        if event == "Runtime.exceptionThrown":
            details = told["exceptionDetails"]
            self.faults.append(details.get("exception", {}).get("description") or details["text"])
        elif event == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning", "assert"):
            self.faults.append(str([arg.get("value") for arg in told["args"]]))
        elif event == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
            self.faults.append(told["entry"]["text"])
        elif event == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])

    def open(
        self, page: Path, fragment: str = "", *, width: int = 1280, height: int = 900, dark: bool = False
    ) -> None:
        """Load ``page`` anew and wait until its script has drawn what is in sight."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        # Another fragment alone would not load the page anew.
        for address in ("about:blank", f"{page.resolve().as_uri()}{fragment}"):
            self.call("Page.navigate", url=address)
        end = time.monotonic() + _PATIENCE
        while self.run("document.documentElement?.dataset.ready") != "true":
            assert time.monotonic() < end, self.faults
            time.sleep(0.02)
        self.settle()

    def settle(self) -> None:
        """Wait for some frames: what comes into sight is drawn in the first, what that asks for in the next."""
        frame = "new Promise(done => requestAnimationFrame(done))"
        self.run(f"(async () => {{ for (let i = 0; i < 6; i++) await {frame}; return true }})()")

    def run(self, script: str) -> Any:
        """The value of an expression in the page; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press and release a key where the focus is."""
        codes = {"Tab": 9, "ArrowRight": 39, "ArrowLeft": 37, "End": 35, "Home": 36, "Enter": 13}
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=codes[key],
                **text,
            )
            text = {}
        self.settle()

    def picture(self, file: Path, clip: tuple[int, int, int, int] | None = None) -> None:
        """A PNG of what is in sight, or of a part of the whole page: left, top, width, height."""
        part = {}
        if clip is not None:
            part = {"clip": dict(zip(("x", "y", "width", "height"), clip, strict=True)) | {"scale": 1}}
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=clip is not None, **part)
        file.write_bytes(base64.b64decode(shot["data"]))


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser with a profile of its own, gone afterwards."""
    assert CHROMIUM is not None
    from_us, commands = os.pipe()
    answers, to_us = os.pipe()
    with tempfile.TemporaryDirectory(prefix="milepost-chromium-", ignore_cleanup_errors=True) as profile:
        line = ["bash", "-c", f'exec "$0" "$@" 3<&{from_us} 4>&{to_us}', CHROMIUM, *_FLAGS]
        process = subprocess.Popen(
            [*line, f"--user-data-dir={profile}"],
            pass_fds=(from_us, to_us),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(from_us)
        os.close(to_us)
        try:
            yield Browser(commands, answers)
        finally:
            process.terminate()
            process.wait(20)
