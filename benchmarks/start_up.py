"""Measure how long importing the library and asking the command line for help take.

Run with `python -m benchmarks.start_up`; the result is written into `benchmarks/README.md`.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from benchmarks import report

ROUNDS = 7
LIMITS_S = {"import hotspot": 1.0, "hotspot --help": 0.7}
"""The most that each may take on an idle machine."""
_COMMANDS = {
    "python": ["-c", "pass"],
    "import hotspot": ["-c", "import hotspot"],
    "hotspot.detect at hand": ["-c", "import hotspot; hotspot.detect"],
    "hotspot.H3DBSCAN at hand": ["-c", "import hotspot; hotspot.H3DBSCAN"],
    "hotspot --help": ["-m", "hotspot", "--help"],
}


def seconds_of(arguments: list[str], rounds: int = ROUNDS) -> float:
    """Time a new Python process, warm: the median of some rounds, in seconds."""
    taken = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)  # noqa: S603 - our own Python
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:])


def main() -> None:
    """Measure, and write the page anew."""
    seconds = {name: seconds_of(arguments) for name, arguments in _COMMANDS.items()}
    report.save("start_up", {"seconds": seconds, "limits_s": LIMITS_S, "rounds": ROUNDS})


if __name__ == "__main__":
    main()
