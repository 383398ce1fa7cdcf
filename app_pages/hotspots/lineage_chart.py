"""Draw the hotspots through the snapshots, with the same as a table."""

from __future__ import annotations

import altair as alt
import pandas as pd

from app_pages.frame.charts import NAMES, show_chart, show_same_as_table

SHAPES = {
    "new": "diamond",
    "continued": "circle",
    "grew": "triangle-up",
    "shrank": "triangle-down",
    "split": "square",
    "merged": "cross",
    "dormant": "triangle-left",
    "revived": "triangle-right",
}


def show_lineage(lineage: pd.DataFrame) -> None:
    """Draw one row a hotspot and one column a snapshot: what became of it, and how large it was."""
    order = list(dict.fromkeys(lineage["snapshot"]))
    table = lineage.assign(
        label=lineage["hotspot"] + " " + lineage["name"].fillna(""),
        related=[f"HS-{int(n):04}" if pd.notna(n) else "" for n in lineage["related_id"]],
    )
    x = alt.X("snapshot:O", sort=order, title="Snapshot", axis=alt.Axis(labelAngle=0))
    y = alt.Y("label:N", title=None, axis=NAMES)
    base = alt.Chart(table[["label", "snapshot", "event", "related", "events", "children", "why"]])
    lines = base.mark_line(strokeWidth=1, opacity=0.5).encode(x=x, y=y, detail="label:N")
    marks = base.mark_point(filled=True, opacity=1).encode(
        x=x,
        y=y,
        size=alt.Size("events:Q", legend=None, scale=alt.Scale(range=[60, 500])),
        shape=alt.Shape(
            "event:N",
            title="What became of it",
            scale=alt.Scale(domain=list(SHAPES), range=list(SHAPES.values())),
        ),
        tooltip=["label", "snapshot", "event", "related", "events", "children", "why"],
    )
    height = 90 + 28 * table["label"].nunique()
    show_chart(lines + marks, "What became of each hotspot in each snapshot.", height)
    show_same_as_table(
        table[
            ["snapshot", "hotspot", "name", "event", "related", "events", "children", "why"]
        ].set_axis(
            [
                "Snapshot",
                "Number",
                "Name",
                "Event",
                "From or into",
                "Events",
                "Children",
                "Why overridden",
            ],
            axis=1,
        ),
        "What became of each hotspot in each snapshot",
    )
