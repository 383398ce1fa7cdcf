"""Decide which points are left out of counting, and say why in words."""

from __future__ import annotations

from datetime import date

import polars as pl

from hotspot.errors import InputError
from hotspot.params import HarmTable, Params
from hotspot.schema import TIME_ZONE, Role

LEFT_OUT = {
    "no_location": "no coordinates",
    "coordinates_out_of_range": "coordinates that are no degrees",
    "role_off": "origins, places of return and people's addresses",
    "setting_off": "at homes, care, schools, health or police settings",
    "form_off": "abuse of a form that happens at home",
    "found_at_origin": "found where the child went missing from",
    "outside_period": "outside the period",
    "no_date": "no date",
    "no_weight": "no weight",
    "default_coordinate": "on a default coordinate that stands for many places",
    "coarse_location": "known to a town or square kilometre only",
    "not_graded": "intelligence without a grade",
    "sensitive_site": "around a sensitive site",
    "out_of_area": "outside the area",
    "other_kind": "of a kind that you filtered out",
    "other_risk": "of a risk that you filtered out",
    "other_precision": "known less exactly or otherwise than you filtered for",
    "other_weekday": "on a day of the week that you filtered out",
    "other_hour": "at an hour that you filtered out",
    "no_hour": "without an hour, which the filter of hours needs",
    "no_day": "of which only the month is known, which the filter of days needs more of",
    "no_harm_weight": "of a kind that the harm table does not weigh",
}
"""What each reason for leaving a record out means."""

REMEDIES = {
    "no_location": "look for a column with coordinates, or geocode the rows",
    "coordinates_out_of_range": "check that longitude and latitude are not swapped or in metres",
    "role_off": "these are origins or people's addresses; leave them out, or count those roles too",
    "setting_off": "these are homes, care, schools, health or police; leave them out",
    "form_off": "these are forms of abuse that happen at home; leave them out",
    "found_at_origin": "children found where they went missing from; leave them out",
    "outside_period": "choose a longer period",
    "no_date": "run without a period, or find the dates",
    "no_weight": "give positive weights",
    "default_coordinate": "find the true places; one point stands for many here",
    "coarse_location": "look for coordinates that are known better than to a kilometre",
    "not_graded": "have the intelligence graded",
    "sensitive_site": "these lie around homes, schools or stations; leave them out",
    "out_of_area": "check the workspace's area",
    "other_kind": "choose more kinds",
    "other_risk": "choose more levels of risk",
    "other_precision": "choose more classes of precision",
    "other_weekday": "choose more days",
    "other_hour": "choose more hours",
    "no_hour": "take the filter of hours away",
    "no_day": "take the filter of days away",
    "no_harm_weight": "add the kind to the harm table",
}
"""What to try for each reason why a record was left out."""


NIGHT_ENDS = 6
"""Hour until which a night is that of the day on which it began, where days and hours are asked."""
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def sentence_of(params: Params) -> str:
    """Say in one plain sentence what a run with these settings counts."""
    start, end = params.start, params.end
    said = [f"from {_day(start)} to {_day(end)}" if start and end else "of all dates"]
    if params.child_share:
        said.append("each child's records in a cell weighing one together")
    elif params.child_cap_days is None:
        said.append("every record")
    else:
        said.append(f"each child once a cell and {params.child_cap_days} days")
    for name, wanted in (
        ("kind", params.only_kinds),
        ("risk", params.only_risks),
        ("known to", params.only_precisions),
    ):
        if wanted is not None:
            said.append(f"only {name} {_listed(sorted(wanted))}")
    said += _days_and_hours(params)
    for name, off in (
        ("roles", params.roles_off),
        ("settings", params.settings_off),
        ("forms of abuse", params.forms_off),
    ):
        if off:
            said.append(f"without the {name} {_listed(sorted(w.replace('_', ' ') for w in off))}")
    if params.harm is not None:
        said.append(f"weighed by the harm table {params.harm.name} ({params.harm.version})")
    return f"Counted are records {', '.join(said)}."


def _days_and_hours(params: Params) -> list[str]:
    """Say which days and hours are counted: of both together, that they are nights."""
    said, hours = [], params.only_hours
    if params.only_weekdays is not None:
        days = _listed([_DAYS[day] for day in sorted(params.only_weekdays)])
        is_nights = hours is not None and any(hour < NIGHT_ENDS for hour in hours)
        said.append(
            f"only on the days and nights that begin on {days} (06:00 to 06:00 of the next day)"
            if is_nights
            else f"only on {days}"
        )
    if hours is not None:
        said.append(f"only in the hours {_listed(_spans(hours))}")
    return said


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _spans(hours: frozenset[int]) -> list[str]:
    """Write hours of the day as spans, over midnight too: 22:00 to 02:00."""
    if len(hours) == 24:
        return ["00:00 to 24:00"]
    starts = [hour for hour in sorted(hours) if (hour - 1) % 24 not in hours]
    spans = []
    for hour in starts:
        length = next(n for n in range(1, 25) if (hour + n) % 24 not in hours)
        spans.append(f"{hour:02}:00 to {(hour + length) % 24:02}:00")
    return spans


def validate_columns(schema: pl.Schema, params: Params) -> None:
    """Refuse points that lack a column or have one that cannot be used.

    Raises
    ------
    InputError
        Says which, and what to do.
    """
    for name in ("lng", "lat"):
        if name not in schema:
            message = (
                f"The points have no column '{name}' (they have: {', '.join(schema)}). "
                "Rename the longitude column to 'lng' and the latitude column to 'lat'."
            )
            raise InputError(message)
        if not schema[name].is_numeric():
            message = f"Column '{name}' is {schema[name]}; give WGS84 degrees as numbers."
            raise InputError(message)
    if "occurred_at" not in schema and (params.start or params.end):
        message = (
            "A period was given, but the points have no column 'occurred_at' to apply it to. "
            "Name the column of dates so, or give no start and end."
        )
        raise InputError(message)
    needed = {
        "kind": params.only_kinds or params.harm,
        "risk": params.only_risks,
        "precision": params.only_precisions,
        "occurred_at": params.only_weekdays or params.only_hours,
    }
    for name, wanted in needed.items():
        if wanted and name not in schema:
            message = f"The points have no column '{name}', which a filter of the settings needs."
            raise InputError(message)
    if "occurred_at" in schema and schema["occurred_at"] not in (pl.Date, pl.Datetime):
        message = (
            f"Column 'occurred_at' is {schema['occurred_at']}; give dates or datetimes, for "
            "example with pandas.to_datetime(..., format='%d/%m/%Y %H:%M')."
        )
        raise InputError(message)


def reason_of(schema: pl.Schema, params: Params) -> pl.Expr:
    """Say why a row is left out: the first rule that applies, null for none."""
    lat, lng = pl.col("lat"), pl.col("lng")
    missing = lat.is_null() | lng.is_null() | ~lat.is_finite() | ~lng.is_finite()
    rules = [
        ("no_location", missing | ((lat == 0) & (lng == 0))),
        ("coordinates_out_of_range", (lat.abs() > 90) | (lng.abs() > 180)),
    ]
    for column, off in (
        ("role", params.roles_off),
        ("setting", params.settings_off),
        ("form", params.forms_off),
    ):
        if column in schema and off:
            codes = sorted(str(code) for code in off)
            rules.append((f"{column}_off", pl.col(column).cast(pl.String).is_in(codes)))
    if "at_origin" in schema and "role" in schema:
        rules.append(("found_at_origin", pl.col("at_origin") & (pl.col("role") == Role.FOUND)))
    if "weight" in schema:
        weight = pl.col("weight").cast(pl.Float64)
        rules.append(("no_weight", ~(weight.is_finite() & (weight > 0)).fill_null(value=False)))
    if "occurred_at" in schema:
        rules += _period_rules(local_day(schema["occurred_at"]), params.start, params.end)
    rules += _filter_rules(schema, params)
    reason: pl.Expr = pl.lit(None, dtype=pl.String)
    for code, applies in reversed(rules):
        reason = pl.when(applies.fill_null(value=False)).then(pl.lit(code)).otherwise(reason)
    return pl.coalesce("set_aside", reason) if "set_aside" in schema else reason


def _filter_rules(schema: pl.Schema, params: Params) -> list[tuple[str, pl.Expr]]:
    """Build the rules of what the user wants to see alone."""
    rules = []
    for column, wanted in (
        ("kind", params.only_kinds),
        ("risk", params.only_risks),
        ("precision", params.only_precisions),
    ):
        if wanted is not None:
            own = pl.col(column).cast(pl.String).is_in(sorted(wanted))
            rules.append((f"other_{column}", ~own.fill_null(value=False)))
    if params.harm is not None:
        rules.append(("no_harm_weight", harm_of(params.harm).is_null()))
    return rules + _time_rules(schema, params)


def _time_rules(schema: pl.Schema, params: Params) -> list[tuple[str, pl.Expr]]:
    """Build the rules of days and hours; both together mean the night that began on the day."""
    rules = []
    if params.only_hours is not None:
        timed = (
            pl.col("time_precision") == "minute"
            if "time_precision" in schema
            else pl.lit(isinstance(schema["occurred_at"], pl.Datetime))
        )
        rules.append(("no_hour", ~timed.fill_null(value=False)))
    if params.only_weekdays is not None:
        if "time_precision" in schema:
            rules.append(("no_day", pl.col("time_precision") == "month"))
        weekday = local_day(schema["occurred_at"]).dt.weekday().cast(pl.Int32) - 1
        if params.only_hours is not None and isinstance(schema["occurred_at"], pl.Datetime):
            is_small_hour = _local(schema["occurred_at"]).dt.hour() < NIGHT_ENDS
            weekday = (weekday - is_small_hour.cast(pl.Int32) + 7) % 7
        rules.append(("other_weekday", ~weekday.is_in(sorted(params.only_weekdays))))
    if params.only_hours is not None:
        hour = _local(schema["occurred_at"]).dt.hour()
        rules.append(("other_hour", ~hour.is_in(sorted(params.only_hours))))
    return rules


def _period_rules(day: pl.Expr, start: date | None, end: date | None) -> list[tuple[str, pl.Expr]]:
    rules = []
    if start or end:
        rules.append(("no_date", day.is_null()))
    if start:
        rules.append(("outside_period", day < start))
    if end:
        rules.append(("outside_period", day > end))
    return rules


def local_day(dtype: pl.DataType) -> pl.Expr:
    """Build the local day on which a record begins."""
    at = _local(dtype)
    return at if dtype == pl.Date else at.dt.date()


def _local(dtype: pl.DataType) -> pl.Expr:
    at = pl.col("occurred_at")
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
        return at.dt.convert_time_zone(TIME_ZONE)
    return at


def harm_of(table: HarmTable) -> pl.Expr:
    """Build the weight of a record's kind; null where the table lacks it."""
    return (
        pl.col("kind")
        .cast(pl.String)
        .replace_strict(table.weights, default=None, return_dtype=pl.Float64)
    )
