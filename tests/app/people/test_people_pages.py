"""Pages of those who look after accounts and the log."""

from __future__ import annotations

from hotspot.access.actor import UserRole
from hotspot.services.workspace.folder import Workspace
from tests.app.test_pages import OpenApp, press
from tests.helpers import PASSWORD


def test_the_auditor_reads_and_checks_the_log(demo: Workspace, open_app: OpenApp) -> None:
    app = open_app(demo, "audrey")
    press(app, "Show")
    assert "Say why" in app.error[0].value
    {box.label: box for box in app.text_input}["Why you look"].input("monthly check")
    press(app, "Show")
    assert not app.exception
    shown = app.dataframe[0].value
    assert "sign in" in shown["What"].tolist()
    assert shown["When"].is_monotonic_decreasing
    press(app, "Check every seal")
    assert any("whole" in box.value for box in app.success)


def test_the_auditor_asks_who_saw_a_place(demo: Workspace, open_app: OpenApp) -> None:
    asha = open_app(demo, "asha")
    asha.switch_page("premises/premises_page.py").run()
    name = asha.dataframe[0].value["Premises"].iloc[0]
    app = open_app(demo, "audrey")
    app.switch_page("people/trace_page.py").run()
    fields = {box.label: box for box in app.text_input}
    fields["Hotspot (HS-0001) or part of a premises' name"].input(name)
    fields["Why you ask"].input("request for access")
    press(app, "Ask")
    assert not app.exception
    answer = app.dataframe[0].value
    assert "Asha Analyst (demo)" in answer["Who"].tolist()
    assert answer["Place"].str.contains(name, regex=False).any()


def test_the_administrator_makes_and_changes_accounts(demo: Workspace, open_app: OpenApp) -> None:
    app = open_app(demo, "addie")
    fields = {box.label: box for box in app.text_input}
    fields["Name to sign in with"].input("newcomer")
    shown = [box for box in app.text_input if box.label == "Name to show"]
    shown[-1].input("New Comer")
    roles = [box for box in app.multiselect if box.label == "Roles"]
    roles[-1].select(UserRole.ANALYST)
    fields["First password"].input("weak")
    press(app, "Add the account")
    assert "characters" in app.error[0].value
    fields = {box.label: box for box in app.text_input}
    fields["First password"].input(PASSWORD)
    press(app, "Add the account")
    assert not app.exception
    assert "newcomer" in app.dataframe[0].value["Name"].tolist()
    assert not any("Cell" in str(box.label) for box in app.selectbox)
