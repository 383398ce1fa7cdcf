"""What the map is sent: few bytes, and nothing that is not known."""

from __future__ import annotations

import io
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from PIL import Image

from hotspot.access.actor import Actor
from hotspot.disclosure.forms import FileForm
from hotspot.services.hotspots import disclosures
from hotspot.services.workspace.folder import Workspace
from layers.cells import cell_layer
from layers.hotspots import NOTHING, action_flags, hotspot_layer
from layers.overlays import Overlay, last_frozen, masked
from layers.plan import map_picture, outline_picture
from layers.points import KINDS, minutes_after_noon, premises_layer
from layers.portable import map_file
from layers.style import levels_of
from tests.conftest import ROOT
from tests.helpers import FORCE, log_of, run_of


@pytest.mark.parametrize(
    ("closing", "minutes"),
    [
        ("23:00", 660),
        ("00:00", 720),
        ("03:00", 900),
        ("12:00", 0),
        ("11:59", 1439),
        ("late", None),
        (None, None),
    ],
)
def test_later_in_the_night_is_more(closing: str | None, minutes: int | None) -> None:
    (found,) = minutes_after_noon(pd.Series([closing]))
    assert (None if pd.isna(found) else found) == minutes


def test_premises_without_a_place_are_not_drawn() -> None:
    frame = pd.DataFrame(
        {
            "lng": [-2.1, None],
            "lat": [52.9, None],
            "name": ["Bar", "Nowhere"],
            "kind": ["takeaway", "never heard of"],
            "postcode": [None, "ZZ1 1ZZ"],
            "open_until": ["03:00", None],
        }
    )
    (row,) = premises_layer(frame).to_dict("records")
    assert (row["name"], KINDS[row["kind"]], row["postcode"], row["until"]) == (
        "Bar",
        "takeaway",
        "",
        900,
    )
    assert premises_layer(frame.assign(kind="new"))["kind"].tolist() == [len(KINDS) - 1]


def test_cells_are_sent_by_number(demo: Workspace, analyst: Actor) -> None:
    run = run_of(demo, analyst)
    cells, starts = cell_layer(run)
    assert [f"{cell:x}" for cell in cells["cell"]] == run.cell_frame()["cell"].tolist()
    assert cells["level"].between(0, len(starts) - 1).all()
    assert cells.memory_usage(index=False).sum() / len(cells) < 32


def test_two_maps_beside_each_other_have_one_meaning_of_a_colour() -> None:
    strong, weak = np.array([1.0, 5.0, 9.0, 20.0, 50.0, 80.0]), np.array([0.5, 6.0, 7.0])
    levels, starts = levels_of(strong)
    same, own = levels_of(weak, starts)
    assert own == [0.5, *starts[1:]]
    for value, level in zip(weak, same, strict=True):
        assert level == sum(value >= start for start in starts[1:])
    assert levels.max() == len(starts) - 1
    assert levels_of(weak)[1] != own


def test_a_hotspot_has_a_card_and_a_name_for_screen_readers(
    demo: Workspace, analyst: Actor
) -> None:
    run = run_of(demo, analyst)
    feature = json.loads(hotspot_layer(run, {"H-01": "HS-0001 Hanley"}))["features"][0]
    about = feature["properties"]
    assert about["name"] == "HS-0001"
    assert about["label"].startswith("Hotspot H-01 (HS-0001 Hanley), ")
    assert about["lines"][0] == "Hotspot H-01 (HS-0001 Hanley)"
    assert about["lines"][-1].startswith("last event ")


def test_flags_count_open_actions_and_late_ones(demo: Workspace, analyst: Actor) -> None:
    run = run_of(demo, analyst)
    actions = pd.DataFrame(
        {
            "key": ["H-01", "H-01", "H-99", None],
            "measure": ["Patrol", "Letter", "Patrol", "Patrol"],
            "is_overdue": [True, False, True, True],
        }
    )
    (flag,) = action_flags(run, actions)
    assert (flag["count"], flag["late"]) == (2, 1)
    assert flag["text"] == ["2 open actions at H-01", "1 late", "Patrol", "Letter"]


def test_outlines_without_a_place_leave_no_ghost() -> None:
    registered = gpd.GeoDataFrame(
        {"hotspot": ["HS-0001", "HS-0002"], "name": ["Hanley", ""], "state": ["active", "active"]},
        geometry=[shapely.box(0, 0, 1, 1), shapely.Polygon()],
    )
    (feature,) = json.loads(last_frozen(registered).shapes)["features"]
    assert feature["properties"]["lines"] == ["HS-0001 Hanley", "as last frozen, active"]
    assert last_frozen(None).shapes == NOTHING
    assert masked([]).shapes == NOTHING


@pytest.mark.parametrize("overlay", [last_frozen(None), masked([])])
def test_the_colours_of_a_layer_stand_in_the_style_sheet_light_and_dark(overlay: Overlay) -> None:
    sheet = (ROOT / "hotspot/frontend/map.css").read_text(encoding="utf-8")
    for colour in filter(None, (overlay.line, overlay.fill)):
        assert sheet.count(f"  {colour}: ") == 2


def test_a_map_leaves_as_a_picture_under_the_rules_of_the_file(
    demo: Workspace, lead: Actor
) -> None:
    run = run_of(demo, lead)
    file = disclosures.export_map(
        demo,
        lead,
        run,
        FORCE,
        recipients="MACE",
        reason="meeting",
        draw=map_picture,
        form=FileForm.PICTURE,
    )
    assert (file.media_type, file.name.rsplit(".", 1)[1]) == ("image/png", "png")
    with Image.open(io.BytesIO(file.content)) as picture:
        assert picture.format == "PNG"
        assert picture.width > picture.height > 1000
    row = log_of(demo).iloc[-1]
    assert (row["operation"], row["recipients"]) == ("share map", "MACE")


@pytest.mark.parametrize("is_dark", [False, True])
def test_the_outline_on_a_page_is_as_dark_as_the_page(demo: Workspace, is_dark: bool) -> None:
    content = outline_picture(demo.basemap, shapely.box(-2.2, 53.0, -2.19, 53.01), is_dark=is_dark)
    with Image.open(io.BytesIO(content)) as picture:
        grey = np.asarray(picture.convert("L"))
    assert (float(np.median(grey)) < 100) == is_dark


def test_the_portable_map_of_the_sample_is_small(demo: Workspace, lead: Actor) -> None:
    run = run_of(demo, lead)
    file = disclosures.export_map(
        demo, lead, run, FORCE, recipients="MACE", reason="meeting", draw=map_file
    )
    assert len(file.content) < 3_000_000
