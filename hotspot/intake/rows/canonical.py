"""Turn a file's own columns into a source's fields: mapped, dated and placed, all as decided."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from hotspot.errors import InputError
from hotspot.intake.fields.columns import DATED, FieldKind
from hotspot.intake.fields.mapping import (
    FIELDS,
    Mapping,
    check_mapping,
    fits,
    known_names,
    propose,
    refused_columns,
)
from hotspot.intake.fields.times import MONTH, add_instant, decide_format
from hotspot.intake.files.opening import open_table
from hotspot.intake.files.raw import Choices, RawTable
from hotspot.intake.places.coordinates import NOTHING
from hotspot.intake.rows.balance import Question, Rule

_LONGEST_NOTHING = max(map(len, NOTHING))
_DAMAGED = r"^\d(\.\d+)?E\+\d+$"


@dataclass
class Sheet:
    """The rows of a file in the fields of a source.

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
    numbers
        The rows' keyed numbers, which a thread makes meanwhile (`records.begin_numbers`).
    """

    name: str
    rows: pl.DataFrame
    mapping: Mapping
    notes: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    unknown_words: dict[str, dict[str, int]] = field(default_factory=dict)
    numbers: Future[dict[str, pl.Series]] | None = None
    rules: list[Rule] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Tell whether a field is mapped."""
        return name in self.mapping.columns

    def text(self, name: str) -> pl.Expr:
        """Give a field's text; null where it is not mapped."""
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
    dated = [n for n in used.columns if kinds[n] in DATED]
    short = [n for n in dated if (rows[n].str.len_bytes() <= _LONGEST_NOTHING).any()]
    nothing = [pl.col(n).str.to_lowercase().is_in(NOTHING) for n in short]
    rows = rows.with_columns(
        pl.when(is_nothing).then(None).otherwise(pl.col(n)).alias(n)
        for n, is_nothing in zip(short, nothing, strict=True)
    )
    sheet = Sheet(name, rows, used, list(table.notes))
    refused = refused_columns(source, table.columns)
    refused.pop(used.columns.get("date_of_birth", ""), None)
    if refused:
        said = ", ".join(f"{column} ({what})" for column, what in refused.items())
        sheet.notes.append(f"{name}: not read, because they must not come in: {said}.")
    ragged = int(rows["ragged"].sum())
    if ragged:
        lines = ", ".join(map(str, rows.filter("ragged")["line"].head(5)))
        text = (
            f"{name}: {ragged:,} rows have more or fewer fields than the header (lines {lines}"
            f"{', ...' if ragged > 5 else ''}). Import the others without them?"
        )
        sheet.questions.append(Question("ragged", text))
    return sheet


def _proposed(table: RawTable, source: str, mapping: Mapping | None) -> Mapping:
    columns = propose(source, table.columns).columns
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


def date_field(sheet: Sheet, name: str, clock: str = "") -> None:
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
        sheet.rows = sheet.rows.with_columns(
            nothing.alias(target), pl.lit("day").alias(f"{name}_precision")
        )
        return
    column = sheet.mapping.column_of(name)
    is_odd = sheet.rows["footer"] | sheet.rows["ragged"]
    data = sheet.rows.filter(~is_odd) if is_odd.any() else sheet.rows
    found = decide_format(data, name, sheet.mapping.date_formats.get(name, ""))
    if not found.name:
        lines = ", ".join(map(str, found.misfits))
        message = (
            f"{sheet.name}: the dates in '{column}' are not all in one format (lines "
            f"{lines} differ from the others). Nothing is guessed row by row; export the column "
            "in one format."
        )
        raise InputError(message)
    said = "; ".join(f"{written} is {read}" for written, read in found.examples)
    if name == "date_of_birth":
        said = ""  # notes are kept with the dataset; dates of birth are not
    if said:
        sheet.notes.append(f"{sheet.name}: '{column}' is read as {found.name}: {said}.")
    if not found.is_sure:
        text = f"{sheet.name}: is '{column}' {found.name}? {said}."
        sheet.questions.append(Question(f"dates:{name}", text))
    has_clock = bool(clock) and sheet.has(clock)
    local = found.local if data is sheet.rows else None
    sheet.rows = add_instant(
        sheet.rows, name, target, found.name, clock if has_clock else None, local
    )
    is_day = pl.when(pl.col(f"{target}_day")).then(pl.lit("day")).otherwise(pl.lit("minute"))
    precision = pl.lit("month") if found.name == MONTH else is_day
    sheet.rows = sheet.rows.with_columns(precision.alias(f"{name}_precision"))
    twice = int(sheet.rows[f"{target}_twice"].sum())
    if twice:
        sheet.notes.append(
            f"{sheet.name}: {twice:,} times in '{column}' lie in the hour that autumn repeats; the "
            "earlier instant is taken."
        )
    sheet.rules += [
        ("bad_date", name, pl.col(f"{target}_bad")),
        ("date_out_of_range", name, pl.col(f"{target}_range")),
        ("time_does_not_exist", name, pl.col(f"{target}_gap")),
    ]
