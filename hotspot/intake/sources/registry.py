"""List the sources and who reads each, and look at a file before it is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hotspot.intake.fields.mapping import (
    FIELDS,
    Mapping,
    examples_of,
    fits,
    known_names,
    propose_for,
    refused_columns,
)
from hotspot.intake.files.opening import open_table
from hotspot.intake.files.raw import Choices
from hotspot.intake.rows.balance import Context, Reading
from hotspot.intake.rows.packing import PackedReading, packed
from hotspot.intake.sources import (
    boundaries,
    food_hygiene,
    incidents,
    intelligence,
    interviews,
    licensing_register,
    missing,
    outcome_counts,
    points_of_interest,
    police_uk,
    sensitive_sites,
)

Reader = Callable[[Path, Context, Mapping | None, str], Reading]

READERS: dict[str, Reader] = {
    **{
        module.SOURCE: module.read
        for module in (
            missing,
            incidents,
            interviews,
            intelligence,
            licensing_register,
            food_hygiene,
            points_of_interest,
            sensitive_sites,
            boundaries,
            outcome_counts,
        )
    },
    police_uk.SOURCE: police_uk.read,
    police_uk.OUTCOMES_SOURCE: police_uk.read_outcomes,
    police_uk.STOPS_SOURCE: police_uk.read_stops,
}


def read_packed(
    source: str, path: Path, context: Context, mapping: Mapping | None, name: str
) -> PackedReading:
    """Read a file and give the reading in the form in which it travels between processes."""
    return packed(READERS[source](path, context, mapping, name))


@dataclass(frozen=True)
class Look:
    """What a file looks like before it is read.

    Attributes
    ----------
    columns
        Its columns, each with examples; none of columns that must not enter.
    refused
        Columns that must not enter, and what each holds.
    mapping
        The mapping that was kept for such files, or the one that the names propose.
    is_kept
        Whether the mapping was confirmed before.
    sheets, sheet, header_row, rows, notes
        See `raw.RawTable`.
    """

    columns: dict[str, list[str]]
    refused: dict[str, str]
    mapping: Mapping
    is_kept: bool = False
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    header_row: int = 0
    rows: int = 0
    notes: tuple[str, ...] = field(default=())


def look_at(
    path: Path, name: str, source: str, choices: Choices | None, kept: tuple[Mapping, ...]
) -> Look:
    """Open a file and say what is in it, for a user to confirm what each column means.

    Raises
    ------
    InputError
        It cannot be opened.
    """
    if source not in FIELDS:
        return Look({}, {}, Mapping(source=source))
    table = open_table(path, name, known_names(source), choices)
    known = next((mapping for mapping in kept if fits(mapping, table.columns)), None)
    refused = refused_columns(source, table.columns)
    mapping = known or propose_for(source, table)
    chosen = choices or Choices()
    mapping = mapping.model_copy(
        update={
            "sheet": table.sheet if chosen.sheet else "",
            "header_row": chosen.header_row,
            "encoding": chosen.encoding,
            "repair": chosen.repair,
        }
    )
    examples = {c: [] if c in refused else examples_of(table, c) for c in table.columns}
    person = mapping.columns.get("person")
    if person is not None:
        examples[person] = list(dict.fromkeys(_shape_of(text) for text in examples[person]))
    return Look(
        examples,
        refused,
        mapping,
        known is not None,
        table.sheets,
        table.sheet,
        table.header_row,
        table.rows.height,
        table.notes,
    )


def _shape_of(reference: str) -> str:
    """Show what a reference to a child looks like, and not the reference."""
    letters = re.sub(r"[^\W\d_]", "A", reference)
    return re.sub(r"\d", "9", letters)
