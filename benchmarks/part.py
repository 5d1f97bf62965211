"""Run one row in a process of its own: ``python -m benchmarks.part row_1_score``.

Rows 1 and 2 import what the web process must never import, and row 3 needs a store of its own:
neither may leak into the others.
"""

import importlib
import json
import sys
from dataclasses import asdict

if __name__ == "__main__":
    lines = importlib.import_module(f"benchmarks.{sys.argv[1]}").measure()
    print(json.dumps([asdict(line) for line in lines]))
