"""Find in an archive the one file with shapes that is to be read."""

from __future__ import annotations

import zipfile
from pathlib import Path

from hotspot.errors import InputError
from hotspot.intake.files.coordinate_systems import system_of_archive
from hotspot.intake.files.raw import Choices

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def members_of(path: Path, name: str) -> list[str]:
    """Name the files in an archive, without the Finder's own; none may lead out of it.

    Raises
    ------
    InputError
        It is damaged, or holds paths that lead out of it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.namelist() if not m.endswith("/")]
    except zipfile.BadZipFile as error:
        message = f"{name} is damaged: it begins like an archive but cannot be opened."
        raise InputError(message) from error
    if any(".." in member or member.startswith(("/", "\\")) or ":" in member for member in members):
        message = f"{name} holds files with paths that lead out of it; it is not opened."
        raise InputError(message)
    parts = [(m, m.rsplit("/", 1)[-1]) for m in members]
    return [m for m, own in parts if not m.startswith("__MACOSX/") and not own.startswith("._")]


def chosen_member(members: list[str], name: str, wanted: str) -> str:
    """Choose the one file in an archive, or the one that is named.

    Raises
    ------
    InputError
        There are several, and none was chosen.
    """
    stems = {member.rsplit("/", 1)[-1].rpartition(".")[0]: member for member in members}
    if len(members) == 1 or wanted in stems:
        return stems.get(wanted, members[0])
    message = f"{name} holds several layers ({', '.join(stems)}); choose one of them as the sheet."
    raise InputError(message)


def shapefile_in(members: list[str], path: Path, name: str, choices: Choices) -> str:
    """Find the one shapefile in an archive, by its members' names, and return GDAL's path to it.

    Raises
    ------
    InputError
        There is none, or several; a part is missing; its coordinate system is not known.
    """
    shapefiles = sorted(m for m in members if m.lower().endswith(".shp"))
    if not shapefiles:
        message = f"{name} is an archive without a shapefile (.shp) in it."
        raise InputError(message)
    member = chosen_member(shapefiles, name, choices.sheet)
    stem = member[:-4].lower()
    present = {m[len(stem) :].lower() for m in members if m.lower().startswith(f"{stem}.")}
    missing = [part for part in _PARTS[:4] if part not in present]
    if missing:
        message = (
            f"{name}: the shapefile '{member[:-4]}' lacks its {', '.join(missing)}; zip all of its "
            "parts together."
        )
        raise InputError(message)
    prj = next(m for m in members if m.lower() == f"{stem}.prj")
    with zipfile.ZipFile(path) as archive:
        system_of_archive(archive, prj, name)  # before GDAL, which does what a definition says
    return f"/vsizip/{{{path}}}/{member}"
