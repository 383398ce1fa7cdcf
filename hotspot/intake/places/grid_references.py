"""Read Ordnance Survey grid references, such as SJ 88123 47456, as squares of the National Grid."""

from __future__ import annotations

import polars as pl

_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
_PATTERN = r"^([HJNOST][A-HJ-Z])(\d{2}|\d{4}|\d{6}|\d{8}|\d{10})$"


def corner_of(letters: str) -> tuple[int, int]:
    """Return easting and northing of the south-west corner of a 100 km square, in metres.

    Source: Ordnance Survey, "A guide to coordinate systems in Great Britain", section 4.
    """
    first, second = (_LETTERS.index(letter) for letter in letters)
    east = ((first - 2) % 5) * 5 + second % 5
    north = 19 - (first // 5) * 5 - second // 5
    return east * 100_000, north * 100_000


_CORNERS = {
    a + b: corner_of(a + b)
    for a in "HJNOST"
    for b in _LETTERS
    if 0 <= corner_of(a + b)[0] < 700_000 and 0 <= corner_of(a + b)[1] < 1_300_000
}


def add_squares(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Add the centre of each reference's square and its size.

    Adds `east`, `north` (metres) and `square_m` (length of the square's side in metres: 1000 for
    a reference of four figures); null where the text is no reference.
    """
    text = pl.col(column).str.to_uppercase().str.replace_all(r"[\s,.]", "")
    letters, figures = text.str.extract(_PATTERN, 1), text.str.extract(_PATTERN, 2)
    half = (figures.str.len_chars() // 2).cast(pl.Int64)
    size = pl.lit(10).pow(5 - half).cast(pl.Float64)
    east = figures.str.slice(0, half).cast(pl.Float64, strict=False)
    north = figures.str.slice(half).cast(pl.Float64, strict=False)
    corner = [
        letters.replace_strict(
            {name: float(at[axis]) for name, at in _CORNERS.items()},
            default=None,
            return_dtype=pl.Float64,
        )
        for axis in (0, 1)
    ]
    return rows.with_columns(
        (corner[0] + east * size + size / 2).alias("east"),
        (corner[1] + north * size + size / 2).alias("north"),
        pl.when(corner[0].is_not_null()).then(size).alias("square_m"),
    )
