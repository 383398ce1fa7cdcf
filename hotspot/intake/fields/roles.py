"""Read a force's words for roles, settings, forms of abuse, risk and grades."""

from __future__ import annotations

from enum import StrEnum

import polars as pl

from hotspot.schema import Form, Role, Setting

ROLES = {
    "missing from": Role.MISSING_FROM,
    "origin": Role.MISSING_FROM,
    "home address": Role.MISSING_FROM,
    "last seen": Role.LAST_SEEN,
    "last seen at": Role.LAST_SEEN,
    "last sighting": Role.LAST_SEEN,
    "sighting": Role.SIGHTED,
    "sighted": Role.SIGHTED,
    "seen": Role.SIGHTED,
    "anpr": Role.SIGHTED,
    "cctv": Role.SIGHTED,
    "found": Role.FOUND,
    "located": Role.FOUND,
    "found at": Role.FOUND,
    "located at": Role.FOUND,
    "returned to": Role.RETURNED_TO,
    "returned": Role.RETURNED_TO,
    "frequented": Role.FREQUENTED,
    "frequents": Role.FREQUENTED,
    "known to frequent": Role.FREQUENTED,
    "disclosed (rhi)": Role.DISCLOSED,
    "disclosed": Role.DISCLOSED,
    "rhi": Role.DISCLOSED,
    "intelligence": Role.INTEL,
    "intel": Role.INTEL,
    "incident": Role.INCIDENT,
    "scene": Role.INCIDENT,
    "associate address": Role.ASSOCIATE_ADDRESS,
    "associate": Role.ASSOCIATE_ADDRESS,
}
SETTINGS = {
    "residential": Setting.DWELLING,
    "dwelling": Setting.DWELLING,
    "house": Setting.DWELLING,
    "flat": Setting.DWELLING,
    "home": Setting.DWELLING,
    "private address": Setting.DWELLING,
    "private dwelling": Setting.DWELLING,
    "home address": Setting.DWELLING,
    "children's home": Setting.CARE,
    "childrens home": Setting.CARE,
    "care home": Setting.CARE,
    "foster placement": Setting.CARE,
    "foster home": Setting.CARE,
    "placement": Setting.CARE,
    "supported accommodation": Setting.CARE,
    "care": Setting.CARE,
    "refuge": Setting.CARE,
    "school": Setting.SCHOOL,
    "college": Setting.SCHOOL,
    "nursery": Setting.SCHOOL,
    "education": Setting.SCHOOL,
    "hospital": Setting.HEALTH,
    "health": Setting.HEALTH,
    "clinic": Setting.HEALTH,
    "police station": Setting.POLICE,
    "custody": Setting.POLICE,
    "police": Setting.POLICE,
    "court": Setting.POLICE,
    "licensed premises": Setting.COMMERCIAL,
    "takeaway": Setting.COMMERCIAL,
    "shop": Setting.COMMERCIAL,
    "hotel": Setting.COMMERCIAL,
    "pub": Setting.COMMERCIAL,
    "bar": Setting.COMMERCIAL,
    "nightclub": Setting.COMMERCIAL,
    "restaurant": Setting.COMMERCIAL,
    "commercial": Setting.COMMERCIAL,
    "shopping centre": Setting.COMMERCIAL,
    "retail": Setting.COMMERCIAL,
    "bus station": Setting.TRANSPORT,
    "railway station": Setting.TRANSPORT,
    "train": Setting.TRANSPORT,
    "taxi rank": Setting.TRANSPORT,
    "bus stop": Setting.TRANSPORT,
    "transport": Setting.TRANSPORT,
    "street": Setting.PUBLIC_SPACE,
    "park": Setting.PUBLIC_SPACE,
    "car park": Setting.PUBLIC_SPACE,
    "public space": Setting.PUBLIC_SPACE,
    "public place": Setting.PUBLIC_SPACE,
    "open space": Setting.PUBLIC_SPACE,
}
FORMS = {
    "child sexual exploitation": Form.EXPLOITATION,
    "cse": Form.EXPLOITATION,
    "sexual exploitation": Form.EXPLOITATION,
    "intra-familial abuse": Form.INTRA_FAMILIAL,
    "intra familial abuse": Form.INTRA_FAMILIAL,
    "intrafamilial": Form.INTRA_FAMILIAL,
    "familial": Form.INTRA_FAMILIAL,
    "intra-familial": Form.INTRA_FAMILIAL,
    "online abuse": Form.ONLINE,
    "online": Form.ONLINE,
    "peer on peer abuse": Form.PEER,
    "peer on peer": Form.PEER,
    "child on child": Form.PEER,
    "female genital mutilation": Form.FGM,
    "fgm": Form.FGM,
    "forced marriage": Form.FORCED_MARRIAGE,
    "honour-based abuse": Form.HONOUR_BASED,
    "honour based abuse": Form.HONOUR_BASED,
    "hba": Form.HONOUR_BASED,
    "honour-based violence": Form.HONOUR_BASED,
    "trafficking": Form.TRAFFICKING,
    "child trafficking": Form.TRAFFICKING,
    "modern slavery": Form.TRAFFICKING,
    "other": Form.OTHER,
}
RISKS = {
    "high": "high",
    "h": "high",
    "high risk": "high",
    "medium": "medium",
    "m": "medium",
    "medium risk": "medium",
    "standard": "medium",
    "low": "low",
    "l": "low",
    "low risk": "low",
    "no apparent risk": "no_apparent_risk",
    "n": "no_apparent_risk",
    "absent": "no_apparent_risk",
    "no apparent risk (absent)": "no_apparent_risk",
    "nar": "no_apparent_risk",
}
_GRADE = r"^(?:[1-3][A-E][PC]|[A-E][1-5][1-5])$"
UNKNOWN_RISK = "unknown"
WORDS: dict[str, dict[str, str]] = {
    "role": {word: code.value for word, code in ROLES.items()},
    "setting": {word: code.value for word, code in SETTINGS.items()},
    "form": {word: code.value for word, code in FORMS.items()},
    "risk": RISKS,
}
"""The words that are known without being told, by field."""
CODES: dict[str, tuple[str, ...]] = {
    "role": tuple(Role),
    "setting": tuple(Setting),
    "form": tuple(Form),
    "risk": ("high", "medium", "low", "no_apparent_risk", UNKNOWN_RISK),
}
"""What a force's own word may be said to mean."""


class AgeBand(StrEnum):
    """Ages of children as they are kept: never a date of birth."""

    UNDER_10 = "under 10"
    TEN_TO_12 = "10 to 12"
    THIRTEEN_TO_15 = "13 to 15"
    SIXTEEN_TO_17 = "16 to 17"
    ADULT = "18 or over"


def code_of(field: str, column: str, own: dict[str, dict[str, str]] | None = None) -> pl.Expr:
    """Map a column of words to codes, the force's own words first; null where a word is unknown."""
    said = {
        plain_word(w): code
        for w, code in (own or {}).get(field, {}).items()
        if code in CODES[field]
    }
    return plain(column).replace_strict(
        {**WORDS[field], **said}, default=None, return_dtype=pl.String
    )


def setting_of(column: str, own: dict[str, dict[str, str]] | None = None) -> pl.Expr:
    """Map a column of location settings; "unknown" where the word is not known."""
    return code_of("setting", column, own).fill_null(Setting.UNKNOWN.value)


def form_of(column: str, own: dict[str, dict[str, str]] | None = None) -> pl.Expr:
    """Map a column of forms of abuse; "other" for a word not known, null where it is empty."""
    known = code_of("form", column, own).fill_null(Form.OTHER.value)
    return pl.when(pl.col(column).is_not_null()).then(known)


def unknown_words(rows: pl.DataFrame, field: str, own: dict[str, dict[str, str]]) -> dict[str, int]:
    """Count the words of a field that mean nothing yet, the most frequent first."""
    counts = rows.select(pl.col(field).drop_nulls().value_counts(sort=True)).unnest(field)
    unknown = counts.filter(code_of(field, field, own).is_null()).head(20)
    return {str(word): int(count) for word, count in unknown.iter_rows()}


def grade_of(column: str) -> pl.Expr:
    """Read grades of intelligence, 3x5x2 (such as 1BP) or 5x5x5 (B24); null where there is none.

    Source: College of Policing, Authorised Professional Practice, intelligence report 3x5x2.
    """
    text = pl.col(column).str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    return pl.when(text.str.contains(_GRADE)).then(text)


def age_band_of(born: pl.Expr, at: pl.Expr) -> pl.Expr:
    """Return the age band on a day from a date of birth (both instants or dates)."""
    age = (
        at.dt.year()
        - born.dt.year()
        - ((at.dt.month() * 100 + at.dt.day()) < (born.dt.month() * 100 + born.dt.day())).cast(
            pl.Int32
        )
    )
    return (
        pl.when(age < 0)
        .then(None)
        .when(age < 10)
        .then(pl.lit(AgeBand.UNDER_10.value))
        .when(age < 13)
        .then(pl.lit(AgeBand.TEN_TO_12.value))
        .when(age < 16)
        .then(pl.lit(AgeBand.THIRTEEN_TO_15.value))
        .when(age < 18)
        .then(pl.lit(AgeBand.SIXTEEN_TO_17.value))
        .when(age < 120)
        .then(pl.lit(AgeBand.ADULT.value))
    )


def plain(column: str) -> pl.Expr:
    """Write a column of words in lower case with one kind of apostrophe."""
    return pl.col(column).str.to_lowercase().str.replace_all("\u2019", "'", literal=True)


def plain_word(word: str) -> str:
    """Write one word likewise."""
    return word.strip().lower().replace("\u2019", "'")
