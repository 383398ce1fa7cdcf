"""What is typed into a finding stays until it is saved."""

from __future__ import annotations

from hotspot.access.actor import Actor
from hotspot.services.hotspots import findings, snapshots
from hotspot.services.workspace.folder import Workspace
from tests.app.test_pages import OpenApp, open_app, press
from tests.helpers import FORCE, run_of

__all__ = ["open_app"]


def test_a_sentence_that_cannot_be_saved_stays_in_its_box(
    demo: Workspace, analyst: Actor, open_app: OpenApp
) -> None:
    snapshots.freeze(demo, analyst, run_of(demo, analyst), FORCE, "2026-11")
    app = open_app(demo, "asha").switch_page("hotspots/findings_page.py").run()
    for typed, said in (
        ("One thing. And another.", "one sentence at a time"),
        ("Told by Mrs Smith of it", "a person's name"),
    ):
        app.text_input(key="finding text 0").set_value(typed)
        press(app, "Write it")
        shown = [*app.error, *app.warning]
        assert any(said in text.value for text in shown), [text.value for text in shown]
        assert app.text_input(key="finding text 0").value == typed
    app.text_input(key="finding text 0").set_value("Most records are of Friday evenings")
    press(app, "Write it")
    assert not app.exception
    assert app.text_input(key="finding text 1").value == ""
    chosen = app.selectbox[0].value
    assert chosen is not None
    number = int(chosen)
    saved = findings.list_findings(demo, analyst, number)["text"].tolist()
    assert saved == ["Most records are of Friday evenings"]
