"""The least that anything could need: the same bytes formatted from ready pieces, and written to the same files.

The pieces are what the compiler worked out: literal bytes and, for each file, the bytes between them. What is left is
one join and one write a file. Of three ways tried (``%`` on text, ``%`` on bytes, join of bytes) join is the fastest.

``python -m bench.floor PIECES OUTPUT PROCESSES`` prints its own Cost as JSON; reading PIECES does not count.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

from bench.measure import Cost
from milepost import pipeline
from milepost.emit.serialize import cut
from milepost.model.manifest import Sheet

Block = tuple[list[bytes], list[tuple[str, list[bytes]]]]
"""The literals of one sheet; for each of its files the path and what stands between them."""
Pieces = dict[str, list[Block]]
"""Province to its blocks."""


def blocks(compiled: pipeline.Compiled, wanted: Callable[[str], bool] = lambda path: True) -> list[Block]:
    """The blocks of a province's tree; of those files alone whose path is ``wanted``."""
    lowered = compiled.lowered
    found = [_block(sheet, wanted) for sheet in lowered.sheets]
    found += [([text.text.encode()], [(text.path, [])]) for text in lowered.texts if wanted(text.path)]
    return [block for block in found if block[1]]


def _block(sheet: Sheet, wanted: Callable[[str], bool]) -> Block:
    template = cut(sheet)
    return template.literals, [(s.path, template.fills(s.values)) for s in sheet.stamps if wanted(s.path)]


def measure(pieces: Path, output: Path, processes: int) -> Cost:
    """What the floor costs in a process of its own that does nothing else."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.floor", str(pieces), str(output), str(processes)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        check=True,
    )
    return Cost(**json.loads(done.stdout))


def write(pieces: Pieces, output: Path) -> None:
    """Everything, in this process."""
    for province, found in pieces.items():
        root = output / province
        for folder in sorted({path.rpartition("/")[0] for _, files in found for path, _ in files}):
            (root / folder).mkdir(parents=True, exist_ok=True)
        for literals, files in found:
            _write_block(str(root), literals, files)


def _write_block(root: str, literals: list[bytes], files: list[tuple[str, list[bytes]]]) -> None:
    parts = [b""] * (2 * len(literals) - 1)
    parts[::2] = literals
    for path, fills in files:
        parts[1::2] = fills
        data = b"".join(parts)
        descriptor = os.open(f"{root}/{path}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        os.write(descriptor, data)
        os.close(descriptor)


def _shares(pieces: Pieces, processes: int) -> list[Pieces]:
    """Provinces dealt out by size, the largest first, to whoever has least."""
    shares: list[Pieces] = [{} for _ in range(processes)]
    loads = [0] * processes
    for name in sorted(pieces, key=lambda n: -_files(pieces[n])):
        least = loads.index(min(loads))
        shares[least][name] = pieces[name]
        loads[least] += _files(pieces[name])
    return shares


def _files(found: Sequence[Block]) -> int:
    return sum(len(files) for _, files in found)


def _fork(share: Pieces, output: Path) -> int:
    pid = os.fork()
    if pid == 0:
        write(share, output)
        os._exit(0)
    return pid


def _main(pieces_file: str, output: str, processes: str) -> None:
    gc.disable()
    pieces: Pieces = pickle.loads(Path(pieces_file).read_bytes())
    shares = _shares(pieces, int(processes))
    before, start = _worked(), perf_counter()
    if len(shares) == 1:
        write(shares[0], Path(output))
    else:
        for pid in [_fork(share, Path(output)) for share in shares]:
            os.waitpid(pid, 0)
    wall = perf_counter() - start
    print(json.dumps({"wall": wall, "cpu": _worked() - before}))


def _worked() -> float:
    """Processor seconds of this process and of those that it waited for."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    _main(*sys.argv[1:])
