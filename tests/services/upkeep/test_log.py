"""The auditor's questions: the log by filter, and who saw or received what about a place."""

from __future__ import annotations

import csv
import io
import json
import logging
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot import InputError, NotAllowedError
from hotspot.access.actor import Actor, UserRole
from hotspot.access.log_filter import LogFilter
from hotspot.analysis.surroundings.districts import ground_of_cells, ground_of_point
from hotspot.disclosure.forms import FileForm
from hotspot.errors import NotFoundError
from hotspot.services.actions import lists, recording
from hotspot.services.hotspots import disclosures
from hotspot.services.premises import nearby
from hotspot.services.upkeep import log
from hotspot.services.workspace import exports, server_log
from hotspot.services.workspace.exports import ExportDesk, ExportFile
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, actor_of_role, an_action, log_of, run_of

AUDITOR = Actor("Audrey", frozenset({UserRole.AUDITOR}))


def who(trace: log.Trace) -> set[tuple[str, str]]:
    return set(trace.rows[["actor", "operation"]].itertuples(index=False, name=None))


def test_a_hotspots_history_names_everyone_who_saw_or_received_it(
    demo: Workspace, lead: Actor, analyst: Actor
) -> None:
    run = run_of(demo, analyst)
    recording.record_action(demo, lead, an_action(), run, "H-02", FORCE)
    disclosures.share_map(demo, lead, run, FORCE, "MACE partners", "meeting")
    lists.export_actions(demo, analyst, FileForm.CSV, "Board", "report")
    viewer = actor_of_role(UserRole.VIEWER, "Tamworth")
    disclosures.shared_overview(demo, viewer)
    trace = log.trace_place(demo, AUDITOR, "HS-0001", "breach 12")
    assert trace.places == ["HS-0001"]
    assert who(trace) == {
        ("Test Analyst", "detect hotspots"),
        ("Test Lead", "record action"),
        ("Test Lead", "share map"),
        ("Test Analyst", "export actions"),
    }
    shared = trace.rows[trace.rows["operation"] == "share map"].iloc[0]
    assert (shared["recipients"], shared["reason"]) == ("MACE partners", "meeting")
    assert shared["how"] == "its ground was shown"
    recorded = trace.rows[trace.rows["operation"] == "record action"].iloc[0]
    assert recorded["how"] == "named"
    assert trace.rows["at"].is_monotonic_decreasing
    again = log.trace_place(demo, AUDITOR, "hs-1", "breach 12")
    assert ("Audrey", "trace place in log") in who(again)


def test_what_was_withheld_was_not_sent(demo: Workspace, lead: Actor, analyst: Actor) -> None:
    """The hotspot that one child drives is seen in the force, and is in no file."""
    run = run_of(demo, analyst)
    hidden = run.hotspots[run.hotspots["single_child"]]["key"].item()
    recording.record_action(demo, lead, an_action(), run, hidden, FORCE)
    disclosures.share_map(demo, lead, run, FORCE, "MACE partners", "meeting")
    trace = log.trace_place(demo, AUDITOR, "1", "request")
    assert ("Test Analyst", "detect hotspots") in who(trace)
    assert ("Test Lead", "share map") not in who(trace)


def test_a_businesss_history_has_links_lists_and_ground(demo: Workspace, analyst: Actor) -> None:
    run = run_of(demo, analyst)
    near = nearby.premises_near(demo, analyst, run, 100)
    first = near.iloc[0]
    nearby.register_of_premises(demo, actor_of_role(UserRole.COUNCIL_LICENSING))
    trace = log.trace_place(demo, AUDITOR, str(first["premises_ref"]), "request for access")
    how = dict(trace.rows[["operation", "how"]].itertuples(index=False, name=None))
    assert "named" in how["view premises near hotspots"]
    assert how["view register of premises"] == "the whole register was shown"
    assert "its ground was shown" in how["detect hotspots"]
    assert any(str(first["name"]) in place for place in trace.places)
    with pytest.raises(InputError, match="more of the name"):
        log.trace_place(demo, AUDITOR, "a", "request")
    for nothing in ("no such place", "HS-0099", ""):
        with pytest.raises(NotFoundError, match="No hotspot or premises"):
            log.trace_place(demo, AUDITOR, nothing, "request")


def test_the_export_holds_every_row_with_its_seal(demo: Workspace, analyst: Actor) -> None:
    run_of(demo, analyst)
    file = log.export_log(demo, AUDITOR, LogFilter(), "inspection")
    lines = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))
    start = next(n for n, row in enumerate(lines) if "audit_id" in row)
    table = pd.DataFrame(lines[start + 1 :], columns=lines[start])
    kept = log_of(demo)
    assert table["audit_id"].astype(int).tolist() == kept["audit_id"].tolist()[:-1]
    assert table["seal"].tolist() == kept["seal"].tolist()[:-1]
    assert json.loads(table["places"].iloc[-1])[0].startswith("ground ")
    assert "marking" not in file.name
    assert "OFFICIAL-SENSITIVE" in file.name


def test_what_was_typed_into_a_filter_is_not_logged(demo: Workspace) -> None:
    log.view_log(demo, AUDITOR, LogFilter(actor="a very private name"), "check")
    row = log_of(demo).iloc[-1]
    assert row["shape"] == {"actor": True}
    assert "private" not in log_of(demo).to_csv()


@given(st.floats(-2.4, -1.6), st.floats(52.6, 53.2), st.integers(7, 11))
def test_the_ground_of_a_cell_is_where_its_points_are(lng: float, lat: float, res: int) -> None:
    import h3

    cell = h3.latlng_to_cell(lat, lng, res)
    ground = ground_of_cells([cell])
    near = {c for g in ground for c in h3.grid_disk(g, 1)}
    assert ground_of_point(lng, lat) in near
    middle = h3.cell_to_latlng(cell)
    assert ground_of_point(middle[1], middle[0]) in ground


# the desk ----------------------------------------------------------------------------------


def a_file(name: str = "x") -> ExportFile:
    return ExportFile(name, FileForm.CSV, b"content")


def test_a_ticket_is_for_one_session_one_use_and_two_minutes() -> None:
    from datetime import UTC, datetime, timedelta

    now = datetime(2026, 11, 22, tzinfo=UTC)
    desk = ExportDesk()
    ticket = desk.leave("mine", a_file(), now)
    for session, given_ticket, at in (
        ("other", ticket, now),
        ("", ticket, now),
        ("mine", ticket + "x", now),
        ("mine", "", now),
        ("mine", ticket, now + timedelta(seconds=120)),
    ):
        with pytest.raises(NotFoundError, match="used or has expired"):
            desk.take(session, given_ticket, at)
        if at == now:
            continue
        ticket = desk.leave("mine", a_file(), now)
    assert desk.take("mine", ticket, now + timedelta(seconds=119)).content == b"content"
    with pytest.raises(NotFoundError):
        desk.take("mine", ticket, now)


def test_the_desk_does_not_grow_without_end() -> None:
    desk = ExportDesk()
    tickets = [desk.leave("mine", a_file(str(n))) for n in range(exports.MAX_WAITING + 10)]
    assert desk.take("mine", tickets[-1]).name == str(exports.MAX_WAITING + 9)
    with pytest.raises(NotFoundError):
        desk.take("mine", tickets[0])


def test_an_actor_without_a_session_collects_nothing(demo: Workspace, lead: Actor) -> None:
    ticket = exports.DESK.leave("", a_file())
    with pytest.raises(NotFoundError):
        exports.collect(demo, lead, ticket)
    rows = len(log_of(demo))
    signed_in = replace(lead, session="abc")
    ticket = exports.DESK.leave("abc", a_file())
    exports.collect(demo, signed_in, ticket)
    assert len(log_of(demo)) == rows + 1
    with pytest.raises(NotFoundError):
        exports.collect(demo, signed_in, ticket)
    assert len(log_of(demo)) == rows + 1


# the server's own log ----------------------------------------------------------------------


def test_the_servers_log_is_json_without_texts_of_users(
    capsys: pytest.CaptureFixture[str],
) -> None:
    server_log.start_logging()
    server_log.note("import", rows=3, source="missing", label="Jo\n2026 ERROR forged")
    nothing: dict[str, str] = {}
    with pytest.raises(KeyError) as failure:
        nothing["a child's name"]
    first = server_log.note_error(failure.value)
    logging.getLogger("hotspot.server").handlers = []
    made, failed = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (made["event"], made["rows"], made["source"], made["label"]) == (
        "import",
        3,
        "missing",
        "?",
    )
    assert (failed["kind"], failed["reference"], failed["level"]) == ("KeyError", first, "ERROR")
    assert "child" not in json.dumps(failed)
    assert "test_log.py" in failed["where"]


def test_a_refused_operation_is_in_the_servers_log(
    demo: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    server_log.start_logging()
    viewer = replace(actor_of_role(UserRole.VIEWER), name="Vic Viewer")
    with pytest.raises(NotAllowedError):
        nearby.all_places(demo, viewer)
    logging.getLogger("hotspot.server").handlers = []
    (line,) = [json.loads(text) for text in capsys.readouterr().err.splitlines()]
    assert (line["event"], line["operation"]) == ("refused", "view points of interest")
    assert (line["roles"], line["session"]) == ("viewer", viewer.session)
    assert "Vic" not in json.dumps(line)


def test_streamlits_own_account_of_an_error_is_silenced(caplog: pytest.LogCaptureFixture) -> None:
    server_log.start_logging()
    logging.getLogger("streamlit.error_util").error("Uncaught: a child's name")
    assert "child" not in caplog.text
