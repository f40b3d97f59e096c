"""What was measured on, so that somebody else can tell why theirs differs. No names of hosts or people."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = ("pydantic", "PyYAML", "Jinja2", "jsonschema-rs", "click")


def describe() -> dict[str, str]:
    """Name to value, in the order of the page."""
    return {
        "processor": f"{_processor()}, {len(os.sched_getaffinity(0))} cores for this run",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "system": f"{_system()}, Linux {platform.release()}",
        "Python": f"{platform.python_version()}, {_whose_python()}",
        "libraries": ", ".join(f"{name} {_version(name)}" for name in LIBRARIES),
        "Milepost": _version("milepost"),
    }


def load() -> float:
    """How many processes wanted a processor in the last minute."""
    return os.getloadavg()[0]


def memory_file_system() -> Path | None:
    """A folder in memory with room for a few trees, where the system has one."""
    folder = Path("/dev/shm")
    if not os.access(folder, os.W_OK):
        return None
    state = os.statvfs(folder)
    return folder if state.f_bavail * state.f_frsize > 3 * 2**30 else None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names and names[0] else platform.machine()


def _whose_python() -> str:
    """Distributions build Python with profiles of its own work; one that is built without is a fifth slower."""
    return "the system's own" if sys.base_prefix == "/usr" else "not the system's own"


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
