"""Finish rows of any record source: people, identity, heaps, defaults and the balance sheet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

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
from hotspot.people import RULE, reference_of
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


_HIDING = {
    "role": "Their rows are rejected. Is none of these words where a child lives or went missing?",
    "setting": "They would count as ordinary places. Is none of these words a home, a place of "
    "care, a school, a health or a police place?",
    "form": "They would count as other abuse. Is none of these words abuse that happens at home?",
}
"""Fields whose words hide places, and what an unknown word must be asked about."""


def add_words(sheet: Sheet) -> Sheet:
    """Read the words of role, setting, form and risk; note and ask about those not known.

    A word that could hide a place is asked about: nothing is clustered because a list lacks a word.
    """
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
    taken = [name for name in ("setting", "form", "risk", "role") if sheet.has(name)]
    unknown = {n: words for n in taken if (words := unknown_words(rows, n, own))}
    for name, expression in made.items():
        rows = _with_words(rows, name, expression)
    renamed = {f"{name}_code": name for name in taken}
    said = {name: _said_of_words(sheet, name, words) for name, words in unknown.items()}
    return replace(
        sheet.after(
            rows.drop(taken).rename(renamed),
            notes=[f"{text} Say in the mapping what they mean." for text in said.values()],
            questions=[
                Question(f"words:{name}", f"{said[name]} {_HIDING[name]}")
                for name in unknown
                if name in _HIDING
            ],
        ),
        unknown_words={**sheet.unknown_words, **unknown},
    )


def _said_of_words(sheet: Sheet, field: str, words: dict[str, int]) -> str:
    listed = ", ".join(f"{word} ({count:,})" for word, count in list(words.items())[:8])
    column = sheet.mapping.column_of(field)
    return f"{sheet.name}: words in '{column}' that are not known: {listed}."


def _with_words(rows: pl.DataFrame, name: str, expression: pl.Expr) -> pl.DataFrame:
    """Add a column that depends on one column of few words: each word is looked at once."""
    field = name.removesuffix("_code")
    words = rows.select(pl.col(field).unique()).with_columns(expression.alias(name))
    return rows.join(words, on=field, how="left", maintain_order="left", nulls_equal=True)


def settle_people(sheet: Sheet, context: Context) -> Sheet:
    """Write each reference to a person in one form, and take out what names nobody; note both."""
    if not sheet.has("person"):
        return sheet
    joins = sheet.mapping.joins_spellings
    written = sheet.rows["person"].unique().drop_nulls().to_frame()
    known = written.with_columns(
        one=reference_of(pl.col("person"), context.nobody, joins_spellings=joins)
    )
    rows = sheet.rows.join(known, on="person", how="left", maintain_order="left")
    nobody = rows.filter(pl.col("person").is_not_null() & pl.col("one").is_null())["person"]
    column, notes = sheet.mapping.column_of("person"), []
    if len(nobody):
        words = ", ".join(f"'{word}'" for word in sorted(set(nobody.to_list()))[:8])
        notes.append(
            f"{sheet.name}: {len(nobody):,} rows name nobody in '{column}' ({words}): they count "
            "as records without a child."
        )
    spelt, people = known["one"].count(), known["one"].drop_nulls().n_unique()
    if joins and spelt > people:
        notes.append(
            f"{sheet.name}: '{column}' writes {people:,} people in {spelt:,} ways; {RULE}."
        )
    return sheet.after(rows.with_columns(person="one").drop("one"), notes=notes)


def add_children(sheet: Sheet, context: Context, at: str) -> Sheet:
    """Replace the person by a pseudonym, and a date of birth by an age band."""
    rows = sheet.rows
    if sheet.has("person"):
        rows = rows.with_columns(child=pseudonyms(rows["person"], context.pseudonym_keys))
    if not sheet.has("date_of_birth"):
        return sheet.after(rows)
    local = pl.col(at).dt.convert_time_zone(TIME_ZONE)
    born = pl.col("date_of_birth_at").dt.convert_time_zone(TIME_ZONE)
    rows = rows.with_columns(age_band=age_band_of(born, local))
    column = sheet.mapping.column_of("date_of_birth")
    note = f"{sheet.name}: '{column}' became an age band; the dates of birth were not kept."
    return sheet.after(rows.drop("date_of_birth", "date_of_birth_at"), notes=[note])


Numbers = Future[dict[str, pl.Series]]


@contextmanager
def numbers_beside(
    sheet: Sheet,
    source: str,
    context: Context,
    identity: Sequence[str] | pl.Series,
    not_kept: Collection[str] = (),
) -> Iterator[Numbers]:
    """Return the keyed numbers of the rows, made in a thread beside the rest of the reading.

    Parameters
    ----------
    identity
        Fields that tell a row from all others, and stay the same when the row is corrected; or a
        text that does.
    not_kept
        Fields of which nothing is kept, so that a change of theirs is none. Times count as they
        are read and not as they are written: see `finish_records`.
    """
    with ThreadPoolExecutor(1, "numbers") as beside:
        yield beside.submit(_numbers_of, sheet, source, context, identity, not_kept)


def _numbers_of(
    sheet: Sheet,
    source: str,
    context: Context,
    identity: Sequence[str] | pl.Series,
    not_kept: Collection[str],
) -> dict[str, pl.Series]:
    key, kinds = context.pseudonym_keys[0], {field.name: field.kind for field in FIELDS[source]}
    told = [name for name in identity if sheet.has(name)] if isinstance(identity, list) else []
    content = sorted(
        n for n in sheet.mapping.columns if n not in not_kept and kinds[n] not in DATED
    )
    own = {n: keyed_numbers(sheet.rows[n], source, key) for n in {*told, *content}}
    row = (
        [keyed_numbers(identity, source, key)]
        if isinstance(identity, pl.Series)
        else [own[name] for name in told]
    )
    numbers = {
        "record_id": pl.Series(together(row, f"{source} record", key)),
        "content_id": pl.Series(together([own[n] for n in content], f"{source} content", key)),
    }
    nothing = pl.Series([None], dtype=pl.UInt64).new_from_index(0, sheet.rows.height)
    if "reference" not in own:
        return numbers | {"reference_id": nothing}
    given = pl.Series(together([own["reference"]], f"{source} reference", key))
    return numbers | {
        "reference_id": given.zip_with(sheet.rows["reference"].is_not_null(), nothing)
    }


def _with_numbers(rows: pl.DataFrame, numbers: Numbers) -> pl.DataFrame:
    """Add the rows' numbers; the times, as they were read, count as content."""
    rows = rows.with_columns(**numbers.result())
    times = [
        rows[name].to_physical().fill_null(-1).cast(pl.UInt64, wrap_numerical=True).to_numpy()
        for name in ("occurred_at", "occurred_to")
        if name in rows.columns
    ]
    content = together([rows["content_id"].to_numpy(), *times])
    return rows.with_columns(content_id=pl.Series(content))


def finish_records(sheet: Sheet, source: str, context: Context, numbers: Numbers) -> Reading:
    """Turn parsed rows into records and account for each row.

    Parameters
    ----------
    sheet
        Rows with `lng`, `lat`, `outside`, `occurred_at` and any column of a record, and its rules
        so far.
    numbers
        The rows' numbers, see `numbers_beside`.
    """
    rows = _with_numbers(sheet.rows, numbers)
    missing = {name: value for name, value in _DEFAULTS.items() if name not in rows.columns}
    rows = rows.with_columns(source=pl.lit(source), **missing)
    rows, notes = _mark_midnights(rows, sheet.name)
    if sheet.has("where"):
        rows = rows.with_columns(heap=default_coordinates(rows, "where"))
    counts = ~(pl.col("blank") | pl.col("footer") | pl.col("ragged"))
    rows = rows.with_columns(record_id=pl.when(counts).then("record_id"))
    rejections = [*(r for r in sheet.rules if r[0] in REJECTED), *_not_yet(sheet, context)]
    aside = _settings_aside(sheet)
    rows, repeats = _with_repeats(rows, rejections, aside)
    rules = [*rejections, *repeats, *aside, *_defaults_off()]
    return conclude(sheet.after(rows, notes=notes), context, rules)


def _not_yet(sheet: Sheet, context: Context) -> list[Rule]:
    """Reject what lies in the future: no period, snapshot or trend may rest on a slip."""
    if context.today is None:
        return []
    local = {n: pl.col(n).dt.convert_time_zone(TIME_ZONE).dt.date() for n in _TIMES}
    last = context.today + timedelta(days=1)  # clocks differ
    start = "month" if sheet.has("month") else "start"
    return [
        ("date_in_future", start, local["occurred_at"] > last),
        ("date_in_future", "end", local["occurred_to"] > last),
    ]


_TIMES = ("occurred_at", "occurred_to")


def _with_repeats(
    rows: pl.DataFrame, rejections: list[Rule], aside: list[Rule]
) -> tuple[pl.DataFrame, list[Rule]]:
    """Choose among rows of one number the one that stands, whatever their order in the file.

    A row that can be read comes before one that cannot, one with a place before one without, and
    one that is left out of clustering (a home, an origin) before one that is not: it protects. Of
    those that are left the latest stands.
    """
    ids = pl.col("record_id")
    shared = ids.is_duplicated() & ids.is_not_null()
    if not rows.select(shared.any()).item():
        return rows, []
    off = pl.any_horizontal(*(applies for _, _, applies in _defaults_off()))
    rank = (
        pl.when(_any_of(rejections)).then(3).when(_any_of(aside)).then(2).when(off).then(0)
    ).otherwise(1)
    some = rows.select("line", "record_id", "content_id", "occurred_at", rank=rank, shared=shared)
    some = some.filter("shared").sort(
        "record_id", "rank", -pl.col("occurred_at").to_physical(), "content_id", "line"
    )
    first = pl.col("content_id").first().over("record_id")
    some = some.select(
        "line",
        repeats=~pl.col("record_id").is_first_distinct(),
        says_same=pl.col("content_id") == first,
    )
    rows = rows.join(some, on="line", how="left", maintain_order="left")
    repeated = pl.col("repeats").fill_null(value=False)
    return rows, [
        ("duplicate_row", "", repeated & pl.col("says_same")),
        ("same_id_differs", "reference", repeated),
    ]


def _any_of(rules: list[Rule]) -> pl.Expr:
    return pl.any_horizontal(
        pl.lit(value=False), *(applies.fill_null(value=False) for _, _, applies in rules)
    )


def _settings_aside(sheet: Sheet) -> list[Rule]:
    """Order what sets a located row aside: no place first, then what makes a place doubtful."""
    rules = [rule for rule in sheet.rules if rule[0] not in REJECTED]
    if sheet.has("postcode") and (sheet.has("easting") or sheet.has("lng")):
        rules.append(("postcode_disagrees", "postcode", far_from_postcode("postcode")))
    rules.append(("out_of_area", "", pl.col("outside")))
    if sheet.has("where"):
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
        notes=sheet.notes,
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
    """Return the share of filled rows of each mapped column, of all rows and by district."""
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
    by_district = {"": part.select(filled).row(0, named=True)}
    for row in part.group_by("district").agg(filled).sort("district").to_dicts():
        by_district[row.pop("district") or "no district"] = row
    return {
        place: {sheet.mapping.column_of(n): float(v) for n, v in shares.items()}
        for place, shares in by_district.items()
    }


def _mark_midnights(rows: pl.DataFrame, name: str) -> tuple[pl.DataFrame, list[str]]:
    """Keep the hour from rows at exactly midnight where these pile up: the hour is not known."""
    local = pl.col("occurred_at").dt.convert_time_zone(TIME_ZONE)
    at_midnight = (local.dt.time() == pl.time(0, 0)) & (pl.col("time_precision") == "minute")
    on_the_hour = rows.filter(pl.col("occurred_at").to_physical() % _HOUR_US == 0)
    count = int(on_the_hour.select(at_midnight.sum()).item() or 0)
    if count < _MIDNIGHT_ROWS or count < _MIDNIGHT_SHARE * rows.height:
        return rows, []
    note = (
        f"{name}: {count:,} rows are at exactly midnight, which stands for an unknown hour; their "
        "day is kept and no hour."
    )
    precision = pl.when(at_midnight).then(pl.lit("day")).otherwise("time_precision")
    return rows.with_columns(time_precision=precision), [note]
