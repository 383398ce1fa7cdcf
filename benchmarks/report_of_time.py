"""Write what `benchmarks.truth_of_time` measured."""

from __future__ import annotations

from typing import Any


def truths_of_time(result: dict[str, Any]) -> str:
    """Write the section of effects, lineage, the scan and near repeats."""
    effect, lineage, scan = result["effect"], result["lineage"], result["scan"]
    lines = [
        "## What is said of places in time (`python -m benchmarks.truth_of_time`)",
        "",
        (
            f"Actions that did nothing, {effect['runs']:,} each, at one of {effect['places']} places of "
            f"{effect['mean']:g} records in 8 weeks: how often fewer, or more, are said to have come, and how often "
            "the 95 % interval holds the truth."
        ),
        "",
        "| acted on | said fewer | said more | coverage |",
        "|---|--:|--:|--:|",
    ]
    lines += [
        f"| {name} | {row['fewer']:.3f} | {row['more']:.3f} | {row['coverage']:.3f} |"
        for name, row in effect["scenarios"].items()
    ]
    power = effect["power of a half"]
    flicker = lineage["flickering"]
    lines += [
        "",
        (
            f"A fall by half is said to be fewer in {power['Poisson']:.2f} of cases where counts are Poisson, in "
            f"{power['bursts']:.2f} with bursts."
        ),
        "",
        f"Two lasting places 800 m apart at the defaults, {lineage['months']} months:",
        "",
        "| spread (m) | records a month each | runs | numbers used | runs with a third number |",
        "|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {row['spread_m']:.0f} | {row['visits']} | {row['runs']} | {row['numbers']:.2f} | {row['third']} |"
        for row in lineage["lasting"]
    ]
    near = ", ".join(f"{int(n):,} records {s:.2f} s" for n, s in result["near_repeat_s"].items())
    found = ", ".join(f"{share:.2f} of {n} records" for n, share in scan["power"].items())
    lines += [
        "",
        (
            f"Two places with a bridge every other month: {flicker['numbers']:.1f} numbers in {flicker['runs']} runs. "
            f"2,000 hotspots are traced in {lineage['trace_2000_s']:.2f} s."
        ),
        "",
        (
            f"The scan for new places on {scan['runs']} years of {scan['records']:,} records each: alarmed at "
            f"{scan['alarm']:g} in {scan['false']:.3f} where nothing is new; new places found: {found}."
        ),
        "",
        f"Near repeats with children as units: {near}.",
    ]
    return "\n".join(lines)
