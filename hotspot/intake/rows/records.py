"""Finish rows of any record source: people, identity, heaps, defaults and the balance sheet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import polars as pl

from hotspot.intake.fields.columns import DATED
from hotspot.intake.fields.mapping import FIELDS
from hotspot.intake.fields.pseudonyms import keyed_numbers, pseudonyms, together
from hotspot.intake.fields.roles import (
    UNKNOWN_RISK,
    age_band_of,
    code_of,
    form_of,
    setting_of,
    unknown_words,
)
from hotspot.intake.places.whereabouts import (
    default_coordinates,
    district_of,
    far_from_postcode,
    spike_of,
)
from hotspot.intake.rows.balance import (
    KEPT,
    REJECTED,
    Context,
    Question,
    Reading,
    Rule,
    give_reasons,
    points_of,
    settle,
)
from hotspot.intake.rows.canonical import Sheet
from hotspot.schema import FORMS_OFF, RECORDS, ROLES_OFF, SETTINGS_OFF, TIME_ZONE, Role

_DEFAULTS: dict[str, pl.Expr] = {
    "occurred_to": pl.lit(None, pl.Datetime("us", "UTC")),
    "time_precision": pl.lit("minute"),
    "child": pl.lit(None, pl.String),
    "role": pl.lit(Role.INCIDENT.value),
    "setting": pl.lit("unknown"),
    "form": pl.lit(None, pl.String),
    "kind": pl.lit(None, pl.String),
    "risk": pl.lit(None, pl.String),
    "age_band": pl.lit(None, pl.String),
    "grade": pl.lit(None, pl.String),
    "at_origin": pl.lit(value=False),
    "weight": pl.lit(1.0),
}
_MIDNIGHT_ROWS, _MIDNIGHT_SHARE = 20, 0.01
_HOUR_US = 3_600_000_000
_BESIDE = ThreadPoolExecutor(1, "numbers")


def add_words(sheet: Sheet) -> None:
    """Read the words of role, setting, form and risk, and note those that mean nothing yet."""
    own, rows = sheet.mapping.words, sheet.rows
    made: dict[str, pl.Expr] = {}
    if sheet.has("setting"):
        made["setting_code"] = setting_of("setting", own)
    if sheet.has("form"):
        made["form_code"] = form_of("form", own)
    if sheet.has("risk"):
        made["risk_code"] = code_of("risk", "risk", own).fill_null(UNKNOWN_RISK)
    if sheet.has("role"):
        made["role_code"] = code_of("role", "role", own)
    for field in ("role", "setting", "form", "risk"):
        if sheet.has(field) and (unknown := unknown_words(rows, field, own)):
            said = ", ".join(f"{word} ({count:,})" for word, count in list(unknown.items())[:8])
            column = sheet.mapping.column_of(field)
            sheet.unknown_words[field] = unknown
            sheet.notes.append(
                f"{sheet.name}: words in '{column}' that are not known: {said}. Say in the mapping "
                "what they mean."
            )
    for name, expression in made.items():
        rows = _with_words(rows, name, expression)
    taken = [name for name in ("setting", "form", "risk", "role") if sheet.has(name)]
    renamed = {f"{name}_code": name for name in taken}
    sheet.rows = rows.drop(taken).rename(renamed)


def _with_words(rows: pl.DataFrame, name: str, expression: pl.Expr) -> pl.DataFrame:
    """Add a column that depends on one column of few words: each word is looked at once."""
    field = name.removesuffix("_code")
    words = rows.select(pl.col(field).unique()).with_columns(expression.alias(name))
    return rows.join(words, on=field, how="left", maintain_order="left", nulls_equal=True)


def add_children(sheet: Sheet, context: Context, at: str) -> None:
    """Replace the person by a pseudonym, and a date of birth by an age band."""
    rows = sheet.rows
    if sheet.has("person"):
        rows = rows.with_columns(child=pseudonyms(rows["person"], context.pseudonym_keys))
    if sheet.has("date_of_birth"):
        local = pl.col(at).dt.convert_time_zone(TIME_ZONE)
        born = pl.col("date_of_birth_at").dt.convert_time_zone(TIME_ZONE)
        rows = rows.with_columns(age_band=age_band_of(born, local)).drop(
            "date_of_birth", "date_of_birth_at"
        )
        sheet.notes.append(
            f"{sheet.name}: '{sheet.mapping.column_of('date_of_birth')}' became an age band; the "
            "dates of birth were not kept."
        )
    sheet.rows = rows


def begin_numbers(
    sheet: Sheet,
    source: str,
    context: Context,
    identity: Sequence[str] | pl.Series,
    not_kept: Collection[str] = (),
) -> None:
    """Begin to give each row its keyed numbers, in a thread beside the rest of the reading.

    Parameters
    ----------
    identity
        Fields that tell a row from all others, and stay the same when the row is corrected; or a
        text that does.
    not_kept
        Fields of which nothing is kept, so that a change of theirs is none. Times count as they
        are read and not as they are written: see `finish_records`.
    """
    key, kinds = context.pseudonym_keys[0], {field.name: field.kind for field in FIELDS[source]}
    told = [name for name in identity if sheet.has(name)] if isinstance(identity, list) else []
    content = sorted(
        n for n in sheet.mapping.columns if n not in not_kept and kinds[n] not in DATED
    )
    columns = {name: sheet.rows[name] for name in {*told, *content}}
    nothing = pl.Series([None], dtype=pl.UInt64).new_from_index(0, sheet.rows.height)

    def work() -> dict[str, pl.Series]:
        own = {name: keyed_numbers(texts, source, key) for name, texts in columns.items()}
        row = (
            [keyed_numbers(identity, source, key)]
            if isinstance(identity, pl.Series)
            else [own[name] for name in told]
        )
        found = {
            "record_id": together(row, f"{source} record", key),
            "content_id": together([own[n] for n in content], f"{source} content", key),
        }
        if "reference" not in columns:
            return {**{n: pl.Series(v) for n, v in found.items()}, "reference_id": nothing}
        found["reference_id"] = together([own["reference"]], f"{source} reference", key)
        is_given = columns["reference"].is_not_null()
        numbers = {n: pl.Series(v) for n, v in found.items()}
        return numbers | {"reference_id": numbers["reference_id"].zip_with(is_given, nothing)}

    sheet.numbers = _BESIDE.submit(work)


def _with_numbers(sheet: Sheet) -> pl.DataFrame:
    """Add the rows' numbers; the times, as they were read, count as content."""
    if sheet.numbers is None:
        message = "the numbers of the rows were not begun"
        raise RuntimeError(message)
    rows = sheet.rows.with_columns(**sheet.numbers.result())
    times = [
        rows[name].to_physical().fill_null(-1).cast(pl.UInt64, wrap_numerical=True).to_numpy()
        for name in ("occurred_at", "occurred_to")
        if name in rows.columns
    ]
    content = together([rows["content_id"].to_numpy(), *times])
    return rows.with_columns(content_id=pl.Series(content))


def finish_records(sheet: Sheet, source: str, context: Context) -> Reading:
    """Turn parsed rows into records and account for each row.

    Parameters
    ----------
    sheet
        Rows with `lng`, `lat`, `outside`, `occurred_at` and any column of a record, and its rules
        so far; its numbers were begun.
    """
    rows = _with_numbers(sheet)
    missing = {name: value for name, value in _DEFAULTS.items() if name not in rows.columns}
    rows = rows.with_columns(source=pl.lit(source), **missing)
    rows = _mark_midnights(rows, sheet)
    counts = ~(pl.col("blank") | pl.col("footer") | pl.col("ragged"))
    rows = rows.with_columns(record_id=pl.when(counts).then("record_id"))
    sheet.rows, repeated, same = _with_repeats(rows)
    rules = [
        *_rejections(sheet),
        ("duplicate_row", "", repeated & same),
        ("same_id_differs", "reference", repeated),
        *_settings_aside(sheet),
        *_defaults_off(),
    ]
    return conclude(sheet, context, rules)


def _with_repeats(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.Expr, pl.Expr]:
    """Tell rows that repeat the number of an earlier one, and whether their content does too."""
    repeated = ~pl.col("record_id").is_first_distinct() & pl.col("record_id").is_not_null()
    rows = rows.with_columns(repeated=repeated)
    if not rows["repeated"].any():
        return rows, pl.lit(value=False), pl.lit(value=False)
    same = pl.col("content_id") == pl.col("content_id").first().over("record_id")
    return rows, pl.col("repeated"), same


def _rejections(sheet: Sheet) -> list[Rule]:
    return [rule for rule in sheet.rules if rule[0] in REJECTED]


def _settings_aside(sheet: Sheet) -> list[Rule]:
    """Order what sets a located row aside: no place first, then what makes a place doubtful."""
    rules = [rule for rule in sheet.rules if rule[0] not in REJECTED]
    if sheet.has("postcode") and (sheet.has("easting") or sheet.has("lng")):
        rules.append(("postcode_disagrees", "postcode", far_from_postcode("postcode")))
    rules.append(("out_of_area", "", pl.col("outside")))
    if sheet.has("where"):
        sheet.rows = sheet.rows.with_columns(heap=default_coordinates(sheet.rows, "where"))
        rules.append(("default_coordinate", "", pl.col("heap")))
    rules.append(("coarse_location", "", pl.col("precision") == "locality"))
    return rules


def _defaults_off() -> list[Rule]:
    return [
        ("form_off", "form", pl.col("form").is_in(sorted(FORMS_OFF))),
        ("role_off", "role", pl.col("role").is_in(sorted(ROLES_OFF))),
        ("setting_off", "setting", pl.col("setting").is_in(sorted(SETTINGS_OFF))),
    ]


def conclude(sheet: Sheet, context: Context, rules: list[Rule]) -> Reading:
    """Give the rows their reasons and make the reading of them."""
    rows = give_reasons(sheet.rows, rules)
    spike = spike_of(rows)
    questions = list(sheet.questions)
    if spike is not None and rows["precision"].first() != "snapped":
        lng, lat, count = spike
        text = (
            f"{sheet.name}: {count:,} rows lie on one point ({lat:.5f}, {lng:.5f}). Is it a true "
            "place, and not one where the system puts what it cannot place?"
        )
        questions.append(Question("heap", text))
    reading = settle(rows, RECORDS, KEPT, sheet.mapping.columns)
    return replace(
        reading,
        notes=tuple(sheet.notes),
        questions=tuple(questions),
        completeness=completeness_of(sheet, rows, context),
        mapping=sheet.mapping,
        unknown_words=sheet.unknown_words,
        area_codes=dict(rows["lsoa"].drop_nulls().value_counts().iter_rows())
        if sheet.has("lsoa")
        else {},
        points=points_of(rows) if context.wants_points else None,
    )


def completeness_of(
    sheet: Sheet, rows: pl.DataFrame, context: Context
) -> dict[str, dict[str, float]]:
    """Give the share of filled rows of each mapped column, of all rows and by district."""
    data = ~(pl.col("blank") | pl.col("footer") | pl.col("ragged"))
    original = [name for name in sheet.mapping.columns if name in rows.columns]
    part = rows.filter(data)
    if part.is_empty():
        return {}
    part = part.with_columns(district_of(part, context.area))
    known = [(pl.col(n).is_not_null() & (pl.col(n).cast(pl.String) != "unknown")) for n in original]
    filled = [
        is_known.mean().round(4).alias(n) for is_known, n in zip(known, original, strict=True)
    ]
    found = {"": part.select(filled).row(0, named=True)}
    for row in part.group_by("district").agg(filled).sort("district").to_dicts():
        found[row.pop("district") or "no district"] = row
    return {
        place: {sheet.mapping.column_of(n): float(v) for n, v in shares.items()}
        for place, shares in found.items()
    }


def _mark_midnights(rows: pl.DataFrame, sheet: Sheet) -> pl.DataFrame:
    """Keep the hour from rows at exactly midnight where these pile up: the hour is not known."""
    local = pl.col("occurred_at").dt.convert_time_zone(TIME_ZONE)
    at_midnight = (local.dt.time() == pl.time(0, 0)) & (pl.col("time_precision") == "minute")
    on_the_hour = rows.filter(pl.col("occurred_at").to_physical() % _HOUR_US == 0)
    count = int(on_the_hour.select(at_midnight.sum()).item() or 0)
    if count < _MIDNIGHT_ROWS or count < _MIDNIGHT_SHARE * rows.height:
        return rows
    sheet.notes.append(
        f"{sheet.name}: {count:,} rows are at exactly midnight, which stands for an unknown hour; "
        "their day is kept and no hour."
    )
    return rows.with_columns(
        time_precision=pl.when(at_midnight).then(pl.lit("day")).otherwise("time_precision")
    )
