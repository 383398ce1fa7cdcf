"""Measure the import of a million rows against the sum of the passes that it cannot do without.

Run with `python -m benchmarks.intake`; the result is written into `benchmarks/README.md`. Each side
runs in a process of its own, so that its greatest memory is its own.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks import report

ROWS = 1_000_000
CHILDREN = 40_000
ROUNDS = 3
_GIBIBYTE = 1 << 30


def write_rows(path: Path, rows: int = ROWS, seed: int = 7) -> None:
    """Write invented incidents with National Grid coordinates: most on points used again."""
    rng = np.random.default_rng(seed)
    places = rng.uniform((380_000, 310_000), (410_000, 350_000), (rows // 4, 2))
    which = rng.zipf(1.4, rows) % len(places)
    at = places[which].round().astype(int)
    day = np.datetime64("2025-09-01") + rng.integers(0, 400, rows).astype("timedelta64[D]")
    minute = rng.integers(1, 1440, rows)
    days = pl.Series(day).cast(pl.Date).dt.strftime("%d/%m/%Y")
    clock = pl.Series(minute).cast(pl.Int64)
    frame = pl.DataFrame(
        {
            "Crime Number": [f"{seed}DA/{n}/26" for n in range(rows)],
            "Offence": rng.choice(["Grooming", "Exploitation", "Assault"], rows),
            "Form of Abuse": rng.choice(["Child sexual exploitation", "Online abuse"], rows),
            "Person ID": [f"P{n}" for n in rng.integers(0, CHILDREN, rows)],
            "Date/Time From": days
            + " "
            + (clock // 60).cast(pl.String).str.zfill(2)
            + ":"
            + (clock % 60).cast(pl.String).str.zfill(2),
            "Location Setting": rng.choice(["Street", "Takeaway", "Hotel", "Residential"], rows),
            "Location Text": [f"{n % 200} Some Street, Town" for n in which],
            "Easting": at[:, 0],
            "Northing": at[:, 1],
        }
    )
    frame.write_csv(path)


def passes(folder: Path) -> dict[str, float]:
    """Time one Polars read, one pyproj pass, one H3 pass and one Parquet write of the rows."""
    from pyproj import Transformer

    from hotspot.analysis.detection.cells import index_points

    times: dict[str, float] = {}
    file = folder / "rows.csv"
    rows = _timed(times, "polars read", lambda: pl.read_csv(file, infer_schema=False))
    change = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    east, north = (rows[c].cast(pl.Float64).to_numpy() for c in ("Easting", "Northing"))
    lng, lat = _timed(times, "pyproj", lambda: change.transform(east, north))
    cells = _timed(times, "h3", lambda: index_points(lat, lng, 10))
    placed = rows.with_columns(lng=lng, lat=lat, cell=cells)
    _timed(times, "parquet write", lambda: placed.write_parquet(folder / "rows.parquet"))
    return times


def imported(folder: Path) -> dict[str, float]:
    """Time the whole import of the rows into a new workspace."""
    from hotspot.access.actor import COMMAND_LINE_ROLES, Actor
    from hotspot.intake.files.sandbox import SANDBOX
    from hotspot.services.records.imports import ImportPlan, import_files
    from hotspot.services.workspace.folder import init_workspace

    actor = Actor("benchmark", COMMAND_LINE_ROLES)
    workspace = init_workspace(actor, folder / "workspace", "sample")
    times: dict[str, float] = {}
    plan = ImportPlan(accepted=frozenset({"outside", "heap"}))
    small = folder / "small.csv"
    write_rows(small, 1000, seed=8)  # a server that has imported before, its worker warm
    import_files(workspace, actor, "incidents", [small], plan)
    together, seen = [0.0], threading.Event()
    threading.Thread(target=_watch, args=(together, seen), daemon=True).start()
    made = _timed(
        times,
        "import",
        lambda: import_files(workspace, actor, "incidents", [folder / "rows.csv"], plan),
    )
    if made.balance.rows_in != ROWS or not made.balance.is_balanced:
        message = f"{made.balance} does not account for {ROWS:,} rows"
        raise RuntimeError(message)
    seen.set()
    SANDBOX.close()
    worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {**times, "worker_gib": worker * 1024 / _GIBIBYTE, "together_gib": max(together)}


def _watch(together: list[float], seen: threading.Event) -> None:
    """Note the memory of this process and its children together, 50 times a second."""
    from hotspot.intake.files.sandbox import SANDBOX

    page = resource.getpagesize()
    while not seen.wait(0.02):
        used = 0
        workers = [box._process.pid for box in SANDBOX._boxes if box._process]  # noqa: SLF001
        for process in ("self", *workers):
            with contextlib.suppress(OSError):  # it has just ended
                fields = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()
                used += (int(fields[1]) - int(fields[2])) * page
        together.append(used / _GIBIBYTE)


def _timed(times: dict[str, float], name: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401
    start = time.perf_counter()
    result = work()
    times[name] = time.perf_counter() - start
    return result


def _measure(name: str, folder: Path, results: Any) -> None:  # noqa: ANN401 - a queue
    times = {"passes": passes, "import": imported}[name](folder)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _GIBIBYTE
    results.put((name, {**times, "own_gib": own}))


def main() -> None:
    """Measure both in turn, three times, and write the medians."""
    spawn = multiprocessing.get_context("spawn")
    found: dict[str, list[dict[str, float]]] = {"passes": [], "import": []}
    with tempfile.TemporaryDirectory() as made:
        file = Path(made) / "rows.csv"
        write_rows(file)
        megabytes = file.stat().st_size / 1e6
        for turn in range(ROUNDS):
            for name, times in found.items():
                folder = Path(made) / f"{name} {turn}"
                folder.mkdir()
                (folder / "rows.csv").symlink_to(file)
                results = spawn.Queue()
                process = spawn.Process(target=_measure, args=(name, folder, results))
                process.start()
                times.append(results.get(timeout=300)[1])
                process.join()
    middle = {
        name: {key: statistics.median(times[key] for times in rounds) for key in rounds[0]}
        for name, rounds in found.items()
    }
    parts = {k: v for k, v in middle["passes"].items() if not k.endswith("_gib")}
    whole = sum(parts.values())
    content = {
        "rows": ROWS,
        "megabytes": round(megabytes),
        "rounds": ROUNDS,
        "passes_s": {k: round(v, 2) for k, v in parts.items()},
        "passes_together_s": round(whole, 2),
        "import_s": round(middle["import"]["import"], 2),
        "ratio": round(middle["import"]["import"] / whole, 2),
        "import_gib": round(middle["import"]["own_gib"], 2),
        "worker_gib": round(middle["import"]["worker_gib"], 2),
        "together_gib": round(middle["import"]["together_gib"], 2),
    }
    report.save("intake", content)
    sys.stdout.write(json.dumps(content, indent=2) + "\n")


if __name__ == "__main__":
    main()
