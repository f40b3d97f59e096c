"""Commands under ptrace: each system call of theirs that changes a disk or a remote is seen, and may be the last, or refused.

Counted over all processes and threads that a command starts, Git's among them; not over servers, which are not its
children. A filter of seccomp stops a process at the calls of the table alone, so that a command runs at nearly its speed.
Linux on x86-64; whoever is not allowed to trace gets PermissionError.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import os
import platform
import signal
import socket
import struct
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

POSSIBLE = sys.platform == "linux" and platform.machine() == "x86_64"

_NUMBERS = {
    0x02: "open", 0x101: "openat", 0x55: "creat", 0x01: "write", 0x12: "pwrite64", 0x14: "writev", 0x53: "mkdir",
    0x102: "mkdirat", 0x52: "rename", 0x108: "renameat", 0x13C: "renameat2", 0x57: "unlink", 0x107: "unlinkat",
    0x54: "rmdir", 0x56: "link", 0x109: "linkat", 0x58: "symlink", 0x10A: "symlinkat", 0x5A: "chmod", 0x10C: "fchmodat",
    0x4C: "truncate", 0x4D: "ftruncate", 0x11D: "fallocate", 0x2A: "connect", 0x2C: "sendto", 0x2E: "sendmsg",
}  # fmt: skip
"""System calls of x86-64 that change something, or may."""
_MAKES = {"open", "openat", "creat", "mkdir", "mkdirat", "link", "linkat", "symlink", "symlinkat"}
_GROWS = {"write", "pwrite64", "writev", "fallocate", "ftruncate", "truncate"}
_SENDS = {"connect", "sendto", "sendmsg"}
_PATH_AT = {"openat": 1, "mkdirat": 1, "unlinkat": 1, "linkat": 3, "symlinkat": 2, "fchmodat": 1, "renameat": 3,
            "renameat2": 3, "link": 1, "symlink": 1, "rename": 1}  # fmt: skip
"""Which argument is the path that changes; for the others it is the first."""
_DESCRIPTORS = {"write", "pwrite64", "writev", "ftruncate", "fallocate", *_SENDS}
_NOT_DISKS = ("/dev/", "/proc/", "/sys/", "pipe:", "anon_inode:", "/memfd:")

_PTRACE = {"TRACEME": 0, "CONT": 7, "GETREGS": 12, "SETREGS": 13, "SETOPTIONS": 0x4200}
_FOLLOW = 0x02 | 0x04 | 0x08 | 0x80 | 0x100000
"""PTRACE_O_TRACEFORK, VFORK, CLONE, SECCOMP, EXITKILL."""
_WALL, _SECCOMP_STOP = 0x40000000, 7
_ARGUMENTS = (14, 13, 12, 7, 9, 8)
"""Where the registers of a call's arguments stand in ``user_regs_struct``: rdi, rsi, rdx, r10, r8, r9."""
_RAX, _ORIG_RAX, _SKIP = 10, 15, 2**64 - 1


class Fault(Enum):
    """What happens from the chosen call on."""

    KILL = "killed"
    FULL = "the disk is full"
    NO_INODES = "no inodes are left"
    READ_ONLY = "the disk is read-only"


@dataclass(frozen=True)
class Traced:
    """How a command ended: exit code (negative for a signal), what it printed, and what it changed, in order."""

    code: int
    said: str
    changes: tuple[tuple[str, str], ...]


def traced(
    command: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    fault: Fault | None = None,
    step: int = 0,
) -> Traced:
    """Runs a command that meets ``fault`` at its ``step``-th change (from 1). Raises PermissionError."""
    reading, writing = os.pipe()
    out = os.memfd_create("said")
    tracer = os.fork()
    if tracer == 0:
        # A process of its own: it waits for any child, and must not take those of the test.
        status = 99
        with contextlib.suppress(BaseException):
            os.close(reading)
            code, changes = _trace(list(command), cwd, environment, out, fault, step)
            with os.fdopen(writing, "w") as told:
                json.dump([code, changes], told)
            status = 0
        os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as told:
        answer = told.read()
    os.waitpid(tracer, 0)
    os.lseek(out, 0, 0)
    with os.fdopen(out, "rb") as said:
        text = said.read().decode(errors="replace")
    if not answer:
        raise PermissionError(errno.EPERM, "a process cannot be traced here")
    code, changes = json.loads(answer)
    return Traced(code, text, tuple((call, path) for call, path in changes))


def _trace(
    command: list[str], cwd: Path, environment: Mapping[str, str], out: int, fault: Fault | None, step: int
) -> tuple[int, list[tuple[str, str]]]:
    child = os.fork()
    if child == 0:
        _become(command, cwd, environment, out)
    os.waitpid(child, _WALL)
    _ptrace("SETOPTIONS", child, _FOLLOW)
    _ptrace("CONT", child, 0)
    return _Tracer(child, fault, step).run()


def _become(command: list[str], cwd: Path, environment: Mapping[str, str], out: int) -> None:
    try:
        os.setsid()
        os.chdir(cwd)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, source in ((0, nothing), (1, out), (2, out)):
            os.dup2(source, number)
        _ptrace("TRACEME", 0, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        _stop_at_changes()
        os.execve(command[0], command, dict(environment))
    finally:
        os._exit(98)


class _Tracer:
    def __init__(self, child: int, fault: Fault | None, step: int) -> None:
        self._child, self._fault, self._step = child, fault, step
        self._seen = {child}
        self._code = 0
        self.changes: list[tuple[str, str]] = []

    def run(self) -> tuple[int, list[tuple[str, str]]]:
        while True:
            try:
                found, status = os.waitpid(-1, _WALL)
            except ChildProcessError:
                return self._code, self.changes
            self._seen.add(found)
            if os.WIFEXITED(status) or os.WIFSIGNALED(status):
                self._seen.discard(found)
                if found == self._child:
                    self._code = os.waitstatus_to_exitcode(status)
                continue
            with contextlib.suppress(ProcessLookupError):
                self._go_on(found, status)

    def _go_on(self, found: int, status: int) -> None:
        event, number = status >> 16, os.WSTOPSIG(status)
        if event == _SECCOMP_STOP:
            self._call(found)
        # Stops of the tracing itself are not passed on; a signal of somebody else is.
        passed = 0 if event or number in (signal.SIGTRAP, signal.SIGSTOP) else number
        _ptrace("CONT", found, passed)

    def _call(self, found: int) -> None:
        registers = _registers(found)
        call = _NUMBERS[registers[_ORIG_RAX]]
        path = _path(found, call, [registers[place] for place in _ARGUMENTS])
        if path is None:
            return
        self.changes.append((call, path))
        if self._fault is None or len(self.changes) < self._step:
            return
        if self._fault is Fault.KILL:
            for each in self._seen:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
        elif number := _refusal(self._fault, call, path):
            registers[_ORIG_RAX], registers[_RAX] = _SKIP, 2**64 - number
            buffer = ctypes.create_string_buffer(struct.pack(f"{len(registers)}Q", *registers))
            _ptrace("SETREGS", found, ctypes.addressof(buffer))


def _refusal(fault: Fault, call: str, path: str) -> int:
    """The error that a disk of that kind gives to a call, or 0."""
    if call in _SENDS or path.startswith("socket:"):
        return 0
    if fault is Fault.READ_ONLY:
        # What is open already goes on being written: the disk is mounted anew, not torn out.
        return 0 if call in _GROWS - {"truncate"} else errno.EROFS
    new = call in _MAKES and not os.path.lexists(path)
    if fault is Fault.NO_INODES:
        return errno.ENOSPC if new else 0
    return errno.ENOSPC if new or call in _GROWS else 0


def _path(found: int, call: str, arguments: list[int]) -> str | None:
    """What the call changes; None where that is no disk and no remote."""
    try:
        if call in _DESCRIPTORS:
            path = _link(found, f"fd/{arguments[0]}")
            if call in ("write", "writev", *_SENDS) and path.startswith("socket:"):
                return path if _is_remote(found, call, arguments) else None
        else:
            place = _PATH_AT.get(call, 0)
            path = _text(found, arguments[place])
            if not path.startswith("/"):
                base = (
                    f"fd/{arguments[place - 1] & 0xFFFFFFFF}"
                    if call.endswith(("at", "at2")) and place
                    else "cwd"
                )
                base = "cwd" if base == "fd/4294967196" else base
                path = os.path.normpath(f"{_link(found, base)}/{path}")
    except (OSError, UnicodeDecodeError):
        return None
    return None if path.startswith(_NOT_DISKS) or " (deleted)" in path else path


def _is_remote(found: int, call: str, arguments: list[int]) -> bool:
    """Whether a socket is one of the internet: programs also talk among themselves."""
    if call == "connect":
        return struct.unpack("H", _memory(found, arguments[1], 2))[0] in (socket.AF_INET, socket.AF_INET6)
    inode = _link(found, f"fd/{arguments[0]}")[8:-1]
    tables = (Path(f"/proc/{found}/net/{name}").read_text() for name in ("tcp", "tcp6"))
    return any(f" {inode} " in table for table in tables)


def _text(found: int, address: int) -> str:
    # Up to the end of a page, behind which nothing may be mapped.
    data = _memory(found, address, 4096 - address % 4096)
    if b"\0" not in data:
        data += _memory(found, address + len(data), 4096)
    return os.fsdecode(data.split(b"\0")[0])


def _memory(found: int, address: int, size: int) -> bytes:
    with Path(f"/proc/{found}/mem").open("rb", buffering=0) as memory:
        memory.seek(address)
        return memory.read(size)


def _link(found: int, name: str) -> str:
    # As text: `pipe:[7]` is no path.
    return str(Path(f"/proc/{found}", name).readlink())


def _registers(found: int) -> list[int]:
    buffer = ctypes.create_string_buffer(27 * 8)
    _ptrace("GETREGS", found, ctypes.addressof(buffer))
    return list(struct.unpack("27Q", buffer.raw))


_LIBC = ctypes.CDLL(None, use_errno=True) if POSSIBLE else None


def _ptrace(request: str, process: int, data: int) -> None:
    assert _LIBC is not None
    _LIBC.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
    if _LIBC.ptrace(_PTRACE[request], process, None, data) == -1:
        raise OSError(ctypes.get_errno(), f"ptrace {request}")


def _stop_at_changes() -> None:
    """A filter of seccomp for this process and all that it starts: the calls of the table stop it."""
    rules = list(_filter())
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *rule) for rule in rules))
    program = ctypes.create_string_buffer(struct.pack("H6xQ", len(rules), ctypes.addressof(code)))
    assert _LIBC is not None
    # No new privileges, then the filter: whoever is not root may set one.
    if _LIBC.prctl(38, 1, 0, 0, 0) or _LIBC.prctl(22, 2, ctypes.byref(program), 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")


def _filter() -> Iterator[tuple[int, int, int, int]]:
    """Instructions of BPF: operation, jumps for true and false, operand."""
    load, equal, any_bit, answer = 0x20, 0x15, 0x45, 0x06
    stop, go = 0x7FF00000, 0x7FFF0000
    writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
    yield load, 0, 0, 0
    for number, name in _NUMBERS.items():
        if name in ("open", "openat"):
            # Opened to be read, by far the most: not worth a stop.
            flags = 16 + 8 * (2 if name == "openat" else 1)
            yield equal, 0, 4, number
            yield load, 0, 0, flags
            yield any_bit, 0, 1, writes
            yield answer, 0, 0, stop
            yield answer, 0, 0, go
        else:
            yield equal, 0, 1, number
            yield answer, 0, 0, stop
    yield answer, 0, 0, go
