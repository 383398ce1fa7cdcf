"""Map what the force's directory claims of somebody to roles, agency and districts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from hotspot.access.actor import UserRole
from hotspot.errors import SignInRefusedError


class Terms(Protocol):
    """How the force's directory is asked (`settings.SignOn`)."""

    issuer: str
    client_id: str
    label: str
    roles_claim: str
    roles: dict[str, str]
    agency: str
    districts_claim: str
    second_factor: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """Whom the directory has signed in.

    Attributes
    ----------
    subject
        Issuer and subject: what tells this person from all others.
    shown_as
        Name as screens and the log show it.
    roles, agency, districts
        What the claims give.
    """

    subject: str
    shown_as: str
    roles: frozenset[UserRole]
    agency: str
    districts: frozenset[str]


def known_from(claims: Mapping[str, Any], terms: Terms, needs_second: frozenset[str]) -> Known:
    """Map the claims of a validated ID token to roles.

    Parameters
    ----------
    needs_second
        Roles that are given only when the `amr` claim proves a second factor.

    Raises
    ------
    SignInRefusedError
        The claims give no role, or do not say who it is.
    """
    groups = _texts(claims.get(terms.roles_claim))
    roles = {UserRole(terms.roles[group]) for group in groups if group in terms.roles}
    if not set(_texts(claims.get("amr"))) & set(terms.second_factor):
        roles = {role for role in roles if role.value not in needs_second}
    if not roles:
        message = "Your force account has no role in Hotspot, or its role needs a second factor."
        raise SignInRefusedError(message)
    issuer, own = (str(claims.get(name) or "").strip() for name in ("iss", "sub"))
    if not issuer or not own:
        message = "The directory did not say who you are (an empty issuer or subject)."
        raise SignInRefusedError(message)
    subject = f"{issuer}|{own}"
    shown_as = str(claims.get("name") or claims.get("preferred_username") or own)[:200]
    districts = frozenset(_texts(claims.get(terms.districts_claim)))
    return Known(subject, shown_as, frozenset(roles), terms.agency, districts)


def _texts(value: object) -> list[str]:
    """Return a claim that is one text or a list of texts as a list."""
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
