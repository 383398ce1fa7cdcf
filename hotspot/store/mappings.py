"""Keep the mappings that users confirmed, by source."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from hotspot.store.tables.datasets import mappings


def keep_mapping(
    connection: Connection, source: str, mapping: dict[str, Any], by: str, at: datetime
) -> None:
    """Keep a confirmed mapping; one for the same columns gives way to it."""
    columns = sorted(mapping["columns"].values())
    digest = hashlib.sha256("\x1f".join(columns).encode()).hexdigest()
    same = (mappings.c.source == source) & (mappings.c.columns_digest == digest)
    connection.execute(delete(mappings).where(same))
    values = {
        "source": source,
        "columns_digest": digest,
        "mapping": mapping,
        "confirmed_by": by,
        "confirmed_at": at,
    }
    connection.execute(insert(mappings).values(values))


def kept_mappings(connection: Connection, source: str) -> list[dict[str, Any]]:
    """Read the mappings of a source, the latest first."""
    query = (
        select(mappings.c.mapping)
        .where(mappings.c.source == source)
        .order_by(mappings.c.confirmed_at.desc())
    )
    return [dict(mapping) for mapping in connection.execute(query).scalars()]
