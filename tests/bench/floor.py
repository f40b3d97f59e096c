"""The least that anything could need: the same bytes formatted from ready pieces, and written to the same files.

The pieces are what the compiler worked out: literal bytes and, for each file, the bytes between them. What is left is
one join and one write a file. Of three ways tried (``%`` on text, ``%`` on bytes, join of bytes) join is the fastest.

``python -m bench.floor FOLDER OUTPUT PROCESSES`` prints its own Cost as JSON; reading what ``keep`` kept in FOLDER does not
count.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

from bench.measure import Cost
from milepost import pipeline
from milepost.emit.yaml.serialize import cut
from milepost.model.manifest import ManifestTemplate

Block = tuple[list[bytes], list[tuple[str, list[bytes]]]]
"""The literals of one template; for each of its files the path and what stands between them."""
Pieces = dict[str, list[Block]]
"""Province to its blocks."""


def blocks(compiled: pipeline.Compiled, wanted: Callable[[str], bool] = lambda path: True) -> list[Block]:
    """The blocks of a province's tree; of those files alone whose path is ``wanted``."""
    lowered = compiled.lowered
    found = [_block(manifest_template, wanted) for manifest_template in lowered.templates]
    found += [([text.text.encode()], [(text.path, [])]) for text in lowered.texts if wanted(text.path)]
    return [block for block in found if block[1]]


def _block(manifest_template: ManifestTemplate, wanted: Callable[[str], bool]) -> Block:
    template = cut(manifest_template)
    return template.literals, [
        (s.path, list(template.fills(s.values))) for s in manifest_template.instances if wanted(s.path)
    ]


def measure(folder: Path, output: Path, processes: int) -> Cost:
    """What the floor costs, in so many processes that do nothing else."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.floor", str(folder), str(output), str(processes)],
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


def keep(pieces: Iterable[tuple[str, list[Block]]], folder: Path) -> Path:
    """Province by province into a file each, so that nobody needs all of them in memory."""
    folder.mkdir()
    for province, found in pieces:
        (folder / province).write_bytes(pickle.dumps(found, pickle.HIGHEST_PROTOCOL))
    return folder


def _shares(folder: Path, processes: int) -> list[list[Path]]:
    """Provinces dealt out by size, the largest first, to whoever has least."""
    shares: list[list[Path]] = [[] for _ in range(processes)]
    loads = [0] * processes
    for file in sorted(folder.iterdir(), key=lambda file: -file.stat().st_size):
        least = loads.index(min(loads))
        shares[least].append(file)
        loads[least] += file.stat().st_size
    return shares


def _work(share: list[Path], output: Path, ours: Connection) -> None:
    """Gets ready, says so, waits for the word, and tells the processor seconds that the work took."""
    gc.disable()
    pieces = {file.name: pickle.loads(file.read_bytes()) for file in share}
    ours.send("ready")
    ours.recv()
    before = resource.getrusage(resource.RUSAGE_SELF)
    write(pieces, output)
    after = resource.getrusage(resource.RUSAGE_SELF)
    ours.send(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _main(folder: str, output: str, processes: str) -> None:
    """Each process reads its own share: pages that came from a fork would be copied at first touch."""
    workers = []
    for share in _shares(Path(folder), int(processes)):
        theirs, ours = Pipe()
        Process(target=_work, args=(share, Path(output), ours)).start()
        workers.append(theirs)
    for worker in workers:
        worker.recv()
    start = perf_counter()
    for worker in workers:
        worker.send("go")
    cpu = sum(worker.recv() for worker in workers)
    print(json.dumps({"wall": perf_counter() - start, "cpu": cpu}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
