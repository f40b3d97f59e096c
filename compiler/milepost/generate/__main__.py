"""The generator's command: ``python -m milepost.generate DIR --provinces 29 --nodes 100000 --seed 1``."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from milepost.generate import generate


def main(arguments: list[str] | None = None) -> int:
    """Exit code 2 and one line on stderr where the fleet cannot be made."""
    parser = argparse.ArgumentParser(
        prog="python -m milepost.generate", description="Write a fleet spec to try things on."
    )
    parser.add_argument("target", type=Path, metavar="DIR", help="a folder that is empty or not there")
    parser.add_argument("--provinces", type=int, default=3, help="1 to 29 (default 3)")
    parser.add_argument("--nodes", type=int, default=1000, help="edge computers in all (default 1000)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same fleet (default 1)")
    parser.add_argument(
        "--partition",
        choices=("station-group", "station"),
        default="station-group",
        help="what KubeEdge's node groups are",
    )
    given = parser.parse_args(arguments)
    try:
        summary = generate(
            given.target,
            provinces=given.provinces,
            nodes=given.nodes,
            seed=given.seed,
            partition=given.partition,
        )
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print("\n".join(f"{name.replace('_', ' '):14}{number:>12,}" for name, number in asdict(summary).items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
