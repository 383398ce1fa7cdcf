"""Find the one shapefile in an archive, and pack what GDAL may see of it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from pyproj import CRS

from hotspot.errors import InputError
from hotspot.intake.files.coordinate_systems import system_of_archive
from hotspot.intake.files.raw import Choices

_PARTS = (".shp", ".shx", ".dbf", ".prj")
_SEEN_PARTS = (".shp", ".shx", ".dbf", ".cpg")
"""What GDAL sees of a shapefile."""


def shapefile_in(path: Path, name: str, choices: Choices) -> tuple[bytes, CRS]:
    """Return the parts of an archive's shapefile but its `.prj`, and its coordinate system.

    Raises
    ------
    InputError
        There is none, or several; a part is missing; a path leads out; the system is not known.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            stem = _stem_of(archive, name, choices)
            parts = {
                m[len(stem) :].lower(): m for m in archive.namelist() if m.startswith(f"{stem}.")
            }
            system = system_of_archive(archive, parts[".prj"], name)
            content = io.BytesIO()
            with zipfile.ZipFile(content, "w") as packed:
                for part in _SEEN_PARTS:
                    if part in parts:
                        packed.writestr(stem.rsplit("/", 1)[-1] + part, archive.read(parts[part]))
            return content.getvalue(), system
    except zipfile.BadZipFile as error:
        message = f"{name} is damaged: it begins like an archive but cannot be opened."
        raise InputError(message) from error


def _stem_of(archive: zipfile.ZipFile, name: str, choices: Choices) -> str:
    """Name the one shapefile in an archive, which has all its parts, without its ending."""
    members = [m for m in archive.namelist() if not m.endswith("/")]
    if any(".." in member or member.startswith(("/", "\\")) or ":" in member for member in members):
        message = f"{name} holds files with paths that lead out of it; it is not opened."
        raise InputError(message)
    stems = sorted({m[:-4] for m in members if m.lower().endswith(".shp")})
    if not stems:
        message = f"{name} is an archive without a shapefile (.shp) in it."
        raise InputError(message)
    wanted = [stem for stem in stems if stem.rsplit("/", 1)[-1] == choices.sheet] or stems
    if len(wanted) > 1:
        named = ", ".join(stem.rsplit("/", 1)[-1] for stem in stems)
        message = f"{name} holds several layers ({named}); choose one of them as the sheet."
        raise InputError(message)
    present = {m[len(wanted[0]) :].lower() for m in members if m.startswith(wanted[0] + ".")}
    missing = [part for part in _PARTS if part not in present]
    if missing:
        message = (
            f"{name}: the shapefile '{wanted[0]}' lacks its {', '.join(missing)}; zip all of its "
            "parts together."
        )
        raise InputError(message)
    return wanted[0]
