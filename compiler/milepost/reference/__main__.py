"""``python -m milepost.reference [ROOT]``: write every generated file below the root of the repository."""

import sys
from pathlib import Path

from milepost.reference import write

for path in write(Path(sys.argv[1] if len(sys.argv) > 1 else ".")):
    print(path)
