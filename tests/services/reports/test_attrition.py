"""Attrition is of files that were referred to the CPS, with n and suppression."""

from __future__ import annotations

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.intake.fields.columns import COUNTS
from hotspot.services.reports.attrition import WITHHELD, attrition
from hotspot.services.reports.outcome_counts import enter_counts, view_counts
from hotspot.services.workspace.folder import Workspace


def counts_of(*rows: dict[str, object]) -> pd.DataFrame:
    """Counts of the whole force by month; what is not given is not known."""
    return pd.DataFrame([{"district": ""} | row for row in rows]).reindex(
        columns=["month", "district", *COUNTS]
    )


def test_shares_are_of_the_same_files_and_say_their_n() -> None:
    found = attrition(
        counts_of(
            {"month": "2026-01", "recorded": 900, "referred": 40, "referred_charged": 10},
            {"month": "2026-02", "recorded": 900, "referred": 20},
        )
    )
    assert (found.months, found.referred) == ("Jan 2026 to Feb 2026", "60")
    (charged,) = found.stages.to_dict("records")
    assert charged == {"what": "referred_charged", "n": "40", "number": "10", "share": "25%"}


def test_small_numbers_are_banded_and_their_shares_withheld() -> None:
    row = {"month": "2026-01", "referred": 40, "referred_charged": 37, "referred_convicted": 3}
    found = attrition(counts_of(row | {"referred_no_support": 0, "days_to_charge": 41}))
    shown = {one["what"]: (one["number"], one["share"]) for one in found.stages.to_dict("records")}
    assert shown == {"referred_charged": ("37", WITHHELD), "referred_convicted": ("<5", WITHHELD)}
    (reason,) = found.reasons.to_dict("records")
    assert (reason["number"], reason["share"]) == ("0", "0%")
    few = attrition(counts_of({"month": "2026-01", "referred": 3, "days_to_charge": 41}))
    assert few.referred == "<5"
    assert few.times["days"].tolist() == [WITHHELD]


def test_the_time_between_stages_is_the_median_of_the_months() -> None:
    rows = [
        {"month": f"2026-{month:02}", "referred": 10, "days_to_charge": days}
        for month, days in ((1, 30), (2, 40), (3, 80))
    ]
    assert attrition(counts_of(*rows)).times.to_dict("records") == [
        {"what": "days_to_charge", "days": "40", "n": "30"}
    ]


def test_what_is_entered_is_followed(demo: Workspace, analyst: Actor) -> None:
    entered = {"referred": 20, "referred_charged": 10, "referred_no_evidence": 5}
    enter_counts(demo, analyst, "2026-01", "", dict(entered))
    found = attrition(view_counts(demo, analyst))
    assert found.stages["share"].tolist() == ["50%"]
    assert found.reasons["share"].tolist() == ["25%"]
    assert not attrition(view_counts(demo, analyst).head(0)).months
