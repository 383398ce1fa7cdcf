"""The settings of the run: where they stand, and that they can be set back."""

from __future__ import annotations

from hotspot.services.workspace.folder import Workspace
from tests.app.test_pages import OpenApp, hotspots_shown, press


def numbers(app: object) -> dict[str, float]:
    return {box.label: box.value for box in app.number_input}  # type: ignore[attr-defined]


def test_back_to_the_defaults_sets_back_every_setting(demo: Workspace, open_app: OpenApp) -> None:
    app = open_app(demo)
    before, shown = numbers(app), hotspots_shown(app)
    boxes = {box.label: box for box in app.number_input}
    boxes["Minimum weight"].set_value(60.0).run()
    {box.label: box for box in app.multiselect}["Hours"].set_value([22, 23]).run()
    assert len(hotspots_shown(app)) < len(shown)
    press(app, "Back to the defaults")
    assert numbers(app) == before
    assert {box.label: box.value for box in app.multiselect}["Hours"] == []
    assert hotspots_shown(app) == shown
