"""Keep the force's monthly counts of outcomes: typed or from a small file, never cases."""

from __future__ import annotations

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.errors import InputError
from hotspot.intake.fields.columns import COUNTS
from hotspot.intake.sources.outcome_counts import MAX_COUNT
from hotspot.services.hotspots.runs import last_day_of
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.store import outcomes


def view_counts(workspace: Workspace, actor: Actor) -> pd.DataFrame:
    """Read the counts that stand: `month`, `district` (empty for the force) and one column each."""
    with work_on(workspace, actor, Operation.VIEW_OUTCOMES) as work:
        counts = outcomes.current_counts(work.connection)
        work.log("outcome counts", rows=len(counts))
    wide = counts.pivot_table(
        index=["month", "district"], columns="what", values="number", aggfunc="last"
    )
    return wide.reindex(columns=list(COUNTS)).reset_index().rename_axis(columns=None)


def enter_counts(
    workspace: Workspace, actor: Actor, month: str, district: str, counts: dict[str, int | None]
) -> None:
    """Enter the counts of a month; one left empty says nothing, and takes an earlier one back.

    Raises
    ------
    InputError
        The month, district or a count cannot be one.
    """
    try:
        last_day_of(month)
    except (ValueError, IndexError) as error:
        message = f"'{month}' is no month; write it as 2026-10."
        raise InputError(message) from error
    if district and district not in workspace.area.districts:
        message = f"'{district}' is no district of {workspace.area.name}."
        raise InputError(message)
    wrong = [
        what
        for what, number in counts.items()
        if what not in COUNTS or (number is not None and not 0 <= number <= MAX_COUNT)
    ]
    if wrong:
        message = f"{', '.join(wrong)}: give whole numbers from 0 to {MAX_COUNT:,}."
        raise InputError(message)
    with work_on(workspace, actor, Operation.ENTER_OUTCOMES) as work:
        rows = [
            {"month": month, "district": district, "what": what, "number": number}
            for what, number in counts.items()
        ]
        outcomes.add_counts(work.connection, rows, actor.name, work.now)
        work.log(f"outcome counts of {month}", rows=len(rows), shape={"district": district})
