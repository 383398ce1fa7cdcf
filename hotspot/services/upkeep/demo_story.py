"""Tell a story in the demonstration: two months frozen, actions, premises looked at, a meeting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.analysis.detection.run import Run
from hotspot.disruption.actions import RecordAction
from hotspot.disruption.measures import load_catalogue
from hotspot.schema import FORCE_SOURCES
from hotspot.services.actions import clocks, recording
from hotspot.services.actions.changes import Outcome, change_action
from hotspot.services.hotspots import findings, runs, snapshots
from hotspot.services.meetings import proceedings
from hotspot.services.meetings.book import meeting_of
from hotspot.services.meetings.proceedings import Answer
from hotspot.services.people.accounts import find_account
from hotspot.services.premises import journal, nearby
from hotspot.services.premises.book import Place
from hotspot.services.records.imports import import_files
from hotspot.services.reports import outcome_counts
from hotspot.services.upkeep.demo import BUILDER
from hotspot.services.workspace.folder import Workspace
from hotspot.settings import SAMPLE_FOLDER
from hotspot.store import journals
from hotspot.store.unit_of_work import reading

_STOKE, _POLICE = "Stoke-on-Trent City Council", "Staffordshire Police"
_MONTHS = (
    ("2026-09", date(2025, 10, 1), date(2026, 9, 30)),
    ("2026-10", date(2025, 11, 1), date(2026, 10, 31)),
)
_ACTIONS = (
    # hotspot, measure, owner, agency, days until due, why
    ("H-01", "HVP", "Sgt Brook (invented)", _POLICE, -20, "Friday and Saturday nights, 20:00 on"),
    ("H-01", "ENV", "Kit Lane (invented)", _STOKE, 25, "Dark corner behind the shops"),
    ("H-02", "COMMS", "Ash Field (invented)", "Schools", -6, "After school, older pupils"),
    ("H-03", "TX-OP", "Rue Marsh (invented)", "District or borough council", 13, "Rank at night"),
    ("H-04", "YOUTH", "Lin Heath (invented)", "Children's services", 30, "A safe place to go"),
    ("H-05", "HVP", "Sgt Brook (invented)", _POLICE, -45, "Saturday afternoons"),
)
"""What was agreed; every name is invented."""


def tell_story(workspace: Workspace, progress: Callable[[str], None] = lambda _: None) -> bool:
    """Tell it once, by the services and the invented people; give whether it was told now.

    Days are counted from today, so that something is always late, due and to come.
    """
    with reading(workspace.engine) as connection:
        if len(journals.list_meetings(connection)):
            return False
    analyst, officer, lead = (_person(workspace, name) for name in ("asha", "lee", "drew"))
    sources = [source for source in FORCE_SOURCES if source in ("incidents", "missing")]
    import_files(workspace, BUILDER, "sensitive-sites", [SAMPLE_FOLDER / "sensitive_sites.csv"])
    progress("freezing two months")
    for name, start, end in _MONTHS:
        params = runs.default_params(runs.holdings(workspace), sources)
        run = runs.detect_hotspots(
            workspace, analyst, sources, params.replace(start=start, end=end)
        )
        snapshots.freeze(workspace, analyst, run, sources, name)
    findings.write_finding(
        workspace, analyst, 1, findings.ASSESSMENT, "The evenings of the weekend stand out."
    )
    progress("recording actions, premises and a meeting")
    today = date.today()  # noqa: DTZ011 - days on the users' calendar
    shown = runs.detect_hotspots(workspace, lead, sources, params)
    _act(workspace, lead, shown, sources, today)
    _assess(workspace, officer, lead, shown, sources, today)
    _count(workspace, analyst)
    _meet(workspace, lead, run, sources, today)
    return True


def _person(workspace: Workspace, name: str) -> Actor:
    return find_account(workspace, BUILDER, name).actor()


def _record(  # noqa: PLR0913, PLR0917 - an action and where it is recorded
    workspace: Workspace,
    actor: Actor,
    run: Run,
    sources: list[str],
    today: date,
    told: tuple[str, str, str, str, int, str],
    place: Place | None = None,
) -> int:
    key, code, owner, agency, days, why = told
    gates = tuple(gate.when for gate in load_catalogue()[code].gates)
    command = RecordAction(
        f"story {key} {code}",
        code,
        owner,
        agency,
        today + timedelta(days),
        premises=place,
        necessity=why,
        confirmed=gates,
    )
    return recording.record_action(workspace, actor, command, run, key, sources).action_id


def _act(workspace: Workspace, lead: Actor, run: Run, sources: list[str], today: date) -> None:
    keys = set(run.hotspots["key"])
    for told in _ACTIONS:
        if told[0] not in keys:
            continue
        number = _record(workspace, lead, run, sources, today, told)
        if told[:2] == ("H-05", "HVP"):
            for version, step in enumerate(("planned", "briefed", "run", "debriefed"), start=1):
                change_action(workspace, lead, number, version, step, "")
            ended = Outcome("done", {"stops": 4, "referrals": 1})
            change_action(workspace, lead, number, 5, "completed", "", ended=ended)


def _count(workspace: Workspace, analyst: Actor) -> None:
    """Enter a year of invented counts: reports rise, and few of them end in court."""
    months = [f"{month:%Y-%m}" for month in pd.period_range("2025-11", "2026-10", freq="M")]
    for n, month in enumerate(months):
        recorded = 38 + 2 * n + (n * 7) % 5
        counts: dict[str, int | None] = {
            "recorded": recorded,
            "suspect_identified": recorded * 6 // 10,
            "file_to_cps": recorded // 5,
            "charge": recorded // 9,
            "conviction": recorded // 14,
            "nfa_evidence": recorded // 4,
            "nfa_victim": recorded // 6,
            "nfa_no_suspect": recorded // 7,
            "referred": recorded // 5,
            "referred_charged": recorded // 9,
            "referred_convicted": recorded // 14 if n < 8 else None,
            "referred_no_evidence": recorded // 18,
            "referred_no_support": recorded // 30,
            "days_to_charge": 60 + 3 * (n % 4),
            "days_to_verdict": 210 + 10 * (n % 3) if n < 8 else None,
        }
        outcome_counts.enter_counts(workspace, analyst, month, "", dict(counts))


def _assess(
    workspace: Workspace, officer: Actor, lead: Actor, run: Run, sources: list[str], today: date
) -> None:
    """Look at two premises in the first hotspot: one warned, one with a council's test to come."""
    near = nearby.premises_near(workspace, officer, run, 0)
    own = near[(near["key"] == "H-01") & (near["source"] == "licensing")]
    first, second = ((str(row.source), str(row.premises_ref)) for row in own.head(2).itertuples())
    for number, (where, days) in enumerate((("at", 60), ("outside", 35), ("nearby", 20)), start=1):
        journal.link_incident(
            workspace,
            officer,
            first,
            {
                "reference": f"21DA/{number}/26",
                "on_day": today - timedelta(days),
                "where": where,
                "what": "Alcohol sold to a child, as the log says",
                "in_hours": "yes",
                "objectives": ["children"],
            },
        )
    for kind, days, said, again in (
        ("visit", 70, "Cameras did not record", None),
        ("early warning", 30, "Plan agreed: cameras, training, refusals log", -2),
    ):
        journal.note_engagement(
            workspace,
            officer,
            first,
            {
                "kind": kind,
                "on_day": today - timedelta(days),
                "said": said,
                "follow_up_on": None if again is None else today - timedelta(again),
            },
        )
    journal.decide(
        workspace, officer, second, "listed", "Two calls of neighbours about children late at night"
    )
    told = ("H-01", "TEST", "Jo Dale (invented)", _STOKE, 10, "Asked for by the trade too")
    number = _record(workspace, lead, run, sources, today, told, second)
    change_action(workspace, lead, number, 1, "planned", "")
    told = ("H-01", "LA-EARLY", "Lee Licensing (demo)", _POLICE, 4, "A plan was agreed")
    number = _record(workspace, officer, run, sources, today, told, first)
    clocks.record_moment(workspace, officer, number, 1, "sent", today - timedelta(days=30))


def _meet(workspace: Workspace, lead: Actor, run: Run, sources: list[str], today: date) -> None:
    """Hold last month's meeting, so that the next one has something to ask after."""
    number = proceedings.open_meeting(
        workspace, lead, "MACE, last month", today - timedelta(days=28)
    )
    for name, agency in (
        ("Kit Lane (invented)", _STOKE),
        ("Ash Field (invented)", "Schools"),
        ("Sgt Brook (invented)", _POLICE),
    ):
        proceedings.attend(workspace, lead, number, name, agency)
    asked = meeting_of(workspace, lead, number, run, sources).asked
    row = asked[asked["measure_code"] == "ENV"].iloc[0]
    seen = (int(row["action_id"]), int(row["version"]))
    proceedings.update_action(workspace, lead, number, seen, Answer("on track", "Survey is booked"))
    proceedings.note(workspace, lead, number, "Schools ask for a bulletin they can hand on.")
    proceedings.read_back(workspace, lead, number, agreed=True)
    proceedings.close_meeting(workspace, lead, number)
