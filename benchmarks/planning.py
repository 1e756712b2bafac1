"""What planning costs: allocations against a solver for whole numbers, training against one fit.

    .venv/bin/python benchmarks/planning.py                # both
    .venv/bin/python benchmarks/planning.py allocation
    .venv/bin/python benchmarks/planning.py training

Each part is a module beside this one (`planning_allocation.py`, `planning_training.py`) with a
function `show(runs)`, and says at its head what is compared with what.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]  # the project is run, not installed
PARTS = ("allocation", "training")


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="?", choices=PARTS)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    print(f"python {sys.version.split()[0]}")
    for part in PARTS if given.part is None else (given.part,):
        import_module(f"planning_{part}").show(given.runs)


if __name__ == "__main__":
    main()
