"""Find postcodes and UPRNs in the Ordnance Survey's files that the force keeps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from hotspot.errors import InputError

OUTWARD_INWARD = r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$"
POSTCODE_SLIP = r"^[A-Z]{1,2}[0-9][A-Z0-9]?[OI0-9][A-Z01]{2}$"
GRID_FILE = "uk_os_OSTN15_NTv2_OSGBtoETRS.tif"
_NO_QUALITY = 90


@dataclass(frozen=True)
class ReferenceFiles:
    """Where a workspace's reference files lie.

    Attributes
    ----------
    folder
        The workspace's `reference` folder: `code-point-open/*.csv` (as the Ordnance Survey
        delivers it), `open-uprn.csv`, `population/*.csv` and the OSTN15 grid may lie there.
    """

    folder: Path | None = None

    @property
    def postcodes(self) -> list[Path]:
        """Files of Code-Point Open."""
        return sorted((self.folder / "code-point-open").rglob("*.csv")) if self.folder else []

    @property
    def uprns(self) -> list[Path]:
        """Files of OS Open UPRN."""
        return sorted(self.folder.glob("*uprn*.csv")) if self.folder else []

    @property
    def population(self) -> list[Path]:
        """Files that say where people live (see `population.population_of`)."""
        return sorted((self.folder / "population").glob("*.csv")) if self.folder else []

    @property
    def grid_folder(self) -> Path | None:
        """Folder with the OSTN15 grid, if it is installed."""
        is_there = self.folder is not None and (self.folder / GRID_FILE).is_file()
        return self.folder if is_there else None


def normal_postcode(column: str) -> pl.Expr:
    """Write a column of postcodes in capitals without a space; null where it is none."""
    text = pl.col(column).str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    return pl.when(text.str.contains(OUTWARD_INWARD)).then(text)


def outward_code(column: str) -> pl.Expr:
    """Return the first half of a column of postcodes."""
    return normal_postcode(column).str.extract(OUTWARD_INWARD, 1)


def find_postcodes(postcodes: pl.Series, reference: ReferenceFiles) -> pl.DataFrame:
    """Look up distinct postcodes (normal form) in Code-Point Open.

    Returns
    -------
    DataFrame
        `postcode`, `east`, `north` (metres) and `quality` (10 = within the building, 90 = none);
        postcodes that are not in the files, or without a position, are absent.

    Raises
    ------
    InputError
        A file is not Code-Point Open.
    """
    return _postcodes_where(pl.col("postcode").is_in(postcodes.implode()), reference)


def postcodes_between(
    west: float, south: float, east: float, north: float, reference: ReferenceFiles
) -> pl.DataFrame:
    """Return the postcodes of Code-Point Open within bounds on the National Grid (metres).

    Returns
    -------
    DataFrame
        As `find_postcodes` gives them, in their order.

    Raises
    ------
    InputError
        A file is not Code-Point Open.
    """
    inside = pl.col("east").is_between(west, east) & pl.col("north").is_between(south, north)
    return _postcodes_where(inside, reference).sort("postcode")


def _postcodes_where(wanted: pl.Expr, reference: ReferenceFiles) -> pl.DataFrame:
    empty = {"postcode": pl.String, "east": pl.Float64, "north": pl.Float64, "quality": pl.Int64}
    if not reference.postcodes:
        return pl.DataFrame(schema=empty)
    try:
        table = pl.scan_csv(
            reference.postcodes,
            has_header=False,
            infer_schema=False,
            missing_columns="insert",
            extra_columns="ignore",
            schema={f"column_{n}": pl.String for n in range(1, 11)},
        ).select(
            pl.col("column_1").str.replace_all(" ", "").alias("postcode"),
            pl.col("column_3").cast(pl.Float64, strict=False).alias("east"),
            pl.col("column_4").cast(pl.Float64, strict=False).alias("north"),
            pl.col("column_2").cast(pl.Int64, strict=False).alias("quality"),
        )
        postcodes = table.filter(wanted).collect()
    except (PolarsError, OSError) as error:
        message = f"The files in reference/code-point-open are not Code-Point Open ({error!s:.80})."
        raise InputError(message) from error
    located = (pl.col("quality") < _NO_QUALITY) & (pl.col("east") > 0)
    return postcodes.drop_nulls().filter(located).unique("postcode")


def find_uprns(uprns: pl.Series, reference: ReferenceFiles) -> pl.DataFrame:
    """Look up distinct UPRNs (digits without leading zeros): `uprn`, `east`, `north` (metres).

    Raises
    ------
    InputError
        A file is not OS Open UPRN.
    """
    empty = {"uprn": pl.String, "east": pl.Float64, "north": pl.Float64}
    if not reference.uprns:
        return pl.DataFrame(schema=empty)
    try:
        table = pl.scan_csv(reference.uprns, infer_schema=False).select(
            pl.col("UPRN").str.strip_chars().str.strip_chars_start("0").alias("uprn"),
            pl.col("X_COORDINATE").cast(pl.Float64, strict=False).alias("east"),
            pl.col("Y_COORDINATE").cast(pl.Float64, strict=False).alias("north"),
        )
        return table.filter(pl.col("uprn").is_in(uprns.implode())).collect().drop_nulls()
    except (PolarsError, OSError) as error:
        message = f"The UPRN file in the folder reference is not OS Open UPRN ({error!s:.80})."
        raise InputError(message) from error


def quality_class(quality: str) -> pl.Expr:
    """Return the precision class of Code-Point Open's quality: its codes above 50 are estimates."""
    value = pl.col(quality)
    return (
        pl.when(value <= 50)
        .then(pl.lit("postcode"))
        .when(value.is_not_null())
        .then(pl.lit("locality"))
    )
