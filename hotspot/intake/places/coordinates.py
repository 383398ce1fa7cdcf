"""Turn written places into WGS84 degrees with a precision, and say which cannot be trusted."""

from __future__ import annotations

import warnings
from collections.abc import Collection

import numpy as np
import polars as pl
from pyproj import Transformer, datadir, network
from pyproj.transformer import TransformerGroup

from hotspot.intake.places.grid_references import add_squares
from hotspot.intake.places.grids import GRID_HEIGHT, GRIDS
from hotspot.intake.places.lookups import (
    POSTCODE_SLIP,
    ReferenceFiles,
    find_postcodes,
    find_uprns,
    normal_postcode,
    quality_class,
)
from hotspot.schema import BRITISH_NATIONAL_GRID, WGS84

# No grid file is ever fetched. (The function is missing from pyproj's stubs.)
network.set_network_enabled(active=False)  # type: ignore[attr-defined]

OSGB36_DEGREES = "EPSG:4277"
NOTHING = (
    "n/a",
    "na",
    "nan",
    "none",
    "null",
    "nil",
    "-",
    "unknown",
    "not known",
    "\\n",
    "#n/a",
    "#ref!",
    "#value!",
    "\u2013",
    "\u2014",
    "--",
    ".",
    "..",
    ":",
    "?",
    "(blank)",
    "(null)",
)
"""Words, in lower case, that stand where a place or time is not known."""
_SPACES, _MINUS = "[\\s\u00a0\u2009\u202f]", "\u2212"
_NUMBER = r"^[+-]?[0-9]+(\.[0-9]*)?([eE][+-][0-9]{2})?$"
_GROUPED = r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$"
_COMMA = r"^[+-]?[0-9]+,[0-9]+$"
_HEMISPHERE = r"^\s*([NSEWnsew])?\s*"
_SIXTIETHS = (
    r"([+-]?\d{1,3}(?:\.\d+)?)\s*(?:[°ºd:]|deg)?\s*"
    r"(?:(\d{1,2}(?:\.\d+)?)\s*(?:['m:\x{2032}\x{2019}]|min)?\s*)?"
    r"(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|''|s|sec|\x{2033}|\x{201d})?)?"
)
_DMS = rf"{_HEMISPHERE}{_SIXTIETHS}\s*([NSEWnsew])?(?:(?i)orth|outh|ast|est)?\s*$"
"""Degrees, minutes and seconds with a letter before or behind, of which not all need be there."""
_COARSE_FROM, _SHORT = 10, 9
"""So many rows with two decimals or fewer show that degrees are known to a kilometre only."""
_DUMMIES = ((1.0, 1.0), (999_999.0, 999_999.0), (9_999_999.0, 9_999_999.0), (111_111.0, 111_111.0))
PRECISION_WORDS = {
    "address": "building",
    "building": "building",
    "rooftop": "building",
    "premises": "building",
    "property": "building",
    "exact": "building",
    "uprn": "uprn",
    "street": "street",
    "road": "street",
    "junction": "street",
    "postcode": "postcode",
    "postcode centroid": "postcode",
    "town": "locality",
    "village": "locality",
    "locality": "locality",
    "area": "locality",
    "district": "locality",
    "ward": "locality",
    "centroid": "locality",
    "beat": "locality",
}
"""A force's words for how exactly a place is known."""


def is_comma_column(rows: pl.DataFrame, column: str) -> bool:
    """Tell whether every number of a column has a decimal comma, so that it can be believed."""
    if not rows[column].str.contains(",", literal=True).any():
        return False
    text = rows[column].drop_nulls().str.replace_all(_SPACES, "").str.replace_all(_MINUS, "-")
    has_comma, has_point = text.str.contains(",", literal=True), text.str.contains(r"\.")
    numbers = text.filter(has_comma | has_point | text.str.contains(_NUMBER))
    commas = int(numbers.str.contains(_COMMA).sum())
    grouped = int(numbers.str.contains(_GROUPED).sum())
    return commas > 0 and not bool(has_point.any()) and grouped < commas


def add_degrees_from_grid(
    rows: pl.DataFrame, easting: str, northing: str, system: str = BRITISH_NATIONAL_GRID
) -> pl.DataFrame:
    """Add `lng`, `lat` (WGS84), `problem` and `precision` from the metres of a grid as text.

    `problem` is a reason code of `balance.REASONS`, or null. Coordinates that are empty give null
    without a problem. Where both are whole kilometres or hundreds of metres the place is known no
    better than that.
    """
    read = grid_numbers(rows, easting, northing)
    rows = rows.with_columns(read[0].alias("east"), read[1].alias("north"))
    given = _is_given(easting) | _is_given(northing)
    east, north = pl.col("east"), pl.col("north")
    (west, last_east), (south, last_north) = GRIDS[system].extent
    fits = east.is_between(west, last_east) & north.is_between(south, last_north)
    degrees = (east.abs() <= 180) & (north.abs() <= 90) & (east != 0) & (east.round(0) != east)
    rows = rows.with_columns(
        problem=_first(
            ("zero_coordinates", (east == 0) & (north == 0)),
            ("dummy_coordinates", _is_dummy(east, north)),
            ("degrees_in_grid", degrees),
            ("bad_coordinates", given & ~fits.fill_null(value=False)),
        ),
        precision=_coarse_class(east, north),
    )
    return _from_grid(rows, system).drop("east", "north")


def add_degrees(
    rows: pl.DataFrame,
    lng: str,
    lat: str,
    *,
    is_osgb36: bool = False,
    coarse: Collection[int] = (),
) -> pl.DataFrame:
    """Add `lng`, `lat` (WGS84), `problem` and `precision` from columns of degrees as text.

    Degrees may be decimal or in degrees, minutes and seconds; those of the datum OSGB36 lie about
    100 m beside those of WGS84. `coarse` is what `coarse_decimals` found in the whole file.
    """
    comma = is_comma_column(rows, lng) and is_comma_column(rows, lat)
    x = _degrees_of(lng, letters="EW", comma=comma)
    y = _degrees_of(lat, letters="NS", comma=comma)
    given = _is_given(lng) | _is_given(lat)
    fits = x.is_between(-180, 180) & y.is_between(-90, 90)
    metres = (
        (x.abs() > 1000) & (y.abs() > 1000) & (x.abs() <= GRID_HEIGHT) & (y.abs() <= GRID_HEIGHT)
    )
    rows = rows.with_columns(x.alias("x_"), y.alias("y_")).with_columns(
        problem=_first(
            ("zero_coordinates", (pl.col("x_") == 0) & (pl.col("y_") == 0)),
            ("dummy_coordinates", _is_dummy(pl.col("x_"), pl.col("y_"))),
            ("grid_in_degrees", metres),
            ("bad_coordinates", given & ~fits.fill_null(value=False)),
        ),
        precision=_coarse_degrees(lng, lat, coarse),
    )
    usable = pl.col("problem").is_null()
    rows = rows.with_columns(
        pl.when(usable).then("x_").alias("lng"), pl.when(usable).then("y_").alias("lat")
    ).drop("x_", "y_")
    return _moved(rows, OSGB36_DEGREES, "lng", "lat") if is_osgb36 else rows


def add_degrees_from_reference(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Add `lng`, `lat`, `problem` and `precision` from Ordnance Survey grid references."""
    rows = add_squares(rows, column)
    given = _is_given(column)
    size = pl.col("square_m")
    rows = rows.with_columns(
        problem=_first(("bad_grid_reference", given & size.is_null())),
        precision=pl.when(size <= 10)
        .then(pl.lit("building"))
        .when(size <= 100)
        .then(pl.lit("street"))
        .when(size.is_not_null())
        .then(pl.lit("locality")),
    )
    return _from_grid(rows).drop("east", "north", "square_m")


def add_degrees_from_postcode(
    rows: pl.DataFrame, column: str, reference: ReferenceFiles
) -> pl.DataFrame:
    """Add `lng`, `lat`, `problem` and `precision` from postcodes, by the force's own files."""
    text = pl.col(column).str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    rows = rows.with_columns(normal_postcode(column).alias("postcode_found"))
    known = find_postcodes(rows["postcode_found"].drop_nulls().unique(), reference)
    rows = rows.join(
        known, left_on="postcode_found", right_on="postcode", how="left", maintain_order="left"
    )
    is_postcode = pl.col("postcode_found").is_not_null()
    lost = "postcode_not_found" if reference.postcodes else "no_postcode_file"
    slip = _is_given(column) & ~is_postcode & text.str.contains(POSTCODE_SLIP)
    rows = rows.with_columns(
        problem=_first(
            ("postcode_slip", slip),
            ("bad_postcode", _is_given(column) & ~is_postcode),
            (lost, is_postcode & pl.col("east").is_null()),
        ),
        precision=quality_class("quality"),
    )
    return _from_grid(rows).drop("east", "north", "quality", "postcode_found")


def add_degrees_from_uprn(
    rows: pl.DataFrame, column: str, reference: ReferenceFiles
) -> pl.DataFrame:
    """Add `lng`, `lat`, `problem` and `precision` from UPRNs, by the force's own file."""
    text = pl.col(column).str.replace_all(_SPACES, "").str.replace(r"\.0+$", "")
    is_number = text.str.contains(r"^[0-9]{1,12}$").fill_null(value=False)
    rows = rows.with_columns(uprn_found=pl.when(is_number).then(text.str.strip_chars_start("0")))
    known = find_uprns(rows["uprn_found"].drop_nulls().unique(), reference)
    rows = rows.join(
        known, left_on="uprn_found", right_on="uprn", how="left", maintain_order="left"
    )
    lost = "uprn_not_found" if reference.uprns else "no_uprn_file"
    rows = rows.with_columns(
        problem=_first(
            ("bad_uprn", _is_given(column) & ~is_number),
            (lost, is_number & pl.col("east").is_null()),
        ),
        precision=pl.when(pl.col("east").is_not_null()).then(pl.lit("uprn")),
    )
    return _from_grid(rows).drop("east", "north", "uprn_found")


def use_grid(reference: ReferenceFiles) -> str:
    """Use the OSTN15 grid where it is installed, and say how exact the transformation is."""
    folder = reference.grid_folder
    if folder is not None and str(folder) not in datadir.get_data_dir():
        datadir.append_data_dir(str(folder))
    with warnings.catch_warnings():  # that the grid is missing is said in words
        warnings.simplefilter("ignore")
        group = TransformerGroup(BRITISH_NATIONAL_GRID, WGS84, always_xy=True)
    best = group.transformers[0]
    if "grid" in best.definition and best.accuracy >= 0:
        return (
            f"National Grid is turned into degrees to {max(best.accuracy, 0.1):g} m (with the "
            "OSTN15 grid)."
        )
    return (
        "National Grid is turned into degrees to about 2 m and at worst to 5 m (without the OSTN15 "
        "grid)."
    )


def _from_grid(rows: pl.DataFrame, system: str = BRITISH_NATIONAL_GRID) -> pl.DataFrame:
    """Add degrees from the metres in `east` and `north`, where there is no problem."""
    usable = pl.col("problem").is_null()
    rows = rows.with_columns(
        pl.when(usable).then("east").alias("lng"), pl.when(usable).then("north").alias("lat")
    )
    return _moved(rows, system, "lng", "lat")


def _moved(rows: pl.DataFrame, crs: str, x: str, y: str) -> pl.DataFrame:
    """Turn two columns into WGS84 degrees."""
    known = (rows[x].is_not_null() & rows[y].is_not_null()).to_numpy()
    lng, lat = np.full(rows.height, np.nan), np.full(rows.height, np.nan)
    to_degrees = Transformer.from_crs(crs, WGS84, always_xy=True)
    lng[known], lat[known] = to_degrees.transform(
        rows[x].to_numpy()[known], rows[y].to_numpy()[known]
    )
    return rows.with_columns(
        pl.Series(x, lng, nan_to_null=True), pl.Series(y, lat, nan_to_null=True)
    )


def _coarse_class(east: pl.Expr, north: pl.Expr) -> pl.Expr:
    kilometre = (east % 1000 == 0) & (north % 1000 == 0)
    hundred = (east % 100 == 0) & (north % 100 == 0)
    return pl.when(kilometre).then(pl.lit("locality")).when(hundred).then(pl.lit("street"))


def _is_dummy(x: pl.Expr, y: pl.Expr) -> pl.Expr:
    return pl.any_horizontal((x == a) & (y == b) for a, b in _DUMMIES)


def coarse_decimals(rows: pl.DataFrame, lng: str, lat: str) -> frozenset[int]:
    """Tell which numbers of decimals (up to 3) say how exactly a file's degrees are known.

    One row with two decimals says little, for zeros at the end are often lost; many say that the
    file knows no better than about a kilometre (three decimals: a hundred metres).
    """
    most = _decimals(lng, lat)
    is_short = [pl.col(column).str.len_bytes() <= _SHORT for column in (lng, lat)]
    two, three = (
        rows.filter(is_short)
        .select((most <= 2).sum().alias("two"), (most == 3).sum().alias("three"))
        .row(0)
    )
    coarse = {0, 1, 2} if (two or 0) >= _COARSE_FROM else set()
    return frozenset(coarse | ({3} if (three or 0) >= _COARSE_FROM else set()))


def _coarse_degrees(lng: str, lat: str, coarse: Collection[int]) -> pl.Expr:
    most = _decimals(lng, lat)
    is_coarse = most.is_in(sorted(coarse))
    word = pl.when(most == 3).then(pl.lit("street")).otherwise(pl.lit("locality"))
    return pl.when(is_coarse).then(word)


def _decimals(lng: str, lat: str) -> pl.Expr:
    """Count the decimals of plain degrees, the greater of two columns; null for other text."""
    texts = [pl.col(column) for column in (lng, lat)]
    decimals = [t.str.extract(r"[.,](\d*)", 1).str.len_bytes().fill_null(0) for t in texts]
    plain = [text.str.contains(r"^\s*[+-]?\d{1,3}(?:[.,]\d*)?\s*$") for text in texts]
    return pl.when(pl.all_horizontal(plain)).then(pl.max_horizontal(decimals))


def _degrees_of(column: str, *, letters: str, comma: bool) -> pl.Expr:
    """Read degrees, with minutes and seconds or letters too, whose letter fits the axis."""
    text = pl.col(column).str.strip_chars()
    before, behind = text.str.extract(_DMS, 1), text.str.extract(_DMS, 5)
    letter = pl.coalesce(before, behind).str.to_uppercase()
    degrees, minutes, seconds = (
        text.str.extract(_DMS, n).cast(pl.Float64, strict=False).fill_null(0.0) for n in (2, 3, 4)
    )
    is_below = letter.is_in(["S", "W"])
    is_negative = text.str.contains(r"^\s*[A-Za-z]?\s*-")  # of -0 10 48 W the degrees are not
    sign = pl.when(is_below & ~is_negative).then(-1).otherwise(1)
    has_mark = letter.is_not_null() | text.str.contains(r"[°ºd:'\x{2032}\x{2019}]")
    fits = letter.is_null() | letter.is_in(list(letters))
    is_once = before.is_null() | behind.is_null()
    fits &= letter.is_null() | is_below | ~is_negative  # -2.18 E is no place
    valid = (minutes < 60) & (seconds < 60) & has_mark & fits & is_once
    is_degrees = valid & text.str.contains(_DMS)
    parts = minutes / 60 + seconds / 3600
    below = pl.when(is_negative).then(-1).otherwise(1)
    sexagesimal = pl.when(is_degrees).then(sign * (degrees + below * parts))
    return pl.coalesce(_number(column, comma=comma), sexagesimal)


def _number(column: str, *, comma: bool = False) -> pl.Expr:
    """Read a column of text as numbers: plain digits, or digits grouped by threes; nothing else.

    A comma is taken out only where it groups thousands, and is a decimal comma only where the whole
    column has them: "38737,5" is no number here, for without its comma it would be another place.
    """
    text = pl.col(column).str.replace_all(_SPACES, "").str.replace_all(_MINUS, "-")
    if comma:
        text = text.str.replace(",", ".", literal=True)
    grouped = text.str.contains(_GROUPED)
    plain = pl.when(grouped).then(text.str.replace_all(",", "", literal=True)).otherwise(text)
    return pl.when(plain.str.contains(_NUMBER)).then(plain).cast(pl.Float64, strict=False)


def grid_numbers(rows: pl.DataFrame, *columns: str) -> list[pl.Expr]:
    """Read two columns of metres, at once where all of them are plain digits."""
    if all(rows[column].str.contains(r"^[0-9]+(\.[0-9]+)?$").all() for column in columns):
        return [pl.col(column).cast(pl.Float64) for column in columns]
    comma = all(is_comma_column(rows, column) for column in columns)
    return [_number(column, comma=comma) for column in columns]


def _is_given(column: str) -> pl.Expr:
    """Tell where a column holds more than a word for nothing."""
    return pl.col(column).is_not_null() & ~pl.col(column).str.to_lowercase().is_in(NOTHING)


def _first(*rules: tuple[str, pl.Expr]) -> pl.Expr:
    reason: pl.Expr = pl.lit(None, dtype=pl.String)
    for code, applies in reversed(rules):
        reason = pl.when(applies.fill_null(value=False)).then(pl.lit(code)).otherwise(reason)
    return reason


def precision_of(column: str, words: dict[str, str], codes: Collection[str]) -> pl.Expr:
    """Read a force's words for precision; null where a word is not known."""
    known = {**PRECISION_WORDS, **{w.casefold(): c for w, c in words.items() if c in codes}}
    return (
        pl.col(column)
        .str.to_lowercase()
        .replace_strict(known, default=None, return_dtype=pl.String)
    )
