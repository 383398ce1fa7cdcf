"""Tell files that were made with other lists of places than those before."""

from __future__ import annotations

from hotspot.intake.rows.balance import Reading
from hotspot.schema import OPEN_SOURCES
from hotspot.services.workspace.folder import Workspace
from hotspot.store import datasets
from hotspot.store.record_files import scan_records
from hotspot.store.unit_of_work import UnitOfWork

_IN_COMMON = 0.5


def notes_of_vintage(
    workspace: Workspace, work: UnitOfWork, source: str, reading: Reading
) -> list[str]:
    """Say that snap points or small areas are of another vintage than what is held."""
    notes = []
    if source in OPEN_SOURCES and reading.table.height:
        notes += _of_snap_points(workspace, work, source, reading)
    if reading.area_codes:
        notes += _of_area_codes(work, reading.area_codes)
    return notes


def _of_snap_points(
    workspace: Workspace, work: UnitOfWork, source: str, reading: Reading
) -> list[str]:
    files = datasets.list_record_files(work.connection, [source])
    if files.empty:
        return []
    point = ["lng", "lat"]
    stored = scan_records(workspace.records, files, {}).select(point).unique().collect()
    new = reading.table.select(point).drop_nulls().unique()
    common = new.join(stored, on=point, how="semi").height / max(1, new.height)
    if common >= _IN_COMMON:
        return []
    note = (
        f"Only {common:.1%} of this file's snap points are among those held: the list of points "
        "was changed in between. Follow hotspots over that time by area, never by point."
    )
    return [note]


def _of_area_codes(work: UnitOfWork, codes: dict[str, int]) -> list[str]:
    boundaries = datasets.list_boundaries(work.connection)
    notes = []
    for layer, part in boundaries.groupby("layer"):
        if not str(layer).startswith("LSOA"):
            continue
        known = set(part["code"])
        unknown = {code: rows for code, rows in codes.items() if code not in known}
        if 0 < len(unknown) < len(codes):
            notes.append(
                f"{len(unknown):,} codes of small areas ({sum(unknown.values()):,} rows) are not "
                f"in the boundaries {layer} held: they are of another vintage or lie outside."
            )
    return notes
