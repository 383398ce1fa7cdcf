"""Number hotspots for those outside the force, so that neither gap nor order tells of others."""

from __future__ import annotations

import hashlib
import hmac

from hotspot.disclosure.suppression import without_running_number

_ROUNDS = 8


def shared_number(hotspot_id: int, key: bytes) -> str:
    """Return the number that others know a registered hotspot by.

    It is a permutation under a key of the workspace (a Feistel network over decimal halves): each
    hotspot has one, no two have the same, it is the same for ever, and what lies between two of
    them says nothing.

    Parameters
    ----------
    hotspot_id
        Number in the register, from 0.
    key
        Secret of the workspace.

    Examples
    --------
    >>> shared_number(6, b"key"), len({shared_number(n, b"key") for n in range(10_000)})
    ('P-2508', 10000)
    """
    half = 100
    while hotspot_id >= half**2:
        half *= 10
    left, right = divmod(hotspot_id, half)
    for turn in range(_ROUNDS):
        text = f"shared number {half} {turn} {right}".encode()
        digest = hmac.new(key, text, hashlib.sha256).digest()
        left, right = right, (left + int.from_bytes(digest[:8])) % half
    return f"P-{left * half + right:0{len(str(half**2)) - 1}}"


def shared_name(hotspot_id: int, name: str, key: bytes) -> str:
    """Name a registered hotspot for others: their number and its place."""
    return f"{shared_number(hotspot_id, key)} {without_running_number(name)}".strip()
