"""List what the force's lawyers still must read in the catalogue, and take back what they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from hotspot.disruption.clocks import ClockStep, words_of
from hotspot.disruption.counting import UNITS
from hotspot.disruption.measures import Catalogue, Measure
from hotspot.disruption.provenance import Provenance
from hotspot.errors import InputError

Row = dict[str, str]
"""A row of a sheet: what stands under each title."""
_READ_WHERE = {
    "Act": "act",
    "Section": "section",
    "Read at": "read_at",
    "Read on": "read_on",
    "From memory": "from_memory",
}
_OF_MEASURE = {"Basis": "basis", "Not settled": "doubt", "Checked by": "checked_by"}
_DAYS = {"In force from": "in_force_from", "Checked on": "checked_on"}
MEASURES, DEADLINES = "Measures", "Deadlines"
"""The two sheets."""
TITLES = {
    MEASURES: ("Code", "Measure", *_OF_MEASURE, *_DAYS, *_READ_WHERE),
    DEADLINES: ("Code", "Deadline", "What is due", "Rule", "Number", *_READ_WHERE),
}
"""The columns of each sheet."""
_DAY = ("%d/%m/%Y", "%d/%m/%Y %H:%M")


def unchecked(catalogue: Catalogue) -> list[Measure]:
    """List the measures that the force's legal team has not read against the law."""
    return [measure for measure in catalogue.values() if measure.checked_by is None]


def rows_of_measures(measures: Iterable[Measure]) -> list[Row]:
    """Write measures as rows of the first sheet: what they say of the law, and who checked it."""
    return [
        {
            "Code": one.code,
            "Measure": one.name,
            **{title: str(getattr(one, field) or "") for title, field in _OF_MEASURE.items()},
            **{title: str(getattr(one, field) or "") for title, field in _DAYS.items()},
            **_read_where(one.provenance),
        }
        for one in measures
    ]


def rows_of_deadlines(measures: Iterable[Measure]) -> list[Row]:
    """Write the deadlines of measures as rows of the second sheet."""
    return [
        {
            "Code": one.code,
            "Deadline": step.step,
            "What is due": step.says,
            "Rule": step.within.words(words_of(step.after)),
            "Number": str(next(iter(_number(step).values()), "")),
            **_read_where(step.provenance),
        }
        for one in measures
        for step in one.clock
    ]


def entries_of(
    catalogue: Catalogue, measures: Iterable[Row], deadlines: Iterable[Row]
) -> dict[str, dict[str, Any]]:
    """Return what the rows say otherwise than the catalogue, as fields by code.

    Only the columns that are meant to be changed are looked at: a rule's words are not.

    Raises
    ------
    InputError
        A row names no measure or deadline of the catalogue, or a day or number cannot be read.
    """
    entries: dict[str, dict[str, Any]] = {}
    for row in measures:
        one = _known(catalogue, row)
        changed = _changed_measure(one, row)
        if changed:
            entries[one.code] = changed
    clocks: dict[str, list[ClockStep]] = {}
    for row in deadlines:
        one = _known(catalogue, row)
        steps = clocks.setdefault(one.code, list(one.clock))
        at = next((n for n, step in enumerate(steps) if step.step == row["Deadline"]), None)
        if at is None:
            message = f"{one.code} has no deadline '{row['Deadline']}'; leave that column as it is."
            raise InputError(message)
        steps[at] = _changed_step(steps[at], row, one.code)
    for code, steps in clocks.items():
        if tuple(steps) != catalogue[code].clock:
            clock = [step.model_dump(mode="json", exclude_defaults=True) for step in steps]
            entries.setdefault(code, {})["clock"] = clock
    return entries


def merge_entries(
    own: list[dict[str, Any]], entries: Mapping[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    """Lay what was said over the entries of a force's own file; what it does not touch stays."""
    merged = [{**entry, **entries.get(str(entry["code"]), {})} for entry in own]
    known = {str(entry["code"]) for entry in own}
    return merged + [{"code": code, **said} for code, said in entries.items() if code not in known]


def _read_where(provenance: Provenance | None) -> Row:
    return {
        title: str(getattr(provenance, field) or "") if provenance else ""
        for title, field in _READ_WHERE.items()
    }


def _known(catalogue: Catalogue, row: Row) -> Measure:
    measure = catalogue.get(row["Code"])
    if measure is None:
        message = f"'{row['Code']}' is no code of the catalogue; leave that column as it is."
        raise InputError(message)
    return measure


def _number(step: ClockStep) -> dict[str, int]:
    """Return the one number of a step's rule by its unit; nothing for a day itself."""
    given = {unit: getattr(step.within, unit) for unit in UNITS}
    return {unit: number for unit, number in given.items() if number is not None}


def _changed_measure(one: Measure, row: Row) -> dict[str, Any]:
    (before,) = rows_of_measures([one])
    changed: dict[str, Any] = {}
    for title, field in _OF_MEASURE.items():
        if row[title] != before[title]:
            changed[field] = row[title] or (None if field == "checked_by" else "")
    for title, field in _DAYS.items():
        day = _day(row, title, one.code)
        if day != before[title]:
            changed[field] = day or None
    provenance = _changed_provenance(one.provenance, row, one.code)
    if provenance is not None:
        changed["provenance"] = provenance
    return changed


def _changed_step(step: ClockStep, row: Row, code: str) -> ClockStep:
    fields = step.model_dump(mode="json", exclude_defaults=True)
    fields["says"] = row["What is due"]
    for unit, number in _number(step).items():
        if row["Number"] != str(number):
            fields["within"][unit] = _whole(row, code)
    provenance = _changed_provenance(step.provenance, row, code)
    if provenance is not None:
        fields["provenance"] = provenance
    return ClockStep.model_validate(fields)


def _changed_provenance(before: Provenance | None, row: Row, code: str) -> dict[str, str] | None:
    said = {title: row[title] for title in _READ_WHERE} | {"Read on": _day(row, "Read on", code)}
    if said == _read_where(before):
        return None
    if not said["Act"] or bool(said["Read at"]) != bool(said["Read on"]):
        message = f"{code}: name the act, and where its text was read together with the day."
        raise InputError(message)
    return {field: said[title] for title, field in _READ_WHERE.items() if said[title]}


def _day(row: Row, title: str, code: str) -> str:
    """Read a day as typed (2026-11-02) or as a workbook keeps it (02/11/2026)."""
    text = row[title].strip()
    for form in _DAY:
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day
        except ValueError:
            continue
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as error:
        message = f"{code}, '{title}': '{text}' is no day; write 02/11/2026."
        raise InputError(message) from error


def _whole(row: Row, code: str) -> int:
    if not row["Number"].isdecimal() or int(row["Number"]) == 0:
        message = f"{code}, {row['Deadline']}: '{row['Number']}' is no number of days or hours."
        raise InputError(message)
    return int(row["Number"])
