"""Read a force's words for roles, settings and forms of abuse."""

from __future__ import annotations

import polars as pl

from hotspot.schema import Form, Role, Setting

ROLES = {
    "missing from": Role.MISSING_FROM,
    "last seen": Role.LAST_SEEN,
    "sighting": Role.SIGHTED,
    "sighted": Role.SIGHTED,
    "found": Role.FOUND,
    "located": Role.FOUND,
    "returned to": Role.RETURNED_TO,
    "frequented": Role.FREQUENTED,
    "disclosed (rhi)": Role.DISCLOSED,
    "disclosed": Role.DISCLOSED,
    "intelligence": Role.INTEL,
    "incident": Role.INCIDENT,
    "associate address": Role.ASSOCIATE_ADDRESS,
}
SETTINGS = {
    "residential": Setting.DWELLING,
    "dwelling": Setting.DWELLING,
    "children's home": Setting.CARE,
    "foster placement": Setting.CARE,
    "school": Setting.SCHOOL,
    "hospital": Setting.HEALTH,
    "police station": Setting.POLICE,
    "custody": Setting.POLICE,
    "licensed premises": Setting.COMMERCIAL,
    "takeaway": Setting.COMMERCIAL,
    "shop": Setting.COMMERCIAL,
    "hotel": Setting.COMMERCIAL,
    "bus station": Setting.TRANSPORT,
    "railway station": Setting.TRANSPORT,
    "taxi rank": Setting.TRANSPORT,
    "street": Setting.PUBLIC_SPACE,
    "park": Setting.PUBLIC_SPACE,
    "car park": Setting.PUBLIC_SPACE,
}
FORMS = {
    "child sexual exploitation": Form.EXPLOITATION,
    "intra-familial abuse": Form.INTRA_FAMILIAL,
    "online abuse": Form.ONLINE,
    "peer on peer abuse": Form.PEER,
    "female genital mutilation": Form.FGM,
    "forced marriage": Form.FORCED_MARRIAGE,
    "honour-based abuse": Form.HONOUR_BASED,
    "trafficking": Form.TRAFFICKING,
}


def role_of(column: str) -> pl.Expr:
    """Map a column of location types to roles; null where the word is not known."""
    return _map(column, ROLES)


def setting_of(column: str) -> pl.Expr:
    """Map a column of location settings; "unknown" where the word is not known."""
    return _map(column, SETTINGS).fill_null(Setting.UNKNOWN.value)


def form_of(column: str) -> pl.Expr:
    """Map a column of forms of abuse; "other" for a word not known, null where it is empty."""
    known = _map(column, FORMS)
    return pl.when(pl.col(column).is_not_null()).then(known.fill_null(Form.OTHER.value))


def _map(column: str, words: dict[str, Role] | dict[str, Setting] | dict[str, Form]) -> pl.Expr:
    codes = {word: code.value for word, code in words.items()}
    lowered = pl.col(column).str.to_lowercase().str.replace_all("\u2019", "'")
    return lowered.replace_strict(codes, default=None, return_dtype=pl.String)
