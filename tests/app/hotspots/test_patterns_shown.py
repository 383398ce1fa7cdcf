"""How a hotspot was hot over the months, where an analyst looks: beside the map and on its page."""

from __future__ import annotations

from hotspot.services.workspace.folder import Workspace
from tests.app.test_pages import OpenApp, hotspots_shown, open_app

__all__ = ["open_app"]
ASKED = "Say how each was hot over the months"


def test_the_list_beside_the_map_says_it_where_it_is_asked_for(
    demo: Workspace, open_app: OpenApp
) -> None:
    """It stood on the page of patterns alone."""
    app = open_app(demo, "asha")
    assert "Over the months" not in hotspots_shown(app)
    (toggle,) = [one for one in app.toggle if one.label == ASKED]
    toggle.set_value(True).run()
    assert not app.exception
    said = hotspots_shown(app)["Over the months"]
    assert said.notna().all()
    assert set(said) != {"not known"}
    assert any("local G" in one.value for one in app.caption)
    app.switch_page("hotspots/hotspot_page.py").run()
    assert not app.exception
    assert any(one.value.startswith("Over the months: ") for one in app.markdown)
    assert any("local G" in one.value for one in app.caption)


def test_who_may_not_judge_is_not_asked(demo: Workspace, open_app: OpenApp) -> None:
    app = open_app(demo, "drew")
    assert ASKED not in [one.label for one in app.toggle]
    app.switch_page("hotspots/hotspot_page.py").run()
    assert not app.exception
    assert not any("local G" in one.value for one in app.caption)
