"""Turn a file's own columns into a source's fields: mapped, dated and placed, all as decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from hotspot.errors import InputError
from hotspot.intake.fields.columns import DATED, FieldKind
from hotspot.intake.fields.date_forms import MONTH, READ_AS, is_any_date, plain_dates
from hotspot.intake.fields.mapping import (
    FIELDS,
    Mapping,
    check_mapping,
    fits,
    known_names,
    propose_for,
    refused_columns,
)
from hotspot.intake.fields.times import DateFormat, add_instant, decide_format
from hotspot.intake.files.opening import open_table
from hotspot.intake.files.raw import Choices, RawTable
from hotspot.intake.places.coordinates import NOTHING
from hotspot.intake.rows.balance import Question, Rule

_LONGEST_NOTHING = max(map(len, NOTHING))
_REFERENCE_ALONE = r"^\S*\d\S*$"
_DAMAGED = r"^\d(\.\d+)?E\+\d+$"


@dataclass(frozen=True)
class Sheet:
    """The rows of a file in the fields of a source; each step of a reading gives a new sheet.

    Attributes
    ----------
    rows
        `line`, `blank`, `footer`, `ragged`, and a column of text for each mapped field.
    mapping
        The mapping that was used.
    notes, questions, rules
        What was decided, what must be asked, and reasons that rows have got so far.
    unknown_words
        See `balance.Reading`.
    """

    name: str
    rows: pl.DataFrame
    mapping: Mapping
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    unknown_words: dict[str, dict[str, int]] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    def after(
        self,
        rows: pl.DataFrame | None = None,
        *,
        notes: Iterable[str] = (),
        questions: Iterable[Question] = (),
        rules: Iterable[Rule] = (),
        rules_before: Iterable[Rule] = (),
    ) -> Sheet:
        """Return the sheet after a step: its rows, and what the step noted, asked and ruled.

        Of several rules that apply to a row the first gives its reason.
        """
        return replace(
            self,
            rows=self.rows if rows is None else rows,
            notes=(*self.notes, *notes),
            questions=(*self.questions, *questions),
            rules=(*rules_before, *self.rules, *rules),
        )

    def has(self, name: str) -> bool:
        """Tell whether a field is mapped."""
        return name in self.mapping.columns

    def text(self, name: str) -> pl.Expr:
        """Return a field's text; null where it is not mapped."""
        return pl.col(name) if self.has(name) else pl.lit(None, pl.String)

    def texts(self, names: list[str] | None = None) -> pl.Series:
        """Join fields into one text a row, for comparing rows."""
        wanted = [name for name in names or self.mapping.columns if self.has(name)]
        joined = [pl.col(name).fill_null("") for name in wanted]
        return self.rows.select(pl.concat_str(joined, separator="\x1f")).to_series()


def open_sheet(
    path: Path, name: str, source: str, mapping: Mapping | None, kept: tuple[Mapping, ...] = ()
) -> Sheet:
    """Open a file and map its columns: as told, as confirmed before, or as their names propose.

    Raises
    ------
    InputError
        It cannot be opened, lacks what the source needs, or a reference was damaged by Excel.
    """
    table = open_table(path, name, known_names(source), mapping.choices if mapping else None)
    known = None if mapping else next((m for m in kept if fits(m, table.columns)), None)
    if known is not None:
        mapping = known
        if known.choices != Choices():
            table = open_table(path, name, known_names(source), known.choices)
    used = mapping if mapping and mapping.columns else _proposed(table, source, mapping)
    check_mapping(used, table)
    kinds = {f.name: f.kind for f in FIELDS[source]}
    rows = table.rows.select(
        "line",
        "blank",
        "footer",
        "ragged",
        *(pl.col(column).alias(name) for name, column in used.columns.items()),
    )
    _refuse_damaged(rows, used, kinds, name)
    if "reference" in used.columns:  # a reference alone is a row, and no print stamp
        is_row = pl.col("reference").str.contains(_REFERENCE_ALONE).fill_null(value=False)
        rows = rows.with_columns(footer=pl.col("footer") & ~is_row)
    dated = [n for n in used.columns if kinds[n] in DATED]
    short = [n for n in dated if (rows[n].str.len_bytes() <= _LONGEST_NOTHING).any()]
    nothing = [pl.col(n).str.to_lowercase().is_in(NOTHING) for n in short]
    rows = rows.with_columns(
        pl.when(is_nothing).then(None).otherwise(pl.col(n)).alias(n)
        for n, is_nothing in zip(short, nothing, strict=True)
    )
    sheet = Sheet(name, rows, used, table.notes)
    refused = refused_columns(source, table.columns)
    refused.pop(used.columns.get("date_of_birth", ""), None)
    if refused:
        said = ", ".join(f"{column} ({what})" for column, what in refused.items())
        note = f"{name}: not read, because they must not come in: {said}."
        sheet = sheet.after(notes=[note])
    return _asked_of_ragged(sheet)


def _asked_of_ragged(sheet: Sheet) -> Sheet:
    """Ask whether the other rows are to come in without those that are too long or too short."""
    ragged = sheet.rows.filter("ragged")["line"]
    if ragged.is_empty():
        return sheet
    lines = ", ".join(map(str, ragged.head(5)))
    text = (
        f"{sheet.name}: {len(ragged):,} rows have more or fewer fields than the header (lines "
        f"{lines}{', ...' if len(ragged) > 5 else ''}). Import the others without them?"
    )
    return sheet.after(questions=[Question("ragged", text)])


def _proposed(table: RawTable, source: str, mapping: Mapping | None) -> Mapping:
    columns = propose_for(source, table).columns
    return (mapping or Mapping(source=source)).model_copy(update={"columns": columns})


def _refuse_damaged(
    rows: pl.DataFrame, mapping: Mapping, kinds: dict[str, FieldKind], name: str
) -> None:
    for field_name, column in mapping.columns.items():
        if kinds[field_name] is not FieldKind.REFERENCE:
            continue
        if not rows[field_name].str.contains("E+", literal=True).any():
            continue
        damaged = rows.filter(pl.col(field_name).str.contains(_DAMAGED))
        if damaged.height:
            message = (
                f"{name}, line {damaged['line'][0]}: '{column}' was cut short by Excel "
                f"({damaged[field_name][0]}), in {damaged.height:,} rows. Re-export the column as "
                "Text."
            )
            raise InputError(message)


def date_field(sheet: Sheet, name: str, clock: str = "") -> Sheet:
    """Read a field of dates into instants of the same name with `_at`, and note what was decided.

    Adds `NAME_precision` too: "minute", "day" or "month".

    Raises
    ------
    InputError
        The column holds dates in more than one format.
    """
    target = f"{name}_at"
    if not sheet.has(name):
        nothing = pl.lit(None, pl.Datetime("us", "UTC"))
        return sheet.after(
            sheet.rows.with_columns(nothing.alias(target), pl.lit("day").alias(f"{name}_precision"))
        )
    column = sheet.mapping.column_of(name)
    sheet = sheet.after(sheet.rows.with_columns(plain_dates(sheet.rows[name]).alias(name)))
    is_odd = sheet.rows["footer"] | sheet.rows["ragged"]
    data = sheet.rows.filter(~is_odd) if is_odd.any() else sheet.rows
    date_format = decide_format(data, name, sheet.mapping.date_formats.get(name, ""))
    if not date_format.name:
        lines = ", ".join(map(str, date_format.misfits))
        message = (
            f"{sheet.name}: the dates in '{column}' are not all in one format (lines "
            f"{lines} differ from the others). Nothing is guessed row by row; export the column "
            "in one format."
        )
        raise InputError(message)
    _refuse_if_none_is_a_date(sheet, data, name, column)
    has_clock = bool(clock) and sheet.has(clock)
    if data is not sheet.rows:
        date_format = replace(date_format, local=None)
    rows = add_instant(sheet.rows, name, target, date_format, clock if has_clock else None)
    is_day = pl.when(pl.col(f"{target}_day")).then(pl.lit("day")).otherwise(pl.lit("minute"))
    precision = pl.lit("month") if date_format.name == MONTH else is_day
    notes, questions = _said_of_dates(sheet, name, date_format)
    twice = int(rows[f"{target}_twice"].sum())
    if twice:
        notes.append(
            f"{sheet.name}: {twice:,} times in '{column}' lie in the hour that autumn repeats; the "
            "earlier instant is taken."
        )
    return sheet.after(
        rows.with_columns(precision.alias(f"{name}_precision")),
        notes=notes,
        questions=questions,
        rules=[
            ("bad_date", name, pl.col(f"{target}_bad")),
            ("date_out_of_range", name, pl.col(f"{target}_range")),
            ("time_does_not_exist", name, pl.col(f"{target}_gap")),
        ],
    )


def _said_of_dates(
    sheet: Sheet, name: str, date_format: DateFormat
) -> tuple[list[str], list[Question]]:
    """Say how a column of dates is read, and ask where it could be read otherwise."""
    column = sheet.mapping.column_of(name)
    said = "; ".join(f"{written} is {read}" for written, read in date_format.examples)
    if name == "date_of_birth":
        said = ""  # notes are kept with the dataset; dates of birth are not
    formats = (
        f"{date_format.name}, some rows as {date_format.also}"
        if date_format.also
        else date_format.name
    )
    notes = [f"{sheet.name}: '{column}' is read as {formats}: {said}."] if said else []
    if date_format.is_sure or not date_format.examples:
        return notes, []
    return notes, [
        Question(f"dates:{name}", f"{sheet.name}: is '{column}' {date_format.name}? {said}.")
    ]


def _refuse_if_none_is_a_date(sheet: Sheet, data: pl.DataFrame, name: str, column: str) -> None:
    """Say of a whole column of dates what would otherwise be said of each row."""
    given = data[name].drop_nulls()
    if len(given) < 2 or is_any_date(given.head(1000)).any() or is_any_date(given).any():
        return
    shown = "" if name == "date_of_birth" else f" (such as {given[0][:40]})"
    message = (
        f"{sheet.name}: none of the {len(given):,} dates in '{column}' can be read{shown}; nothing "
        f"was imported. These forms are read: {READ_AS}."
    )
    raise InputError(message)
