"""Keep results as JSON and write `benchmarks/README.md` from them."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from benchmarks.report_of_time import truths_of_time

HERE = Path(__file__).parent
RESULTS = HERE / "results"

TITLES = {
    "hotspot": "**Hotspot** (CSV to hotspot polygons with measures)",
    "pandas-h3-loop": "pandas, a loop over h3, DBSCAN on cell centres, hexagons united",
    "pandas-point-dbscan": "pandas, scikit-learn DBSCAN on points (haversine), hulls",
}


def save(name: str, content: dict[str, Any]) -> None:
    """Save one result and write the page anew."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    write_page()


def write_page() -> None:
    """Write `benchmarks/README.md` from the results that there are."""
    sections = [
        (
            "# Benchmarks\n\nWritten by the commands named below; nothing here is typed by hand. "
            "Ratios within one run are worth more than seconds."
        )
    ]
    for name, write in (
        ("speed", _speed),
        ("agreement", _agreement),
        ("twenty_seeds", _seeds),
        ("gate", _gate),
        ("door", _door),
        ("intake", _intake),
        ("belief", _belief),
        ("truth_of_time", truths_of_time),
        ("truth", _truth),
        ("conformance", _conformance),
        ("map_speed", _map_speed),
        ("start_up", _start_up),
        ("full_sizes", _full_sizes),
    ):
        path = RESULTS / f"{name}.json"
        if path.exists():
            sections.append(write(json.loads(path.read_text(encoding="utf-8"))))
    (HERE / "README.md").write_text("\n\n".join(sections) + "\n", encoding="utf-8")


def _speed(result: dict[str, Any]) -> str:
    settings = result["settings"]
    lines = [
        "## Speed and memory (`make bench`)",
        "",
        (
            f"Machine: {result['machine']}. Synthetic points of England's size (`synthetic.py`: 70 % on "
            f"snap points by a Zipf law, 30 % uniform). H3 resolution {settings['resolution']}, "
            f"{settings['rings']} rings, which reach {settings['reach_m']:.0f} m (the eps of the "
            f"peers), minimum weight {settings['min_weight']}. Time from opening the CSV to polygons, "
            "imports not counted; the median of the runs. Peak memory of the process."
        ),
    ]
    for size, title in (("one_million", "1,000,000 points"), ("ten_million", "10,000,000 points")):
        if size not in result:
            continue
        lines += [
            "",
            f"**{title}**",
            "",
            "| | runs | seconds | peak MiB | clusters | time of Hotspot |",
        ]
        lines.append("|---|--:|--:|--:|--:|--:|")
        ours = result[size][0]["seconds"]
        lines += [
            f"| {TITLES[row['name']]} | {row['runs']} | {row['seconds']:.2f} | "
            f"{row['peak_mib']:,.0f} | {row['hotspots']} | {row['seconds'] / ours:.1f} x |"
            for row in result[size]
        ]
    if "growth_exponent" in result:
        lines += ["", f"Growth from 1 to 10 million points: n^{result['growth_exponent']:.2f}."]
    return "\n".join(lines)


def _map_speed(result: dict[str, Any]) -> str:
    lines = [
        "## The map in the browser (`python -m benchmarks.map_speed`)",
        "",
        (
            f"Chromium with `--disable-gpu` on two cores: pages and canvases are drawn by the "
            f"processor, WebGL by SwiftShader. Hexagons of H3 resolution 10 and "
            f"{result['premises']:,} premises on one page, the same data for each library, in one "
            "run. A map counts as painted when hexagons are seen in its middle: a script in the page "
            "looks forty times a second, and the next two frames are waited for. First paint "
            "includes the page's own start; a changed filter is the slower of taking hexagons away "
            "and bringing them back, from the pointer going down; a click counts until the page "
            "names what was clicked. "
            "streamlit-folium with one layer a kind on canvas and `feature_group_to_add`."
        ),
        "",
        "| Hexagons | Drawn by | First paint | Changed filter | Sent for it | Click | Map kept |",
        "|--:|---|--:|--:|--:|--:|---|",
    ]
    for cells, kinds in result["cells"].items():
        own = kinds["hotspot"]
        for kind, one in kinds.items():
            times = [
                _ratio(one[name], own[name], is_own=kind == "hotspot")
                for name in ("first_s", "change_s", "click_s")
            ]
            size = f"{one['change_kb']:,.0f} kB"
            kept = "yes" if one["kept"] else "no, mounted anew"
            name = "**Hotspot**" if kind == "hotspot" else kind
            lines.append(
                f"| {int(cells):,} | {name} | {times[0]} | "
                f"{times[1]} | {size} | {times[2]} | {kept} |"
            )
    app = result["app"]
    lines += [
        "",
        (
            f"The app on the sample, every page part drawn: first map {app['first_s']:.2f} s after "
            f"sign-in ({app['after_start_s']:.2f} s for the first visitor of a server), another filter painted after {app['change_s']:.2f} s, the panel of a chosen "
            f"hotspot after {app['click_s']:.2f} s (medians of {result['runs']} runs)."
        ),
    ]
    return "\n".join(lines)


def _ratio(seconds: float, own: float, *, is_own: bool) -> str:
    if math.isinf(seconds):
        return "not within a minute"
    return f"{seconds:.2f} s" + ("" if is_own else f" (x{seconds / own:.1f})")


def _agreement(result: dict[str, Any]) -> str:
    lines = [
        "## Agreement with DBSCAN on points (`python -m benchmarks.agreement`)",
        "",
        (
            "3,137 real points of one month (open data, kept outside the project) with labels computed "
            "by R's `dbscan`. Adjusted Rand index of the labels over cells, noise taken as one cluster. "
            "scikit-learn's point DBSCAN meets R's noise and partition exactly (a test)."
        ),
        "",
        "| eps (m) | min points | resolution | rings | reach (m) | clusters, R | clusters, cells | ARI |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {row['eps_m']} | {row['min_points']} | {row['resolution']} | {row['rings']} | "
        f"{row['reach_m']:.0f} | {row['clusters_r']} | {row['clusters_cells']} | "
        f"{row['adjusted_rand_index']:.3f} |"
        for row in result["rows"]
    ]
    return "\n".join(lines)


def _seeds(result: dict[str, Any]) -> str:
    lines = [
        "## Planted hotspots found (`python -m benchmarks.twenty_seeds`)",
        "",
        (
            f"The sample invented with {result['seeds']} seeds, each run at the defaults over its last "
            f"twelve months. Hotspots reported where none was planted: {result['false_alarms']} in "
            f"{result['seeds']} runs."
        ),
        "",
        "| planted place | records planted | must be | what the runs made of it |",
        "|---|--:|---|---|",
    ]
    for row in result["rows"]:
        made = ", ".join(f"{name} {count}" for name, count in sorted(row["outcomes"].items()))
        lines.append(f"| {row['name']} | {row['visits']} | {row['expect']} | {made} |")
    return "\n".join(lines)


def _gate(result: dict[str, Any]) -> str:
    guessing, request = result["guessing"], result["request"]
    answers = ", ".join(f"{count:,} {kind}" for kind, count in sorted(guessing["answers"].items()))
    ratio = request["with_gate_ms"] / request["without_gate_ms"]
    return "\n".join(
        [
            "## The gate (`python -m benchmarks.gate`)",
            "",
            (
                f"{guessing['guesses']:,} wrong passwords for one account at the running app, eight clients at once, "
                f"{guessing['seconds']:.0f} s: {answers}. The right password straight after: {guessing['right_one']}. Rows "
                f"logged: {guessing['rows_logged']}; the log is {'whole' if guessing['log_is_whole'] else 'NOT whole'}."
            ),
            "",
            (
                f"A small file through the gate with a session takes {ratio:.2f} times as long as from Streamlit "
                f"alone ({request['with_gate_ms']:.1f} ms against {request['without_gate_ms']:.1f} ms, medians of {request['requests']})."
            ),
        ]
    )


def _door(result: dict[str, Any]) -> str:
    tries = ", ".join(f"{count:,} answered {status}" for status, count in result["tries"].items())
    return "\n".join(
        [
            "## A crowd at the door (`python -m benchmarks.door`)",
            "",
            (
                f"{result['connections']} connections try to sign in for {result['seconds']:.0f} s ({tries}). A signed-in "
                f"user's {result['requests']} requests meanwhile: {result['median_s']:.2f} s in the middle, "
                f"{result['p99_s']:.2f} s at p99, {result['longest_s']:.2f} s at most; the goal is {result['goal_s']:.0f} s at p99. "
                f"Load of the machine when it began: {result['load']:.1f} on two cores."
            ),
        ]
    )


def _intake(result: dict[str, Any]) -> str:
    parts = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in result["passes_s"].items())
    return "\n".join(
        [
            "## Importing a million rows (`python -m benchmarks.intake`)",
            "",
            (
                f"{result['rows']:,} rows of CSV with National Grid coordinates ({result['megabytes']} MB), imported into a "
                f"workspace by a server that has imported before: {result['import_s']:.2f} s, {result['ratio']:.2f} times the sum of the "
                f"passes that it cannot do without ({parts}; {result['passes_together_s']:.2f} s together). Medians of "
                f"{result['rounds']} rounds in turn. Peak memory: {result['import_gib']:.2f} GiB in the server's process, "
                f"{result['worker_gib']:.2f} GiB in the worker that reads the file, {result['together_gib']:.2f} GiB of both together at one time."
            ),
        ]
    )


def _truth(result: dict[str, Any]) -> str:
    lines = [
        "## What is said where the truth is known (`python -m benchmarks.truth`)",
        "",
        (
            f"{result['share']:.0%} of the full sizes. Share of simulated months in which something "
            "is called out (at p <= 0.05, or in words), with its 95 % interval (Clopper and "
            "Pearson). Kept: what is promised lies within that interval. Scenarios are in "
            "`benchmarks/truth_of_*.py`."
        ),
        "",
        "| | scenario | months | rate | 95 % | promised | kept |",
        "|---|---|--:|--:|--:|--:|---|",
    ]
    for row in result["rows"]:
        promised = f"at most {row['at_most']}" if row["at_most"] is not None else ""
        promised += f"at least {row['at_least']}" if row["at_least"] is not None else ""
        kept = ("yes" if row["is_kept"] else "**no**") if promised else ""
        lines.append(
            f"| {row['group']} | {row['name']} | {row['months']} | {row['rate']:.3f} | "
            f"{row['low']:.3f} to {row['high']:.3f} | {promised} | {kept} |"
        )
    if result["sample"]:
        sample = result["sample"]
        lines += [
            "",
            (
                f"The sample's planted hotspots against {sample['records']:,} real records of open "
                f"data (kept outside the project): {sample['found']} of {sample['hotspots']} with "
                f"p <= 0.05 of {sample['simulations']} simulations; the other is driven by one "
                "child's records."
            ),
        ]
    cost = result["cost"]
    lines += [
        "",
        (
            f"Judging hotspots over {cost['cells']:,} cells with {cost['simulations']} simulations: "
            f"{cost['seconds']} s on two cores (the goal is 20 s for 180,000)."
        ),
    ]
    return "\n".join(lines)


def _conformance(result: dict[str, Any]) -> str:
    packages = list(result["packages"])
    lines = [
        "## Known answers (`python -m benchmarks.conformance`)",
        "",
        (
            "Vectors of `tests/conformance/*.json`, met within their tolerance; a dash where a "
            "package has no such function."
        ),
        "",
        f"| vector | {' | '.join(packages)} |",
        f"|---|{'---|' * len(packages)}",
    ]
    lines += [f"| {row['name']} | {' | '.join(row['answers'])} |" for row in result["rows"]]
    return "\n".join(lines)


def _belief(result: dict[str, Any]) -> str:
    months, alpha = result["months"], result["alpha"]
    error = (alpha * (1 - alpha) / months) ** 0.5
    lines = [
        "## Whether hotspots can be believed (`python -m benchmarks.belief`)",
        "",
        (
            f"Share of {months} simulated months without any true hotspot in which something is called out at "
            f"{alpha:g}; it should be at most {alpha:g}, give or take {2 * error:.3f} (two Monte Carlo standard "
            "errors). 300 records a month over 100 km2; the town centre's hotspots are compared with an "
            "independent draw of 300 from the same density. Cells are compared with an even spread, of which a "
            "town centre is none: they show what an answer about cells alone says there."
        ),
        "",
        "| | even | town centre |",
        "|---|--:|--:|",
    ]
    lines += [
        f"| {name} | {share:.3f} | {result['town centre'][name]:.3f} |"
        for name, share in result["even"].items()
    ]
    if result["memphis"]:
        lines += [
            "",
            "Robberies in Memphis, 2019 (open data, kept outside the project): fitted on January to June, tested on July to December, as many cells each.",
            "",
            "| resolution, rings, minimum weight | chosen by | cells | area | hits | PAI | PEI | RRI |",
            "|---|---|--:|--:|--:|--:|--:|--:|",
        ]
        lines += [
            f"| {row['resolution']}, {row['rings']}, {row['min_weight']} | {row['method']} | {row['cells']} | "
            f"{row['area_share']:.2%} | {row['hits']:.0f} | {row['pai']:.1f} | {row['pei']:.2f} | {row['rri']:.2f} |"
            for row in result["memphis"]
        ]
    times = result["times"]
    changes = ", ".join(
        f"{name[4:]} {s:.2f} s" for name, s in times.items() if name.startswith("new ")
    )
    lines += [
        "",
        (
            f"{times['hotspots']:.0f} hotspots on {times['records']:,.0f} records of the sample's area: "
            f"{times['judge_s']:.1f} s for 999 simulations, {times['hot_cells_s']:.2f} s for all cells by "
            f"permutation. Another setting on 1,000,000 stored records, server time: {changes}."
        ),
    ]
    return "\n".join(lines)


def _start_up(result: dict[str, Any]) -> str:
    limits = result["limits_s"]
    rows = [
        f"| `{name}` | {seconds:.2f} | {f'{limits[name]:.1f}' if name in limits else ''} |"
        for name, seconds in result["seconds"].items()
    ]
    return "\n".join(
        [
            "## Starting up (`python -m benchmarks.start_up`)",
            "",
            f"New processes, warm, medians of {result['rounds']} rounds.",
            "",
            "| what | seconds | at most |",
            "|---|---|---|",
            *rows,
        ]
    )


def _full_sizes(result: dict[str, Any]) -> str:
    lines = [
        "## Full sizes of tests (`make soak`)",
        "",
        (
            "Load is the machine's average of a minute at the end of a test, on two cores, the highest of its runs; "
            "where none stands, nobody noted it."
        ),
        "",
        "| test | runs | passed | seconds | load |",
        "|---|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {name} | {runs['runs']} | {runs['passed']} | {runs.get('seconds', '')} | {runs.get('load', '')} |"
        for name, runs in result.items()
    ]
    return "\n".join(lines)
