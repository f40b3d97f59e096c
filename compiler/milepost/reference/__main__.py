"""The reference's command: ``python -m milepost.reference [ROOT]`` writes every generated file below the repository's
root.
"""

import sys
from pathlib import Path

from milepost.reference import write

for path in write(Path(sys.argv[1] if len(sys.argv) > 1 else ".")):
    print(path)
