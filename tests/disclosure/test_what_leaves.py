"""What leaves: counts banded, hotspots withheld, no text in a template, no request."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, date, datetime

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from hotspot.disclosure.attribution import attribution_of
from hotspot.disclosure.ground import SENTENCE
from hotspot.disclosure.shared_map import SharedMap
from hotspot.disclosure.suppression import (
    BAND_SENTENCE,
    SHARED_COLUMNS,
    WITHHELD,
    band,
    suppress,
)
from layers.portable import map_file

HOSTILE = (
    "<script>window.__ran=1</script>",
    "<img src=x onerror=window.__ran=1>",
    "${window.__ran=1}",
    "`${window.__ran=1}`",
    "{{ 7*7 }}",
    "{% raw %}",
    "{{ cycler.__init__.__globals__.os.popen('id') }}",
    "</script><script>window.__ran=1</script>",
    "' onmouseover='window.__ran=1",
    '"; window.__ran=1; "',
    "<svg/onload=window.__ran=1>",
    "javascript:window.__ran=1",
    "<iframe srcdoc='<script>parent.__ran=1</script>'>",
    "![x](https://evil.example/x.png)",
    "\u2028window.__ran=1",
    "<!--",
    "]]>",
    "\\u003cscript\\u003e",
    "<style>@import 'https://evil.example'</style>",
    "<base href='https://evil.example/'>",
    "&lt;b&gt;",
    "<link rel=stylesheet href=https://evil.example>",
    "=cmd|' /C calc'!A0",
    "\x00\x08",
)


def hotspots(*rows: tuple[int, int | None, bool, float | None]) -> gpd.GeoDataFrame:
    """Rows of (events, children, single_child, largest_child_share)."""
    frame = pd.DataFrame(
        rows, columns=["events", "children", "single_child", "largest_child_share"]
    )
    return gpd.GeoDataFrame(
        frame.assign(
            key=[f"H-{n:02}" for n in range(len(rows))],
            cells=pd.Series([["8a"]] * len(rows), dtype=object),
            weight=9.9,
            first_on=date(2026, 1, 1),
            last_on=date(2026, 2, 1),
            approximate=False,
        ),
        geometry=[box(-2, 53, -1.99, 53.01)] * len(rows),
        crs="EPSG:4326",
    )


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0"),
        (1, "<5"),
        (4, "<5"),
        (5, "5"),
        (7, "5"),
        (8, "10"),
        (12, "10"),
        (13, "15"),
        (None, "not known"),
    ],
)
def test_counts_are_banded(count: int | None, words: str) -> None:
    assert band(count) == words


@given(st.integers(5, 10**6))
def test_a_band_is_never_more_than_two_away(count: int) -> None:
    assert abs(int(band(count)) - count) <= 2


def test_few_children_and_dominated_hotspots_are_withheld_and_counted() -> None:
    shared, withheld = suppress(
        hotspots(
            (40, 8, False, 0.2),
            (30, 2, False, 0.4),
            (50, 6, True, 0.4),
            (60, 7, False, 0.5),
            (9, 3, False, 0.4),
        )
    )
    assert withheld == Counter({WITHHELD: 3})
    assert shared[["key", "events", "children"]].to_numpy().tolist() == [
        ["Hotspot 1", "40", "10"],
        ["Hotspot 2", "10", "<5"],
    ]


def test_where_children_are_known_a_hotspot_without_any_is_withheld() -> None:
    _, withheld = suppress(hotspots((40, 0, False, None)))
    assert withheld == Counter({WITHHELD: 1})
    shared, _ = suppress(hotspots((40, None, False, None)))
    assert shared["children"].tolist() == ["not known"]


@given(
    st.lists(
        st.tuples(
            st.integers(1, 500),
            st.one_of(st.none(), st.integers(0, 40)),
            st.booleans(),
            st.floats(0, 1),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_nothing_exact_and_no_cell_is_shared(
    rows: list[tuple[int, int | None, bool, float]],
) -> None:
    shared, withheld = suppress(hotspots(*rows))
    assert list(shared.columns) == list(SHARED_COLUMNS)
    assert len(shared) + withheld.total() == len(rows)
    for column in ("events", "children"):
        assert all(re.fullmatch(r"<5|not known|\d*[05]", text) for text in shared[column])


def on_ground(shared: pd.DataFrame) -> gpd.GeoDataFrame:
    """Rows that may be shared, each with a piece of ground."""
    shapes = [box(-2, 53, -1.99, 53.01)] * len(shared)
    return gpd.GeoDataFrame(shared, geometry=shapes, crs="EPSG:4326")


def shared_map(text: str = "x", **changes: object) -> SharedMap:
    basemap = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"layer": "land", "name": text},
                "geometry": box(-3, 52, -1, 54).__geo_interface__,
            },
            {
                "type": "Feature",
                "properties": {"layer": "label", "name": text, "rank": 1},
                "geometry": {"type": "Point", "coordinates": [-2, 53]},
            },
        ],
    }
    shared, withheld = suppress(hotspots((40, 8, False, 0.2), (30, 2, False, 0.4)))
    fields = {
        "hotspots": on_ground(shared.assign(key=[text] * len(shared))),
        "withheld": withheld,
        "marking": text,
        "handling": text,
        "period": text,
        "made_at": datetime(2026, 11, 1, tzinfo=UTC),
        "made_by": text,
        "approximate": False,
        "is_demo": True,
        "attribution": text,
        "basemap": json.dumps(basemap),
    }
    return SharedMap(**(fields | changes))  # type: ignore[arg-type]


def test_a_map_file_carries_marking_and_what_was_withheld_and_names_no_host() -> None:
    page = map_file(shared_map("OFFICIAL-SENSITIVE")).decode()
    words = json.loads(re.search(r'id="words">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    assert words["marking"] == words["handling"] == "OFFICIAL-SENSITIVE"
    assert "Fewer than 5 hotspots are withheld to protect children." in words["notes"]
    assert BAND_SENTENCE in words["notes"][1]
    assert SENTENCE in words["notes"]
    assert "Demonstration: invented data." in words["notes"]
    markup = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r'(src|href)=|url\([\'"]?(https?:)?//', markup)
    assert "8a" not in [row.get("cells") for row in words["rows"]]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_reaches_a_template_or_markup(text: str) -> None:
    """The text stands in the page's data block only, where JSON gives it back unchanged."""
    page = map_file(shared_map(text)).decode()
    block = re.search(r'id="words">(.*?)</script>', page, re.DOTALL)
    assert block
    words = json.loads(block[1])
    assert words["marking"] == words["rows"][0]["name"] == words["towns"][0]["name"] == text
    plain = map_file(shared_map("plain")).decode()
    strip = re.compile(r'id="words">.*?</script>|[0-9a-f]{32}', re.DOTALL)
    assert strip.sub("", page) == strip.sub("", plain)


def test_a_map_file_of_nothing_still_opens() -> None:
    shared, withheld = suppress(hotspots((30, 2, False, 0.4)))
    page = map_file(shared_map(hotspots=on_ground(shared), withheld=withheld)).decode()
    assert '"rows": []' in page


def test_open_data_are_attributed() -> None:
    assert attribution_of(["missing"]) == ""
    line = attribution_of(["police-uk", "food-hygiene", "police-uk"])
    assert line.count("Open Government Licence") == 2
    assert line in map_file(shared_map(attribution=line)).decode()
