"""The settings of the run: where they stand, and that they can be set back."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app_pages.pages import PAGES
from hotspot.services.workspace.folder import Workspace
from tests.app.test_pages import OpenApp, hotspots_shown, press


def boxes(app: AppTest) -> dict[str, object]:
    return {box.label: box.value for box in (*app.number_input, *app.multiselect, *app.selectbox)}


def test_back_to_the_defaults_sets_back_every_setting(demo: Workspace, open_app: OpenApp) -> None:
    app = open_app(demo)
    {box.label: box for box in app.number_input}["Minimum weight"].set_value(60.0)
    {box.label: box for box in app.multiselect}["Hours"].set_value([22, 23])
    {box.label: box for box in app.selectbox}["First month"].set_value("2026-09").run()
    changed = boxes(app)
    assert (changed["Minimum weight"], changed["Hours"]) == (60.0, [22, 23])
    assert changed["First month"] == "2026-09"
    press(app, "Back to the defaults")
    now = boxes(app)
    assert (now["Minimum weight"], now["Hours"]) == (20.0, [])
    assert now["First month"] == "2025-11"
    assert len(hotspots_shown(app)) == 7


def test_the_last_month_alone_offers_a_weight_of_its_own_and_no_advice_that_cannot_help(
    demo: Workspace, open_app: OpenApp
) -> None:
    app = open_app(demo)
    press(app, "Last month")
    said = " ".join(text.value for text in app.caption)
    assert "No neighbourhood reaches the minimum weight of 20" in said
    assert "outside the period" not in said
    assert hotspots_shown(app).empty
    press(app, "Use a weight of 2")
    assert len(hotspots_shown(app)) > 3
    assert boxes(app)["First month"] == boxes(app)["Last month of the period"] == "2026-10"


def test_months_that_are_chosen_the_wrong_way_round_are_a_period_all_the_same(
    demo: Workspace, open_app: OpenApp
) -> None:
    app = open_app(demo, first_month="Oct 2026", last_month="Nov 2025")
    assert not app.exception
    assert any("Nov 2025 to Oct 2026" in text.value for text in app.markdown)


def test_an_older_link_with_both_months_under_one_name_still_opens_its_period(
    demo: Workspace, open_app: OpenApp
) -> None:
    app = open_app(demo, period=["2026-01", "2026-06"])
    assert not app.exception
    assert any("Jan 2026 to Jun 2026" in text.value for text in app.markdown)


WITHOUT = [page for page in PAGES if page.needs_run and not page.has_settings]


@pytest.mark.parametrize("page", WITHOUT, ids=lambda page: page.path)
def test_a_page_that_uses_no_settings_has_none_and_keeps_those_of_the_map(
    demo: Workspace, open_app: OpenApp, page: object
) -> None:
    app = open_app(demo)
    {box.label: box for box in app.number_input}["Minimum weight"].set_value(60.0).run()
    found = app.metric[0].value
    app.switch_page(page.script).run()  # type: ignore[attr-defined]
    assert not app.exception
    assert "Minimum weight" not in boxes(app)
    assert any(f"Hotspots on this page: {found} hotspot" in text.value for text in app.caption)
    app.switch_page("map/map_page.py").run()
    assert boxes(app)["Minimum weight"] == 60.0
