"""Say which column of a file means what: proposed from names, confirmed by a person, kept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hotspot.errors import InputError
from hotspot.intake.fields import columns as known_columns
from hotspot.intake.fields.columns import like_name, refusal_of
from hotspot.intake.fields.likeness import CLOSE, likeness, meaning
from hotspot.intake.files.raw import Choices, RawTable, plain_name
from hotspot.intake.places.written_points import holds_postcodes, is_point_column
from hotspot.schema import SOURCES

FIELDS: dict[str, tuple[known_columns.Field, ...]] = {
    "missing": known_columns.MISSING,
    "incidents": known_columns.INCIDENTS,
    "interviews": known_columns.INTERVIEWS,
    "intelligence": known_columns.INTELLIGENCE,
    "police-uk": known_columns.STREET,
    "police-uk-outcomes": known_columns.OUTCOMES_OF_CRIMES,
    "police-uk-stops": known_columns.STOPS,
    "licensing": known_columns.LICENSING,
    "places": known_columns.POINTS,
    "sensitive-sites": known_columns.SITES,
    "outcomes": known_columns.OUTCOMES,
    "boundaries": known_columns.OUTLINES,
}
"""The fields of each source that is read from a table."""
_EXAMPLES = 3
_LOCATORS = (
    ("easting", "northing"),
    ("lng", "lat"),
    ("point",),
    ("grid_reference",),
    ("postcode",),
    ("uprn",),
)
_ADDRESSES = ("address", "where")

Degrees = Literal["WGS84", "OSGB36"]
Grid = Literal["", "EPSG:27700", "EPSG:29903", "EPSG:2157", "EPSG:3857"]


class Mapping(BaseModel):
    """How a source's files are to be read.

    Attributes
    ----------
    source
        The source.
    columns
        Name of the column for each field that is read; the others are not read at all.
    sheet, header_row, encoding, repair
        See `raw.Choices`.
    date_formats
        Format of a field's dates (`times.FORMATS`), where it is not to be decided from the rows.
    degrees
        The datum of columns of degrees.
    grid
        The EPSG code of the grid of columns of metres; empty to tell it by where rows would lie.
    swap_axes
        Whether the two columns of a pair of coordinates have changed places.
    joins_spellings
        Whether references that differ in what `people.RULE` says only are one person.
    words
        The force's own words by field ("role", "setting", "form", "risk", "precision") and what
        each means.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    columns: dict[str, str] = Field(default_factory=dict)
    sheet: str = ""
    header_row: int = Field(default=0, ge=-1, le=1000)
    encoding: str = ""
    repair: bool = False
    date_formats: dict[str, str] = Field(default_factory=dict)
    degrees: Degrees = "WGS84"
    grid: Grid = ""
    swap_axes: bool = False
    joins_spellings: bool = True
    words: dict[str, dict[str, str]] = Field(default_factory=dict)

    @property
    def choices(self) -> Choices:
        """What opening a file needs of it."""
        return Choices(self.sheet, self.header_row, self.encoding, self.repair)

    def column_of(self, field: str) -> str:
        """Name the column of a field; the field's own name where it has none."""
        return self.columns.get(field, field)


def known_names(source: str) -> frozenset[str]:
    """Return the plain names of all columns that a source knows."""
    return frozenset(plain_name(s) for field in FIELDS.get(source, ()) for s in field.synonyms)


def propose(source: str, columns: Iterable[str]) -> Mapping:
    """Propose a mapping from the names of columns: the synonyms first, then names that are like.

    A column that must not enter is never proposed, and each column is proposed once.
    """
    columns = list(columns)
    free = {plain_name(c): c for c in reversed(columns) if refusal_of(c, source) is None}
    chosen: dict[str, str] = {}
    for field in FIELDS[source]:
        for synonym in field.synonyms:
            if plain_name(synonym) in free:
                chosen[field.name] = free.pop(plain_name(synonym))
                break
    left = [field for field in FIELDS[source] if field.name not in chosen and field.synonyms]
    pairs = [
        (-max(likeness(column, synonym) for synonym in field.synonyms), at, field.name, name)
        for at, field in enumerate(left)
        for name, column in free.items()
    ]
    for unlike, _, field_name, name in sorted(pairs):
        is_close = -unlike >= (100 if field_name in _EXACT else CLOSE)
        if is_close and field_name not in chosen and name in free:
            chosen[field_name] = free.pop(name)
    if "status" not in chosen and any(field.name == "status" for field in FIELDS[source]):
        words = {name: set(meaning(column).split()) for name, column in free.items()}
        said = [name for name, of in words.items() if "status" in of and of <= _OF_LICENCES]
        if len(said) == 1:  # a licence that lapsed is not in force, however the column is called
            chosen["status"] = free.pop(said[0])
    return Mapping(source=source, columns=chosen)


_OF_LICENCES = frozenset(
    {
        *("status", "state", "licence", "licences", "license", "permit", "premises", "club"),
        *("current", "curr", "now", "latest", "record", "register", "type"),
        *("desc", "description", "text", "code", "label", "name", "value", "word"),
    }
)
"""Words of columns whose status is the licence's own, and not a fee's or an objection's."""
_EXACT = frozenset(field.name for field in known_columns.PLACE_FIELDS)
"""Fields for which a name must mean the same: an easting is no northing."""


def propose_for(source: str, table: RawTable) -> Mapping:
    """Propose a mapping from the names of a table's columns, and from what points look like.

    A column of points ("53.02, -2.18" or WKT) says where rows are, whatever it is called.
    """
    filled = [c for c in table.columns if table.rows[c].null_count() * 2 <= table.rows.height]
    mapping = with_name(propose(source, table.columns), filled)
    fields = {field.name for field in FIELDS[source]}
    if "point" not in fields or _is_located(mapping):
        return mapping
    free = (c for c in table.columns if refusal_of(c, source) is None)
    points = next((c for c in free if is_point_column(table.rows[c])), None)
    if points is None:
        return mapping
    others = {field: column for field, column in mapping.columns.items() if column != points}
    return mapping.model_copy(update={"columns": others | {"point": points}})


def with_name(mapping: Mapping, columns: Iterable[str]) -> Mapping:
    """Add the column that most likely names a place, where no name is known for certain."""
    if mapping.source not in _NAMED_PLACES or "name" in mapping.columns:
        return mapping
    used = set(mapping.columns.values())
    name_column = like_name((column for column in columns if column not in used), mapping.source)
    named = {"name": name_column} if name_column else {}
    return mapping.model_copy(update={"columns": mapping.columns | named})


_NAMED_PLACES = ("places", "boundaries")


def _is_located(mapping: Mapping) -> bool:
    return any(all(field in mapping.columns for field in pair) for pair in _LOCATORS)


def likely_source(source: str, columns: Iterable[str]) -> str:
    """Return the source that a file's columns fit, where they do not fit the one that was chosen.

    A source fits where each field that it needs, and a place if it needs one, has a column. Of
    those that fit the one with most columns is taken; where two have as many, the chosen one stays.
    """
    columns = list(columns)
    found = {name: propose(name, columns) for name in FIELDS}
    fitting = {name: len(mapping.columns) for name, mapping in found.items() if _is_whole(mapping)}
    if source in fitting or source not in FIELDS or not fitting:
        return source
    most = [name for name, count in fitting.items() if count == max(fitting.values())]
    return most[0] if len(most) == 1 else source


def _is_whole(mapping: Mapping) -> bool:
    needed = [field.name for field in FIELDS[mapping.source] if field.is_required]
    has_place = _is_located(mapping) or not SOURCES[mapping.source].needs_place
    return bool(needed) and all(name in mapping.columns for name in needed) and has_place


def fits(mapping: Mapping, columns: Iterable[str]) -> bool:
    """Tell whether a kept mapping can be used on a file with these columns."""
    return set(mapping.columns.values()) <= set(columns)


def refused_columns(source: str, columns: Iterable[str]) -> dict[str, str]:
    """Name the columns that must not enter, and what each holds."""
    reasons = {column: refusal_of(column, source) for column in columns}
    return {column: what for column, what in reasons.items() if what is not None}


def examples_of(table: RawTable, column: str) -> list[str]:
    """Return a few different values of a column, as the file has them."""
    values = table.rows.filter(~pl.col("blank") & ~pl.col("footer"))[column].drop_nulls()
    return [str(value)[:60] for value in values.head(2000).unique(maintain_order=True)[:_EXAMPLES]]


def check_mapping(mapping: Mapping, table: RawTable) -> None:
    """Refuse a mapping that cannot be used on a file.

    Raises
    ------
    InputError
        A field or column is not known, is mapped twice or must not enter, or a field that the
        source needs has no column.
    """
    name, source = table.name, mapping.source
    fields = {field.name: field for field in FIELDS[source]}
    has = f"(it has: {', '.join(table.columns[:40])})"
    unknown = [field for field in mapping.columns if field not in fields]
    if unknown:
        message = f"The mapping names {', '.join(unknown)}, which {source} does not have."
        raise InputError(message)
    absent = [column for column in mapping.columns.values() if column not in table.columns]
    if absent:
        message = f"{name} lacks the column(s) {', '.join(absent)} {has}."
        raise InputError(message)
    _refuse_columns(mapping, name)
    needed = [f.label for f in fields.values() if f.is_required and f.name not in mapping.columns]
    if needed:
        message = (
            f"{name} lacks the column(s) {', '.join(needed)} {has}. Say which column is meant, or "
            "check that it is the right kind of file for this source."
        )
        raise InputError(message)
    addresses = [mapping.columns[f] for f in _ADDRESSES if f in mapping.columns]
    located = _is_located(mapping) or any(holds_postcodes(table.rows[c]) for c in addresses)
    if SOURCES[source].needs_place and not located:
        message = (
            f"{name} says of no row where it is {has}. Map easting and northing, longitude and "
            "latitude, a point in one column, a grid reference, a postcode or a UPRN."
        )
        raise InputError(message)


def _refuse_columns(mapping: Mapping, name: str) -> None:
    """Refuse a column that two fields use, and one that holds what must not come in."""
    used = list(mapping.columns.values())
    twice = sorted({column for column in used if used.count(column) > 1})
    if twice:
        message = f"The mapping uses {', '.join(twice)} for two fields; choose one."
        raise InputError(message)
    for field, column in mapping.columns.items():
        what = refusal_of(column, mapping.source)
        if what is not None and field != "date_of_birth":
            message = (
                f"{name}: '{column}' seems to hold {what}, which must not come in. Leave it out."
            )
            raise InputError(message)


def load_mapping(path: Path) -> Mapping:
    """Read a mapping from a JSON file.

    Raises
    ------
    InputError
        There is none, or it is no mapping.
    """
    try:
        return Mapping.model_validate_json(path.read_bytes())
    except OSError as error:
        message = (
            f"There is no mapping file {path.name}; make one with: hotspot mapping SOURCE FILE"
        )
        raise InputError(message) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = f"{path.name} is no mapping: {where}: {first['msg']}."
        raise InputError(message) from error
