"""Replace references to children by keyed pseudonyms, and rows by stable keyed numbers."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

import pandas as pd
import polars as pl

_BATCH = 250_000


def pseudonyms(references: pl.Series, keys: Sequence[bytes]) -> pl.Series:
    """Replace each reference to a child by a pseudonym that only this workspace can repeat.

    HMAC-SHA-256 under the workspace's key, the first 64 bits in hexadecimal; null stays null.
    The keys lie outside the database, so that a copy of the records alone cannot be matched. A
    further key wraps what the ones before it made, so that a rotation re-maps what is stored.
    """
    distinct = references.drop_nulls().unique()
    named = [text.strip() for text in distinct]
    for key in keys:
        named = [wrapped(text, key) for text in named]
    known = pl.DataFrame({"reference": distinct, "child": named}, schema_overrides=_SCHEMA)
    column = pl.DataFrame({"reference": references}, schema_overrides=_SCHEMA)
    return column.join(known, on="reference", how="left", maintain_order="left")["child"]


_SCHEMA = {"reference": pl.String, "child": pl.String}


def wrapped(text: str, key: bytes) -> str:
    """Give the pseudonym of a reference, or of an older pseudonym, under one key."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:16]


def keyed_numbers(texts: pl.Series, purpose: str, key: bytes) -> pl.Series:
    """Give each text a 64-bit number that stays the same for ever; null stays null.

    SipHash under a key derived for the purpose from the workspace's first key: keyed, since a text
    may hold references that nobody shall guess from its number.
    """
    derived = hmac.new(key, purpose.encode(), hashlib.sha256).digest()
    short = base64.b64encode(derived)[:16].decode()
    parts = []
    for start in range(0, len(texts), _BATCH):
        values = texts.slice(start, _BATCH).fill_null("").to_numpy().astype(object)
        parts.append(pl.Series(pd.util.hash_array(values, hash_key=short, categorize=False)))
    numbers = pl.concat(parts) if parts else pl.Series([], dtype=pl.UInt64)
    frame = pl.DataFrame({"number": numbers.cast(pl.UInt64), "text": texts})
    return frame.select(pl.when(pl.col("text").is_not_null()).then("number")).to_series()
