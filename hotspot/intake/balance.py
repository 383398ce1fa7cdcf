"""Account for every row of an import: rows in = used + set aside + rejected."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from hotspot.schema import Area

REASONS = {
    "already_imported": "known from an earlier import or file",
    "duplicate_row": "repeats another row of the file word for word",
    "same_id_differs": "has the reference of an earlier row but other content",
    "no_location": "carries no coordinates",
    "out_of_area": "lies outside the area; kept and counted, not clustered",
    "default_coordinate": "lies on a point that stands for many places; kept, not clustered",
    "footer": "is a line below the data, such as a print stamp",
    "sensitive_type": "is a school, hospital, childcare or care setting; not stored",
    "other_trade": "is a trade outside the night-time economy; not stored",
    "not_current": "is a licence that is not in force",
    "bad_coordinates": "has coordinates that are no numbers or outside the grid",
    "bad_date": "has a date that is not in the file's format",
    "time_does_not_exist": "has a local time that the spring clock change skips",
    "ends_before_start": "ends before it starts",
    "unknown_role": "has a location type that is not known",
    "no_reference": "has no reference number",
    "no_name": "has no name",
    "ragged_row": "has more or fewer fields than the header",
}
"""Why a row was set aside or rejected, in the words that screens and the command line use."""

KEPT = ("out_of_area", "default_coordinate")
"""Reasons for setting a record aside that still keep it stored: it is shown, never clustered."""


@dataclass
class Balance:
    """The balance sheet of an import.

    Attributes
    ----------
    rows_in
        Data rows read, titles and the header not counted.
    used
        Rows that analysis may use.
    set_aside, rejected
        Rows understood but not used, and rows not understood, by reason code of `REASONS`.
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


@dataclass(frozen=True)
class Context:
    """What a reader needs to know about the workspace it reads for."""

    area: Area
    pseudonym_key: bytes


@dataclass(frozen=True)
class Reading:
    """What one file held.

    Attributes
    ----------
    table
        Rows to keep, in the columns of `schema.RECORDS`, `PREMISES` or `PLACES`.
    rejects
        `line`, `reason` and `column` of each row set aside or rejected: never its content.
    balance
        The balance sheet.
    notes
        Decisions that the reader took, for the user to see.
    """

    table: pl.DataFrame
    rejects: pl.DataFrame
    balance: Balance
    notes: tuple[str, ...] = ()


def settle(
    rows: pl.DataFrame,
    columns: dict[str, pl.DataType | type[pl.DataType]],
    notes: tuple[str, ...] = (),
) -> Reading:
    """Sort rows into used, set aside and rejected.

    Parameters
    ----------
    rows
        All data rows with `line`, the wanted columns, and `rejected` and `set_aside` (reason
        codes or null; rejection wins). `footer` and `ragged`, where the reader gave them, come
        before both.
    columns
        Names and types of the columns to keep.
    """
    if "footer" in rows.columns:
        footer, ragged = pl.col("footer"), pl.col("ragged")
        rows = rows.with_columns(
            rejected=pl.when(ragged).then(pl.lit("ragged_row")).when(~footer).then("rejected"),
            set_aside=pl.when(footer).then(pl.lit("footer")).otherwise("set_aside"),
        )
    rows = rows.with_columns(
        set_aside=pl.when(pl.col("rejected").is_null()).then("set_aside").otherwise(None)
    )
    refused = pl.coalesce("rejected", "set_aside")
    kept = rows.filter(refused.is_null() | pl.col("set_aside").is_in(KEPT))
    if "set_aside" not in columns:
        kept = kept.filter(pl.col("set_aside").is_null())
    balance = Balance(
        rows_in=rows.height,
        used=rows.select(refused.is_null().sum()).item(),
        set_aside=_count(rows["set_aside"]),
        rejected=_count(rows["rejected"]),
    )
    rejects = rows.filter(refused.is_not_null()).select("line", refused.alias("reason"))
    table = kept.select(pl.col(name).cast(dtype) for name, dtype in columns.items())
    return Reading(table, rejects, balance, notes)


def first_reason(*rules: tuple[str, pl.Expr]) -> pl.Expr:
    """Build the reason of the first rule that applies to a row, null where none does."""
    reason: pl.Expr = pl.lit(None, dtype=pl.String)
    for code, applies in reversed(rules):
        reason = pl.when(applies.fill_null(value=False)).then(pl.lit(code)).otherwise(reason)
    return reason


def _count(reasons: pl.Series) -> Counter[str]:
    return Counter(reasons.drop_nulls().to_list())
