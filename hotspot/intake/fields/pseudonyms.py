"""Replace references to children by keyed pseudonyms, and rows by stable keyed numbers."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

_BATCH = 250_000
_SAMPLE = 2_000
_STRIDE = np.uint64(0x9E3779B97F4A7C15)
_MIX = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1))


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
    """Return the pseudonym of a reference, or of an older pseudonym, under one key."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:16]


def keyed_numbers(texts: pl.Series, purpose: str, key: bytes) -> NDArray[np.uint64]:
    """Return a 64-bit number of each text, the same for ever; null counts as empty.

    SipHash under a key derived for the purpose from the workspace's first key: keyed, since a text
    may hold references that nobody shall guess from its number.
    """
    derived = hmac.new(key, purpose.encode(), hashlib.sha256).digest()
    short = base64.b64encode(derived)[:16].decode()
    texts = texts.fill_null("")
    head = texts.head(_SAMPLE)
    if head.n_unique() < len(head) // 2:  # few texts: each is read once
        words = texts.unique()
        known = pl.DataFrame({"text": words, "number": _siphash(words, short)})
        column = pl.DataFrame({"text": texts})
        joined = column.join(known, on="text", how="left", maintain_order="left")
        return joined["number"].to_numpy()
    return _siphash(texts, short)


def _siphash(texts: pl.Series, key: str) -> NDArray[np.uint64]:
    parts = [np.array([], dtype=np.uint64)]
    for start in range(0, len(texts), _BATCH):
        values = texts.slice(start, _BATCH).to_numpy().astype(object)
        parts.append(pd.util.hash_array(values, hash_key=key, categorize=False))
    return np.concatenate(parts)


def together(
    numbers: Sequence[NDArray[np.uint64]], purpose: str = "", key: bytes = b""
) -> NDArray[np.uint64]:
    """Make one number of several, in their order.

    Each is added to what there is so far, which is then mixed by the finalizer of SplitMix64
    (Steele, Lea and Flood 2014).
    """
    derived = hmac.new(key, purpose.encode(), hashlib.sha256).digest()
    mixed = np.full(len(numbers[0]), np.frombuffer(derived[:8], dtype="<u8")[0], dtype=np.uint64)
    for each in numbers:
        mixed ^= each
        mixed += _STRIDE
        for shift, factor in _MIX:
            mixed ^= mixed >> np.uint64(shift)
            mixed *= np.uint64(factor)
    return mixed
