"""Read a meeting: who was there, what it asks after, what was said, agreed and decided against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.run import Run
from hotspot.disclosure.suppression import is_shown, names_among
from hotspot.disruption.ladders import CLOSED, ActionState
from hotspot.disruption.meetings import (
    ATTENDANCE,
    NOTE,
    READ_BACK,
    UPDATE,
    Attendance,
    Note,
    ReadBack,
    Update,
    order_of,
)
from hotspot.errors import NotFoundError
from hotspot.services.actions.lists import in_words
from hotspot.services.actions.views import objectives_by_hotspot
from hotspot.services.hotspots.register import (
    carried_by_any,
    driven_by_one_child,
    names_of,
    never_shown,
    of_few_children,
)
from hotspot.services.hotspots.shared_texts import texts_for_others
from hotspot.services.hotspots.sharing import shareable
from hotspot.services.workspace.audit_names import hotspot_name
from hotspot.services.workspace.folder import Workspace, permit, work_on
from hotspot.services.workspace.measure_catalogue import catalogue_of
from hotspot.store import actions, journals, snapshots
from hotspot.store.unit_of_work import Connection, UnitOfWork


@dataclass(frozen=True)
class Meeting:
    """A meeting as it stands.

    Attributes
    ----------
    number, name, kind, held_on, chair
        Which meeting; its kind is one of `meetings.KINDS`.
    is_open
        Whether it is still held.
    attendance, notes, updates
        What was noted, in its order.
    read_back
        Whether what was agreed was read out and agreed; None before.
    asked
        Actions that it asks after, late ones first: `action_id`, `version`, `place`, `measure`,
        `owner`, `agency`, `due_on`, `stands`, `is_overdue`, `is_closed`, `measure_code`, `state`,
        `stage`, `stage_before`, `outcome`, `hotspot_id`. No note and no reference: what is here is
        projected.
    agreed, declined
        What it agreed, and decided against: `place`, `measure`, `owner`, `agency`, `due_on`, `why`.
    balance
        By registered hotspot, how many open actions serve each objective, today's among them.
    """

    number: int
    name: str
    kind: str
    held_on: date
    chair: str
    is_open: bool
    attendance: list[Attendance]
    notes: list[str]
    updates: list[Update]
    read_back: bool | None
    asked: pd.DataFrame
    agreed: pd.DataFrame
    declined: pd.DataFrame
    balance: dict[int, dict[str, int]]

    @property
    def recipients(self) -> str:
        """Name those who were there, as the log of disclosures does."""
        people = [f"{one.name} ({one.agency})" for one in self.attendance]
        return "; ".join(people) or "nobody noted"


def meeting_of(
    workspace: Workspace, actor: Actor, meeting_id: int, run: Run, sources: list[str]
) -> Meeting:
    """Return a meeting as it stands, for projection: a disclosure to those who are there.

    Parameters
    ----------
    run
        What is withheld is judged by it.

    Raises
    ------
    NotFoundError
        There is no such meeting.
    InputError
        The run may not be shared (see `sharing.shareable`).
    """
    permit(workspace, actor, Operation.SHOW_MEETING)
    shareable(workspace, run.params, sources)
    with work_on(workspace, actor, Operation.SHOW_MEETING) as work:
        meeting = read_meeting(workspace, work, meeting_id, withheld_in(work.connection, run))
        rows = len(meeting.asked) + len(meeting.agreed) + len(meeting.declined)
        work.log(f"meeting {meeting_id}", rows=rows, recipients=meeting.recipients)
    return meeting


def withheld_in(connection: Connection, run: Run) -> frozenset[int]:
    """Return the numbers of hotspots whose actions are neither projected nor minuted.

    They are carried by a withheld one, or would have been withheld when they were last seen.
    What the run does not meet any more may be named; it has no outline and no count.
    """
    carried = carried_by_any(connection, run)
    lineage = snapshots.list_lineage(connection)
    shown = set(run.hotspots.loc[is_shown(run.hotspots), "key"])
    hidden = {number for number, key in carried.items() if key not in shown}
    unjudged = never_shown(connection, lineage) - set(carried)
    few = driven_by_one_child(lineage) | of_few_children(lineage)
    return frozenset(hidden | few | unjudged)


def read_meeting(
    workspace: Workspace, work: UnitOfWork, meeting_id: int, withheld: frozenset[int]
) -> Meeting:
    """Read a meeting within an operation that logs it.

    Raises
    ------
    NotFoundError
        There is no such meeting.
    """
    row, since = row_of(work.connection, meeting_id)
    entries = journals.list_entries(work.connection, about=about(meeting_id))
    shown = texts_for_others(work.connection, withheld)

    def bodies(kind: str) -> list[dict[str, Any]]:
        return [dict(body) for body in entries.loc[entries["kind"] == kind, "body"]]

    acting = in_words(workspace, work, actions.list_actions(work.connection), row["held_on"])
    acting = acting[~acting["hotspot_id"].isin(withheld)]
    acting = acting.assign(
        place=_places(work, acting),
        is_closed=acting["state"].isin(list(CLOSED)),
        why=acting["necessity"].map(shown),
    )
    own = acting["meeting_id"] == meeting_id
    declined = own & (acting["state"] == ActionState.DECLINED)
    at = dict(zip(acting["action_id"], acting["place"], strict=True))
    updates = [
        one.model_copy(update={"place": at[one.action_id], "said": shown(one.said)})
        for one in map(Update.model_validate, bodies(UPDATE))
        if one.action_id in at
    ]
    read = [ReadBack.model_validate(body) for body in bodies(READ_BACK)]
    return Meeting(
        number=meeting_id,
        name=shown(str(row["name"])),
        kind=str(row["kind"]),
        held_on=row["held_on"],
        chair=str(row["opened_by"]),
        is_open=pd.isna(row["closed_at"]),
        attendance=[Attendance.model_validate(body) for body in bodies(ATTENDANCE)],
        notes=[shown(Note.model_validate(body).text) for body in bodies(NOTE)],
        updates=updates,
        read_back=read[-1].agreed if read else None,
        asked=_asked(work.connection, acting[~own], row, since, updates),
        agreed=acting.loc[own & ~declined, list(_SHOWN)].reset_index(drop=True),
        balance=objectives_by_hotspot(acting, catalogue_of(workspace)),
        declined=acting[declined]
        .assign(
            why=[
                shown(_first_word(work.connection, int(n)))
                for n in acting.loc[declined, "action_id"]
            ]
        )[list(_SHOWN)]
        .reset_index(drop=True),
    )


_SHOWN = ("action_id", "place", "measure", "owner", "agency", "due_on", "why")
_ASKED = (
    "action_id",
    "version",
    "place",
    "measure",
    "owner",
    "agency",
    "due_on",
    "stands",
    "is_overdue",
    "is_closed",
    "measure_code",
    "state",
    "stage",
    "stage_before",
    "outcome",
    "hotspot_id",
)


def _asked(
    connection: Connection,
    acting: pd.DataFrame,
    row: pd.Series,
    since: pd.Timestamp | None,
    updates: list[Update],
) -> pd.DataFrame:
    """Leave the actions recorded before the meeting that are open or were closed since the last."""
    earlier = acting[acting["recorded_at"] < row["opened_at"]]
    last = {
        int(n): actions.list_action_events(connection, int(n))["at"].max()
        for n in earlier.loc[earlier["is_closed"], "action_id"]
    }
    keep = [
        not closed or since is None or last[int(number)] >= since
        for number, closed in zip(earlier["action_id"], earlier["is_closed"], strict=True)
    ]
    open_actions = earlier[pd.Series(keep, index=earlier.index, dtype=bool)]
    open_actions = open_actions[open_actions["state"] != ActionState.DECLINED]
    first_said = {one.action_id: one for one in reversed(updates)}
    order = sorted(
        open_actions.index,
        key=lambda at: order_of(open_actions.loc[at].to_dict(), first_said, row["held_on"]),
    )
    asked: pd.DataFrame = open_actions.loc[order, list(_ASKED)].reset_index(drop=True)
    return asked


def row_of(connection: Connection, meeting_id: int) -> tuple[pd.Series, pd.Timestamp | None]:
    """Return a meeting's row, and when the one before it was opened."""
    table = journals.list_meetings(connection)
    rows = table[table["meeting_id"] == meeting_id]
    if rows.empty:
        message = f"There is no meeting {meeting_id}."
        raise NotFoundError(message)
    before = table[table["meeting_id"] < meeting_id]
    return rows.iloc[0], before["opened_at"].max() if len(before) else None


def _places(work: UnitOfWork, acting: pd.DataFrame) -> list[str]:
    """Name the hotspots of actions, numbered among those that are shown and no others."""
    rows = acting.drop_duplicates("hotspot_id").sort_values("hotspot_id").to_dict("records")
    names = names_among(place_of(work, one) for one in rows)
    by_number = {one["hotspot_id"]: name for one, name in zip(rows, names, strict=True)}
    return [by_number[number] for number in acting["hotspot_id"]]


def place_of(work: UnitOfWork, row: Any) -> str:  # noqa: ANN401 - a row of a frame, or its values
    """Name the hotspot of an action as it is projected: by its name, which has no gaps."""
    name = names_of(work.connection).get(int(row["hotspot_id"]), "")
    return name or hotspot_name(int(row["hotspot_id"]))


def _first_word(connection: Connection, action_id: int) -> str:
    return str(actions.list_action_events(connection, action_id)["note"].iloc[0])


def about(meeting_id: int) -> str:
    """Name a meeting as its journal does."""
    return f"meeting {meeting_id}"
