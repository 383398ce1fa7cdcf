"""Account for every row of an import: rows in = used + set aside + rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Mapping_
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.places.lookups import ReferenceFiles
from hotspot.schema import Area

Rule = tuple[str, str, pl.Expr]
"""A reason code, the field that is to blame ("" for the row), and where it applies."""

REJECTED = {
    "ragged_row": "has more or fewer fields than the header",
    "no_reference": "has no reference number",
    "no_name": "has no name",
    "unknown_role": "has a location type that is not known",
    "bad_date": "has a date or time that is not possible or not in the column's format",
    "date_out_of_range": "has a year that no record can have",
    "date_in_future": "is dated after today",
    "time_does_not_exist": "has a local time that the spring clock change skips",
    "ends_before_start": "ends before it starts",
    "bad_coordinates": "has coordinates that are no numbers or outside the grid",
    "grid_in_degrees": "has grid metres where degrees are expected",
    "degrees_in_grid": "has degrees where grid metres are expected",
    "bad_grid_reference": "has a grid reference that cannot be read",
    "bad_postcode": "has a postcode that cannot be one",
    "postcode_slip": "has a postcode with a letter for a figure, such as O for 0",
    "bad_uprn": "has a UPRN that is no number",
    "bad_number": "has a count that is no whole number",
    "bad_kind": "has a kind that is not known",
}
"""Why rows are rejected: they could not be understood."""
SET_ASIDE = {
    "blank": "is empty",
    "footer": "is a line below the data, such as a print stamp",
    "already_imported": "known from an earlier import or file",
    "duplicate_row": "repeats another row of the file",
    "same_id_differs": "has the reference of another row of the file but other content",
    "changed_since": "differs from an earlier import's row of the same reference, which stands",
    "no_location": "carries no coordinates",
    "zero_coordinates": "has the coordinates 0, 0, which mean that there are none",
    "dummy_coordinates": "has coordinates that stand for nothing, such as 999999",
    "swapped_axes": "lies in the area only with its coordinates changed round",
    "postcode_not_found": "has a postcode that is not in the postcode file",
    "no_postcode_file": "has a postcode only, and no postcode file is installed",
    "uprn_not_found": "has a UPRN that is not in the UPRN file",
    "no_uprn_file": "has a UPRN only, and no UPRN file is installed",
    "postcode_disagrees": "lies far from all others of its postcode area",
    "out_of_area": "lies outside the area; kept and counted, not clustered",
    "default_coordinate": "lies on a point that stands for many places; kept, not clustered",
    "coarse_location": "is known to a town or square kilometre only; kept, not clustered",
    "not_graded": "is intelligence without a grade; kept, not clustered",
    "role_off": "has a role that is off by default, such as an origin; kept, not clustered",
    "setting_off": "is a home, care, school, health or police setting; kept, not clustered",
    "form_off": "is a form of abuse that happens at home; kept, not clustered",
    "sensitive_type": "is a school, hospital, childcare or care setting; not stored",
    "other_trade": "is a trade outside the night-time economy; not stored",
    "not_current": "is a licence that is not in force",
    "closed": "is no longer there",
}
"""Why rows are set aside: they were understood and are not used."""
REASONS = {**SET_ASIDE, **REJECTED}
"""Every reason code, in the words that screens and the command line use."""

BY_DEFAULT = ("role_off", "setting_off", "form_off")
"""Stored without a mark: the settings of a run leave them out, and an analyst may bring them in."""
KEPT = ("out_of_area", "default_coordinate", "coarse_location", "not_graded", *BY_DEFAULT)
"""Reasons for setting a record aside that still keep it stored."""
KEPT_PREMISES = ("no_location", "no_postcode_file", "postcode_not_found")
"""Reasons for setting a licence aside that still keep it in the register, without a place."""
MAX_POINTS = 4000


@dataclass
class Balance:
    """The balance sheet of an import.

    Attributes
    ----------
    rows_in
        Rows read below the header.
    used
        Rows that analysis may use.
    set_aside, rejected
        Rows understood but not used, and rows not understood, by reason code.
    """

    rows_in: int = 0
    used: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)

    @property
    def is_balanced(self) -> bool:
        """Tell whether every row is accounted for."""
        return self.rows_in == self.used + self.set_aside.total() + self.rejected.total()

    def __add__(self, other: Balance) -> Balance:
        """Add up the sheets of two files."""
        return Balance(
            self.rows_in + other.rows_in,
            self.used + other.used,
            self.set_aside + other.set_aside,
            self.rejected + other.rejected,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "rows_in": self.rows_in,
            "used": self.used,
            "set_aside": dict(sorted(self.set_aside.items())),
            "rejected": dict(sorted(self.rejected.items())),
        }


def balance_of(rows_in: int, rejects: pl.DataFrame) -> Balance:
    """Make the sheet of some rows from those that are not used (`reason`)."""
    counts = dict(rejects["reason"].value_counts().iter_rows())
    return Balance(
        rows_in,
        rows_in - rejects.height,
        Counter({code: n for code, n in counts.items() if code in SET_ASIDE}),
        Counter({code: n for code, n in counts.items() if code in REJECTED}),
    )


_PLACE = (
    "Easting and northing in metres, longitude and latitude in degrees, a grid reference, or a "
    "postcode or UPRN with its file in the workspace's folder `reference`."
)
_DATES = "Dates such as 31/12/2026, 2026-12-31 or 31-Dec-2026, also with a time; or say the format."
ACCEPTED = {
    **dict.fromkeys(("bad_date", "date_out_of_range"), _DATES),
    "date_in_future": "Dates up to today: are day and month the right way round?",
    **dict.fromkeys(("no_location", "bad_coordinates", "bad_grid_reference"), _PLACE),
    **dict.fromkeys(("no_postcode_file", "no_uprn_file"), _PLACE),
    "grid_in_degrees": "Map the two columns as easting and northing.",
    "degrees_in_grid": "Map the two columns as longitude and latitude.",
    "out_of_area": "Places in the force's area: is this the right file, and are its axes right?",
    "no_reference": "Every row needs its reference: map the column that holds it.",
    "no_name": "A column of names: map the one that holds them.",
    "unknown_role": "Location types that are known: say in the mapping what each word means.",
    "bad_kind": "A kind or district that is known.",
    "bad_number": "Whole numbers.",
    "ragged_row": "Rows with as many fields as there are column names.",
    "not_current": "Licences in force: is the right column mapped as the status?",
    "other_trade": "Places of the night-time economy.",
}
"""What would be used, by the reason why most rows of a file are not."""


def accepted_instead(balance: Balance) -> str:
    """Say why no row is used and what would be; empty where rows are, or were known before."""
    counts = balance.set_aside + balance.rejected
    if balance.used or counts["already_imported"] or counts["changed_since"]:
        return ""
    most = [reason for reason, _ in counts.most_common(2) if reason != "blank"]
    why = "; ".join(f"{counts[reason]:,} rows: each {REASONS[reason]}" for reason in most)
    cures = dict.fromkeys(ACCEPTED[reason] for reason in most if reason in ACCEPTED)
    return " ".join([f"No row is used ({why or 'the file has none'}).", *cures])


@dataclass(frozen=True)
class Context:
    """What a reader needs to know about the workspace it reads for.

    Attributes
    ----------
    area
        The force area.
    pseudonym_keys
        Keys of the pseudonyms, the oldest first: each wraps the one before.
    reference
        Postcode, UPRN and grid files.
    takes_protected
        Whether the force has decided to take sources that hold protected characteristics.
    kept
        Mappings that were confirmed before for this source, the latest first.
    wants_points
        Whether to give the points by reason, to be looked at before the import.
    nobody
        The force's own words that stand where a person's reference should and name nobody.
    today
        The day after which no record can have happened; `None` for invented data.
    """

    area: Area
    pseudonym_keys: tuple[bytes, ...]
    reference: ReferenceFiles = field(default_factory=ReferenceFiles)
    takes_protected: bool = False
    kept: tuple[Mapping, ...] = ()
    wants_points: bool = False
    nobody: tuple[str, ...] = ()
    today: date | None = None


@dataclass(frozen=True)
class Question:
    """What a user must say yes to before a file is imported."""

    code: str
    text: str


@dataclass(frozen=True)
class Reading:
    """What one file held.

    Attributes
    ----------
    table
        Rows to keep, in the columns of `schema.RECORDS`, `PREMISES` or `PLACES`, and `line`.
    rejects
        `line`, `reason` and `column` of each row set aside or rejected: never its content.
    balance
        The balance sheet.
    notes
        Decisions that the reader took, for the user to see.
    questions
        What must be answered before the import.
    completeness
        Share of filled rows by column, overall and by district.
    points
        `lng`, `lat`, `reason` and `rows` of located rows, for the map before the import.
    mapping
        The mapping that was used, if the source has one.
    unknown_words
        Words by field that mean nothing yet, with how many rows have each.
    area_codes
        Rows by the code of a small area (LSOA) that the file itself gives.
    """

    table: pl.DataFrame
    rejects: pl.DataFrame
    balance: Balance
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    completeness: dict[str, dict[str, float]] = field(default_factory=dict)
    points: pl.DataFrame | None = None
    mapping: Mapping | None = None
    unknown_words: dict[str, dict[str, int]] = field(default_factory=dict)
    area_codes: dict[str, int] = field(default_factory=dict)


def give_reasons(rows: pl.DataFrame, rules: Sequence[Rule]) -> pl.DataFrame:
    """Add `reason` and `field` of the first rule that applies; null where none does.

    Rows that are blank, a footer or ragged come before every rule.
    """
    rules = [
        ("blank", "", pl.col("blank")),
        ("footer", "", pl.col("footer")),
        ("ragged_row", "", pl.col("ragged")),
        *rules,
    ]
    reason: pl.Expr = pl.lit(None, dtype=pl.String)
    blamed: pl.Expr = pl.lit(None, dtype=pl.String)
    for code, name, applies in reversed(rules):
        where = applies.fill_null(value=False)
        reason = pl.when(where).then(pl.lit(code)).otherwise(reason)
        blamed = pl.when(where).then(pl.lit(name)).otherwise(blamed)
    return rows.with_columns(reason.alias("reason"), blamed.alias("field"))


def settle(
    rows: pl.DataFrame,
    columns: Mapping_[str, pl.DataType | type[pl.DataType]],
    kept: Sequence[str] = (),
    names: dict[str, str] | None = None,
) -> Reading:
    """Sort rows into used, set aside and rejected by their `reason`.

    Parameters
    ----------
    columns
        Names and types of the columns to keep.
    kept
        Reasons with which a row is still kept.
    names
        Column of the file for each field, for saying what is to blame.
    """
    unused = pl.col("reason").is_not_null()
    rejects = rows.filter(unused).select(
        "line",
        "reason",
        pl.col("field").replace(names or {}).alias("column"),
    )
    keep = rows.filter(~unused | pl.col("reason").is_in(kept))
    if "set_aside" in columns:
        mark = pl.when(~pl.col("reason").is_in(BY_DEFAULT)).then("reason")
        keep = keep.with_columns(set_aside=mark)
    table = keep.select("line", *(pl.col(name).cast(dtype) for name, dtype in columns.items()))
    return Reading(table, rejects, balance_of(rows.height, rejects))


def points_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Return located rows by place and reason, the rarest reasons first where there are many."""
    located = rows.filter(pl.col("lng").is_not_null() & pl.col("lat").is_not_null()).select(
        pl.col("lng").round(5), pl.col("lat").round(5), pl.col("reason").fill_null("used")
    )
    points = located.group_by("lng", "lat", "reason").agg(rows=pl.len())
    rare = pl.len().over("reason")
    return points.sort(rare, "reason", "lng", "lat").head(MAX_POINTS)
