"""A network of one's own for a test: nothing but loopback, so that nothing can leave and no port is taken.

Where the machine does not allow it (it takes root) a test runs in the machine's own network.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

_NEW_NETWORK = 0x40000000
"""CLONE_NEWNET of unshare(2)."""


@contextmanager
def loopback_only() -> Iterator[bool]:
    """This thread, and every thread and process that it starts, sees loopback alone; gives whether that worked."""
    system = ctypes.CDLL(None, use_errno=True)
    before = os.open("/proc/self/ns/net", os.O_RDONLY)
    try:
        isolated = system.unshare(_NEW_NETWORK) == 0
        if isolated:
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        yield isolated
        if isolated and system.setns(before, _NEW_NETWORK) != 0:
            raise OSError(ctypes.get_errno(), "the way back to the machine's network is gone")
    finally:
        os.close(before)
