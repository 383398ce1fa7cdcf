"""Replace references to children by keyed pseudonyms, and rows by stable numbers."""

from __future__ import annotations

import hashlib
import hmac

import polars as pl


def pseudonyms(references: pl.Series, key: bytes) -> pl.Series:
    """Replace each reference to a child by a pseudonym that only this workspace can repeat.

    HMAC-SHA-256 under the workspace's key, the first 64 bits in hexadecimal; null stays null.
    The key lies outside the database, so that a copy of the records alone cannot be matched.
    """
    distinct = references.drop_nulls().unique()
    named = [hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:16] for text in distinct]
    return references.replace_strict(distinct, named, default=None, return_dtype=pl.String)


def record_ids(source: str, identities: pl.Series, key: bytes) -> pl.Series:
    """Give each row a number that stays the same when the file is read again.

    The first 64 bits of a keyed BLAKE2b over the source and what identifies the row; keyed, since
    an identity may hold references that nobody shall guess from the number.
    """
    digests = (
        hashlib.blake2b(f"{source}\x1f{text}".encode(), digest_size=8, key=key[:64]).digest()
        for text in identities
    )
    numbers = [int.from_bytes(digest, "big") for digest in digests]
    return pl.Series("record_id", numbers, dtype=pl.UInt64)
