"""The matrix role x operation, walked at the service functions; and what a scope leaves out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hotspot import InputError, NotAllowedError
from hotspot.access.accounts import Account
from hotspot.access.actor import Actor, UserRole
from hotspot.access.log_filter import LogFilter
from hotspot.access.permissions import PERMISSIONS, Operation, Scope, is_allowed, scope_of
from hotspot.access.sessions import SignInStage
from hotspot.analysis.detection.run import Run
from hotspot.analysis.surroundings.districts import points_in
from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.profile import Audience
from hotspot.errors import SignInRefusedError
from hotspot.services.actions import effects, lists, recording
from hotspot.services.actions.changes import change_action, note_event
from hotspot.services.hotspots import (
    areas,
    disclosures,
    evidence,
    findings,
    register,
    replays,
    snapshots,
    times,
)
from hotspot.services.meetings import proceedings, projection
from hotspot.services.meetings.book import meeting_of
from hotspot.services.people import accounts
from hotspot.services.people.doorkeeper import Doorkeeper
from hotspot.services.premises import (
    applications,
    assessments,
    journal,
    nearby,
    papers,
    records_near,
)
from hotspot.services.records import calendars, datasets, imports, quality
from hotspot.services.records.previews import FileToRead, look
from hotspot.services.reports import outcome_counts, profiles
from hotspot.services.upkeep import backups, holds, log, retention, rotation
from hotspot.services.workspace import exports
from hotspot.services.workspace.folder import Workspace, init_workspace, note_served, work_on
from hotspot.settings import SAMPLE_FOLDER
from hotspot.store import accounts as account_store
from hotspot.store import actions, journals
from hotspot.store import datasets as dataset_store
from hotspot.store.unit_of_work import reading
from layers.plan import hours_picture, place_picture
from tests.helpers import (
    FORCE,
    PASSWORD,
    SHELL,
    a_holder,
    actor_of_role,
    add_person,
    an_action,
    log_of,
    run_of,
)

ROLES = [
    "viewer",
    "analyst",
    "police_licensing_officer",
    "council_licensing_officer",
    "disruption_lead",
    "administrator",
    "auditor",
]
MATRIX = """
create workspace            - - - - - A -
serve workspace             - - - - - A -
back up                     - - - - - A -
restore                     - - - - - A -
look at file                - A - - - - -
import                      - A - - - - -
withdraw import             - A - - - - -
view datasets               - A A - A - -
export unused rows          - A - - - - -
view data quality           - A A - A - -
mark recording change       - A - - - - -
enter school holidays       - A - - - - -
view outcome counts         - A A - A - -
enter outcome counts        - A - - - - -
view retention              - A - - - A -
hold records                - A - - - - -
purge records               - A - - - A -
rotate pseudonyms           - - - - - A -
detect hotspots             - A A - A - -
judge hotspots              - A - - - - -
freeze snapshot             - A - - - - -
view snapshots              - A A - A - -
replay snapshot             - A - - - - -
register hotspot by hand    - A - - A - -
view findings               - A A - A - -
write finding               - A - - - - -
sign finding                - A - - - - -
view shared overview        D - - - - - -
view hours of the week      - A A - A - -
view register of premises   - A A D A - -
view premises near hotspots - A A - A - -
view points of interest     - A A - A - -
ask what is in an area      - A A - A - -
view actions                W A A - A - -
view papers of premises     - - - D - - -
record action               - - A - A - -
change action               - - A W A - -
view effect of action       - A A - A - -
view premises for assessment- A A - A - -
assess premises             - A A - - - -
find records at premises    - A A - - - -
compare premises            - A A - - - -
note engagement             - - A D A - -
write application           - - A - - - -
sign application            - - A - A - -
export application          - - A - A - -
view meetings               - A A - A - -
hold meeting                - - - - A - -
project meeting             - - - - A - -
export minutes              - - - - A - -
share map                   - A - - A - -
export profile              - A - - A - -
export actions              - A - - A - -
collect export              - A A - A - A
sign in                     A A A A A A A
refuse sign-in              A A A A A A A
sign out                    A A A A A A A
change own account          A A A A A A A
view accounts               - - - - - A -
add account                 - - - - - A -
change account              - - - - - A -
view log                    - - - - - - A
trace place in log          - - - - - - A
export log                  - - - - - - A
verify log                  - - - - - - A
"""
SCOPES = {"A": Scope.ALL, "D": Scope.OWN_DISTRICTS, "W": Scope.OWN_WORK, "-": None}
EXPECTED = {
    line[:28].strip(): [SCOPES[cell] for cell in line[28:].split()]
    for line in MATRIX.strip().splitlines()
}


def collect(workspace: Workspace, actor: Actor, _: Run) -> object:
    ticket = exports.DESK.leave(actor.session, exports.ExportFile("x.csv", FileForm.CSV, b"x"))
    return exports.collect(workspace, actor, ticket)


def as_themselves(step: str) -> Callable[[Workspace, Actor, Run], object]:
    """Do what everyone may do about the own account, as an account of the actor's role."""

    def do(workspace: Workspace, actor: Actor, _: Run) -> object:
        door = Doorkeeper(workspace)
        (role,) = actor.roles
        with reading(workspace.engine) as connection:
            known = account_store.account_by_name(connection, role.value)
        if known is None:
            add_person(workspace, role)
            with reading(workspace.engine) as connection:
                known = account_store.account_by_name(connection, role.value)
        assert known is not None
        known = replace(known, shown_as=actor.name)
        if step == "in":
            return door.admit(known, "", SignInStage.OPEN)
        if step == "refused":
            with pytest.raises(SignInRefusedError):
                door.sign_in(role.value, "wrong", "")
            return None
        entered = SESSIONS[role]
        if step == "out":
            door.sign_out(entered)
            return None
        return door.change_password(entered, PASSWORD, "candle marmot brisk folder", "")

    return do


RING = [[52.9, -2.3], [52.9, -2.0], [53.1, -2.0], [53.1, -2.3]]
SESSIONS: dict[UserRole, str] = {}
SERVICES: dict[Operation, Callable[[Workspace, Actor, Run], object]] = {
    Operation.DETECT: lambda w, a, _: run_of(w, a),
    Operation.JUDGE: lambda w, a, r: evidence.judge_hotspots(w, a, r, simulations=9),
    Operation.FREEZE: lambda w, a, r: snapshots.freeze(w, a, r, FORCE, a.role_text),
    Operation.VIEW_SNAPSHOTS: lambda w, a, _: snapshots.list_snapshots(w, a),
    Operation.REPLAY: lambda w, a, _: replays.replay(w, a, 1),
    Operation.REGISTER_HOTSPOT: lambda w, a, _: register.register_by_hand(
        w, a, register.ByHand("Taxi trade", "profession", "MACE")
    ),
    Operation.VIEW_FINDINGS: lambda w, a, _: findings.list_findings(w, a, 1),
    Operation.WRITE_FINDING: lambda w, a, _: findings.write_finding(w, a, 1, "fact", "It is so."),
    Operation.SIGN_FINDING: lambda w, a, _: findings.sign_finding(w, replace(a, account_id=7), 1),
    Operation.VIEW_OVERVIEW: lambda w, a, _: disclosures.shared_overview(w, a),
    Operation.VIEW_RHYTHM: lambda w, a, r: times.times_of(w, a, r, FORCE, "H-01"),
    Operation.VIEW_REGISTER: lambda w, a, _: nearby.register_of_premises(w, a),
    Operation.LINK_PREMISES: lambda w, a, r: nearby.premises_near(w, a, r, 100),
    Operation.VIEW_PLACES: lambda w, a, _: nearby.all_places(w, a),
    Operation.ASK_AREA: lambda w, a, r: areas.what_is_in(w, a, r, FORCE, RING),
    Operation.VIEW_ACTIONS: lambda w, a, _: lists.list_actions(w, a),
    Operation.VIEW_PAPERS: lambda w, a, _: lists.list_papers(w, a),
    Operation.RECORD_ACTION: lambda w, a, r: recording.record_action(
        w, a, an_action(a.role_text), r, "H-01", FORCE
    ),
    Operation.CHANGE_ACTION: lambda w, a, _: note_event(
        w, a, 1, version_of(w), "extended", "for a week"
    ),
    Operation.VIEW_EFFECT: lambda w, a, r: effects.effect_of(w, a, 1, r, FORCE),
    Operation.VIEW_ASSESSMENTS: lambda w, a, _: assessments.list_assessments(w, a),
    Operation.ASSESS_PREMISES: lambda w, a, _: journal.decide(
        w, a, a_place(w), "listed", "late hours"
    ),
    Operation.FIND_INCIDENTS: lambda w, a, _: records_near.records_at(
        w, a, a_place(w), "assessment"
    ),
    Operation.COMPARE_PREMISES: lambda w, a, r: records_near.suggestions(w, a, r, FORCE),
    Operation.NOTE_ENGAGEMENT: lambda w, a, _: journal.note_engagement(
        w, a, a_place(w), {"kind": "visit", "on_day": date(2026, 9, 1), "said": "CCTV works"}
    ),
    Operation.WRITE_PACK: lambda w, a, _: applications.save_pack(w, a, a_place(w), PACK),
    Operation.SIGN_PACK: lambda w, a, _: applications.sign_pack(
        w, replace(a, account_id=7), a_place(w), last_pack(w), "police", ""
    ),
    Operation.EXPORT_PACK: lambda w, a, _: papers.export_paper(
        w, a, a_place(w), "served", recipients="Council", reason="hearing"
    ),
    Operation.VIEW_MEETINGS: lambda w, a, _: proceedings.list_meetings(w, a),
    Operation.HOLD_MEETING: lambda w, a, _: proceedings.open_meeting(
        w, a, "MACE", date(2026, 11, 26)
    ),
    Operation.SHOW_MEETING: lambda w, a, r: meeting_of(w, a, 1, r, FORCE),
    Operation.EXPORT_MINUTES: lambda w, a, r: projection.export_minutes(
        w, a, 1, FileForm.PAGE, r, FORCE, recipients="MACE", reason="minutes"
    ),
    Operation.SHARE_MAP: lambda w, a, r: disclosures.share_map(w, a, r, FORCE, "Partners", "MACE"),
    Operation.EXPORT_PROFILE: lambda w, a, _: profiles.export_profile(
        w,
        a,
        1,
        Audience.POLICE,
        recipients="Partners",
        reason="MACE",
        draw_map=place_picture,
        draw_hours=hours_picture,
    ),
    Operation.EXPORT_ACTIONS: lambda w, a, _: lists.export_actions(
        w, a, FileForm.CSV, "Partners", "MACE"
    ),
    Operation.COLLECT_EXPORT: collect,
    Operation.LOOK_AT_FILE: lambda w, a, _: look(
        w, a, "incidents", FileToRead(SAMPLE_FOLDER / "incidents.csv", "incidents.csv")
    ),
    Operation.WITHDRAW_IMPORT: lambda w, a, _: datasets.withdraw_import(w, a, 1, "wrong file"),
    Operation.VIEW_DATASETS: lambda w, a, _: datasets.list_datasets(w, a),
    Operation.EXPORT_UNUSED: lambda w, a, _: datasets.export_unused(w, a, 1, FileForm.CSV, "check"),
    Operation.VIEW_QUALITY: lambda w, a, _: quality.view_quality(w, a),
    Operation.ENTER_HOLIDAYS: lambda w, a, _: calendars.enter_holiday(
        w, a, "Summer 2031", date(2031, 7, 20), date(2031, 8, 31)
    ),
    Operation.MARK_CHANGE: lambda w, a, _: quality.mark_change(
        w, a, "missing", date(2026, 4, 1), "new form"
    ),
    Operation.VIEW_OUTCOMES: lambda w, a, _: outcome_counts.view_counts(w, a),
    Operation.ENTER_OUTCOMES: lambda w, a, _: outcome_counts.enter_counts(
        w, a, "2026-10", "", {"charge": 3}
    ),
    Operation.VIEW_RETENTION: lambda w, a, _: retention.review_queue(w, a),
    Operation.HOLD_RECORDS: lambda w, a, _: holds.place_hold(
        w, a, holds.Hold("", "2025-01", "2025-12", "a case")
    ),
    Operation.PURGE: lambda w, a, _: retention.purge(w, a, is_dry=True),
    Operation.ROTATE_PSEUDONYMS: lambda w, a, _: rotation.rotate_pseudonyms(w, a),
    Operation.IMPORT: lambda w, a, _: imports.import_files(
        w, a, "incidents", [SAMPLE_FOLDER / "incidents.csv"]
    ),
    Operation.SERVE_WORKSPACE: lambda w, a, _: note_served(w, a, "http://127.0.0.1"),
    Operation.CREATE_WORKSPACE: lambda w, a, _: init_workspace(
        a, w.folder.parent / f"new-{a.role_text}", "sample"
    ),
    Operation.BACK_UP: lambda w, a, _: backups.back_up(
        w, a, w.folder.parent / f"{a.role_text}.backup"
    ),
    Operation.RESTORE: lambda w, a, _: restored(w, a),
    Operation.SIGN_IN: as_themselves("in"),
    Operation.REFUSE_SIGN_IN: as_themselves("refused"),
    Operation.SIGN_OUT: as_themselves("out"),
    Operation.CHANGE_OWN_ACCOUNT: as_themselves("password"),
    Operation.VIEW_ACCOUNTS: lambda w, a, _: accounts.list_accounts(w, a),
    Operation.ADD_ACCOUNT: lambda w, a, _: accounts.add_account(
        w, a, a_holder(UserRole.ANALYST, f"new {a.role_text}"), PASSWORD
    ),
    Operation.CHANGE_ACCOUNT: lambda w, a, _: accounts.end_sessions(w, a, an_account(w)),
    Operation.VIEW_LOG: lambda w, a, _: log.view_log(w, a, LogFilter(), "audit"),
    Operation.TRACE_PLACE: lambda w, a, _: log.trace_place(w, a, "HS-0001", "request"),
    Operation.EXPORT_LOG: lambda w, a, _: log.export_log(w, a, LogFilter(), "audit"),
    Operation.VERIFY_LOG: lambda w, a, _: log.verify_log(w, a),
}


PACK: dict[str, Any] = {
    "applicant": "Staffordshire Police",
    "holder": "Example Ltd",
    "objectives": ["children"],
    "grounds": "A child was served.",
    "steps": ["CCTV"],
    "given_on": date(2026, 11, 2),
    "straight_why": "grave",
}
WRITER = Actor("Writer", frozenset({UserRole.POLICE_LICENSING}), "Staffordshire Police")


def a_place(workspace: Workspace) -> tuple[str, str]:
    """Premises in Stoke-on-Trent, in the licensing register."""
    with reading(workspace.engine) as connection:
        rows = dataset_store.all_rows(connection, "premises")
    rows = rows[(rows["source"] == "licensing") & rows["lat"].notna()]
    inside = points_in(workspace.area, frozenset({"Stoke-on-Trent"}), rows)
    return "licensing", str(rows.loc[inside, "premises_ref"].iloc[0])


def last_pack(workspace: Workspace) -> int:
    with reading(workspace.engine) as connection:
        entries = journals.list_entries(connection, starts="premises ")
    return int(entries.loc[entries["kind"] == "pack", "entry_id"].max())


def version_of(workspace: Workspace) -> int:
    with reading(workspace.engine) as connection:
        return int(actions.list_actions(connection)["version"].iloc[0])


def an_account(workspace: Workspace) -> Account:
    with reading(workspace.engine) as connection:
        found = account_store.account_by_name(connection, "asha")
    assert found is not None
    return found


def restored(workspace: Workspace, actor: Actor) -> Workspace:
    """Restore a backup; give the restored workspace, whose log has the row."""
    from hotspot.services.workspace.folder import open_workspace

    source = workspace.folder.parent / f"for {actor.role_text}.backup"
    if not source.exists() and is_allowed(actor, Operation.RESTORE):
        backups.back_up(workspace, SHELL, source)
    folder = workspace.folder.parent / f"restored {actor.role_text}"
    backups.restore(actor, source, folder)
    return open_workspace(folder)


def test_the_matrix_names_every_operation_and_every_role() -> None:
    assert set(EXPECTED) == {operation.value for operation in Operation}
    assert set(PERMISSIONS) == set(Operation) == set(SERVICES)
    assert set(ROLES) == {role.value for role in UserRole}
    assert all(len(cells) == len(ROLES) for cells in EXPECTED.values())


def prepare(demo: Workspace, run: Run, operation: Operation) -> None:
    """Make what an operation needs to be there."""
    if operation is Operation.SIGN_FINDING:
        findings.write_finding(demo, replace(SHELL, account_id=8), 1, "fact", "It is so.")
    if operation in (Operation.REPLAY, Operation.EXPORT_PROFILE):
        snapshots.freeze(demo, SHELL, run, FORCE, "first")
    if operation in (Operation.SIGN_PACK, Operation.EXPORT_PACK):
        applications.save_pack(demo, WRITER, a_place(demo), PACK)
    if operation in (Operation.SHOW_MEETING, Operation.EXPORT_MINUTES):
        proceedings.open_meeting(demo, SHELL, "MACE", date(2026, 11, 26))


@pytest.mark.parametrize("operation", list(Operation), ids=lambda o: o.value)
def test_every_cell_of_the_matrix_holds_at_the_service(
    demo: Workspace, lead: Actor, analyst: Actor, operation: Operation
) -> None:
    """Each role walks the service: allowed ones log exactly one row of theirs, others no trace."""
    run = run_of(demo, analyst)
    first = nearby.premises_near(demo, analyst, run, 100).query("key == 'H-01'").iloc[0]
    target = (str(first["source"]), str(first["premises_ref"]))
    command = an_action("first", measure_code="MAKESAFE", premises=target)
    recording.record_action(demo, lead, command, run, "H-01", FORCE)
    prepare(demo, run, operation)
    SESSIONS.clear()
    if operation in (Operation.SIGN_OUT, Operation.CHANGE_OWN_ACCOUNT):
        for role in UserRole:
            entered = as_themselves("in")(demo, actor_of_role(role), run)
            SESSIONS[role] = entered.token  # type: ignore[attr-defined]
    for name, expected in zip(ROLES, EXPECTED[operation.value], strict=True):
        role = UserRole(name)
        actor = actor_of_role(role)
        assert scope_of(actor, operation) == expected
        if operation in (Operation.SIGN_IN, Operation.REFUSE_SIGN_IN):
            add_person(demo, role)
        before = log_of(demo)
        if expected is None:
            with pytest.raises(NotAllowedError, match="may not"):
                SERVICES[operation](demo, actor, run)
            assert len(log_of(demo)) == len(before)
            continue
        made = SERVICES[operation](demo, actor, run)
        new = log_of(made) if isinstance(made, Workspace) else log_of(demo)
        row = new.iloc[-1]
        if not isinstance(made, Workspace):
            grew = len(new) - len(before)
            assert grew == 1
        elif operation is Operation.CREATE_WORKSPACE:
            assert len(new) == 1
        assert (row["operation"], row["category"]) == (
            operation.value,
            PERMISSIONS[operation].category.value,
        )
        if operation is Operation.REFUSE_SIGN_IN:
            assert row["actor"] == "nobody signed in"
        elif operation in (Operation.SIGN_OUT, Operation.CHANGE_OWN_ACCOUNT):
            assert row["roles"] == role.value
        else:
            assert row["actor"] == actor.name


@pytest.mark.parametrize(
    "change",
    [
        lambda w, a, x: accounts.set_disabled(w, a, x, is_disabled=True),
        lambda w, a, x: accounts.set_password(w, a, x, PASSWORD),
        lambda w, a, x: accounts.reset_second_factor(w, a, x),
        lambda w, a, x: accounts.unlock(w, a, x),
        lambda w, a, x: accounts.end_sessions(w, a, x),
        lambda w, a, x: accounts.change_holder(w, a, x, a_holder(UserRole.AUDITOR, "asha")),
    ],
)
def test_every_change_of_an_account_is_one_row_and_the_administrators(
    demo: Workspace, administrator: Actor, analyst: Actor, change: Callable[..., object]
) -> None:
    before = len(log_of(demo))
    with pytest.raises(NotAllowedError):
        change(demo, analyst, an_account(demo))
    assert len(log_of(demo)) == before
    change(demo, administrator, an_account(demo))
    assert len(log_of(demo)) == before + 1


def test_a_new_operation_without_a_rule_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails when someone adds an operation and forgets its row: the lookup itself."""
    rules = dict(PERMISSIONS)
    del rules[Operation.DETECT]
    monkeypatch.setattr("hotspot.access.permissions.PERMISSIONS", rules)
    with pytest.raises(KeyError):
        scope_of(SHELL, Operation.DETECT)


# areas and agencies ------------------------------------------------------------------------


@pytest.fixture
def busy(demo: Workspace, lead: Actor, analyst: Actor) -> Workspace:
    """Two actions at premises in each district that has hotspots: one of the city council's."""
    run = run_of(demo, analyst)
    near = nearby.premises_near(demo, analyst, run, 200).drop_duplicates("key")
    for row in near.itertuples():
        for agency in ("Stoke-on-Trent City Council", "Staffordshire Police"):
            command = an_action(
                f"{row.key} {agency}",
                agency=agency,
                measure_code="MAKESAFE",
                premises=(str(row.source), str(row.premises_ref)),
                note="police only",
            )
            recording.record_action(demo, lead, command, run, str(row.key), FORCE)
    return demo


def district_of(workspace: Workspace, lng: float, lat: float) -> str:
    from shapely import Point

    point = Point(lng, lat)
    return next(n for n, shape in workspace.area.districts.items() if shape.contains(point))


def test_a_partner_sees_its_own_agency_in_its_own_district(busy: Workspace) -> None:
    everything = lists.list_actions(busy, SHELL)
    places = [
        district_of(busy, lng, lat)
        for lng, lat in everything[["premises_lng", "premises_lat"]].to_numpy()
    ]
    assert len(set(places)) > 2
    for district in busy.area.districts:
        viewer = actor_of_role(UserRole.VIEWER, district)
        seen = lists.list_actions(busy, viewer)
        is_own = (everything["agency"] == viewer.agency).to_numpy()
        expected = everything[is_own & [place == district for place in places]]
        assert seen["action_id"].tolist() == expected["action_id"].tolist()


def test_a_council_sees_papers_of_its_district_without_police_matter(busy: Workspace) -> None:
    council = actor_of_role(UserRole.COUNCIL_LICENSING)
    papers = lists.list_papers(busy, council)
    assert not papers.empty
    assert set(papers.columns) == set(lists.PAPER_COLUMNS)
    assert not {"note", "hotspot", "hotspot_id", "recorded_by"} & set(papers.columns)
    register = nearby.register_of_premises(busy, council)
    everywhere = nearby.register_of_premises(busy, SHELL)
    assert 0 < len(register) < len(everywhere)
    assert {district_of(busy, *at) for at in register[["lng", "lat"]].to_numpy()} == {
        "Stoke-on-Trent"
    }
    assert papers["premises_name"].isin(register["name"]).all()


def test_a_council_moves_on_its_own_papers_only(busy: Workspace) -> None:
    council = actor_of_role(UserRole.COUNCIL_LICENSING)
    papers = lists.list_papers(busy, council)
    own, other = papers[papers["is_own"]].iloc[0], papers[~papers["is_own"]].iloc[0]
    change_action(busy, council, int(own["action_id"]), 1, "planned", "")
    with pytest.raises(NotAllowedError, match="not one of yours"):
        change_action(busy, council, int(other["action_id"]), 1, "planned", "")
    elsewhere = actor_of_role(UserRole.COUNCIL_LICENSING, "Tamworth")
    with pytest.raises(NotAllowedError, match="not one of yours"):
        change_action(busy, elsewhere, int(own["action_id"]), 2, "briefed", "")


def test_a_partners_overview_is_its_own_ground_and_suppressed(
    demo: Workspace, analyst: Actor
) -> None:
    run = run_of(demo, analyst)
    shown, withheld = 0, 0
    for district, ground in demo.area.districts.items():
        shared = disclosures.shared_overview(demo, actor_of_role(UserRole.VIEWER, district))
        assert shared is not None
        assert "cells" not in shared.hotspots
        assert set(shared.hotspots["children"].map(type)) <= {str}
        assert shared.hotspots.intersects(ground).all()
        shown += len(shared.hotspots)
        withheld += shared.withheld.total()
    assert shown + withheld == len(run.hotspots)
    assert withheld == 1
    row = log_of(demo).iloc[-1]
    assert (row["category"], row["recipients"]) == ("disclosure", "Stoke-on-Trent City Council")


def test_an_unknown_district_shows_nothing(busy: Workspace) -> None:
    """A district that the area has not (any more) is no ground at all."""
    gone = actor_of_role(UserRole.VIEWER, "Atlantis")
    assert lists.list_actions(busy, gone).empty
    shared = disclosures.shared_overview(busy, gone)
    assert shared is not None
    assert shared.hotspots.empty
    assert nearby.register_of_premises(
        busy, actor_of_role(UserRole.COUNCIL_LICENSING, "Atlantis")
    ).empty


# reasons -----------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", [o for o in Operation if PERMISSIONS[o].reason])
def test_a_reason_is_asked_for_where_the_policy_says_so(
    workspace: Workspace, operation: Operation
) -> None:
    with pytest.raises(InputError, match="Say why"), work_on(workspace, SHELL, operation, "  "):
        pass
    with work_on(workspace, SHELL, operation, " an appeal ") as work:
        work.log("x")
    assert log_of(workspace).iloc[-1]["reason"] == "an appeal"
    relaxed = replace(workspace, settings=workspace.settings.model_copy(update={"reasons_for": ()}))
    with work_on(relaxed, SHELL, operation) as work:
        work.log("x")
    assert log_of(workspace).iloc[-1]["reason"] != "an appeal"


def test_the_export_names_recipients_and_keeps_the_marking(
    busy: Workspace, lead: Actor, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="who will receive"):
        lists.export_actions(busy, lead, FileForm.CSV, " ", "MACE")
    file = lists.export_actions(busy, lead, FileForm.CSV, "MACE partners", "meeting")
    text = file.content.decode("utf-8-sig")
    assert text.startswith('"OFFICIAL-SENSITIVE')
    assert "Demonstration: invented data." in text
    assert "for MACE partners" in text
    assert "OFFICIAL-SENSITIVE" in file.name
    row = log_of(busy).iloc[-1]
    assert (row["recipients"], row["reason"]) == ("MACE partners", "meeting")
    assert row["rows"] == len(lists.list_actions(busy, SHELL)) == text.count('"Sgt"')
    assert "HS-" not in text, "gaps in the numbers would tell what is withheld"
    assert date.today().isoformat()[:4] in file.name  # noqa: DTZ011
