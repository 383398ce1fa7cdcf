"""Keep the one table of what each role may do, and how the log classes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hotspot.access.actor import Actor, UserRole
from hotspot.errors import NotAllowedError

_ANALYST, _LEAD = UserRole.ANALYST, UserRole.DISRUPTION_LEAD
_LICENSING, _ADMIN = UserRole.POLICE_LICENSING, UserRole.ADMINISTRATOR


class LogCategory(StrEnum):
    """The kinds of operation that s.62 of the Data Protection Act 2018 wants logged."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"


class Operation(StrEnum):
    """What a service does."""

    CREATE_WORKSPACE = "create workspace"
    SERVE_WORKSPACE = "serve workspace"
    IMPORT = "import"
    DETECT = "detect hotspots"
    VIEW_RHYTHM = "view hours of the week"
    VIEW_PREMISES = "view premises"
    VIEW_PLACES = "view points of interest"
    VIEW_ACTIONS = "view actions"
    RECORD_ACTION = "record action"
    CHANGE_ACTION = "change action"
    SHARE_MAP = "share map"


@dataclass(frozen=True)
class Rule:
    """Who may do an operation, and how it is logged."""

    roles: frozenset[UserRole]
    category: LogCategory


PERMISSIONS: dict[Operation, Rule] = {
    Operation.CREATE_WORKSPACE: Rule(frozenset({_ADMIN}), LogCategory.ALTERATION),
    Operation.SERVE_WORKSPACE: Rule(frozenset({_ADMIN}), LogCategory.DISCLOSURE),
    Operation.IMPORT: Rule(frozenset({_ANALYST}), LogCategory.COLLECTION),
    Operation.DETECT: Rule(frozenset({_ANALYST, _LEAD, _LICENSING}), LogCategory.CONSULTATION),
    Operation.VIEW_RHYTHM: Rule(frozenset({_ANALYST, _LEAD, _LICENSING}), LogCategory.CONSULTATION),
    Operation.VIEW_PREMISES: Rule(
        frozenset({_ANALYST, _LEAD, _LICENSING}), LogCategory.CONSULTATION
    ),
    Operation.VIEW_PLACES: Rule(frozenset({_ANALYST, _LEAD, _LICENSING}), LogCategory.CONSULTATION),
    Operation.VIEW_ACTIONS: Rule(
        frozenset({_ANALYST, _LEAD, _LICENSING}), LogCategory.CONSULTATION
    ),
    Operation.RECORD_ACTION: Rule(frozenset({_LEAD, _LICENSING}), LogCategory.ALTERATION),
    Operation.CHANGE_ACTION: Rule(frozenset({_LEAD, _LICENSING}), LogCategory.ALTERATION),
    Operation.SHARE_MAP: Rule(frozenset({_ANALYST, _LEAD}), LogCategory.DISCLOSURE),
}


def is_allowed(actor: Actor, operation: Operation) -> bool:
    """Tell whether one of the actor's roles allows the operation."""
    return bool(actor.roles & PERMISSIONS[operation].roles)


def require(actor: Actor, operation: Operation) -> None:
    """Let the actor pass, or raise.

    Raises
    ------
    NotAllowedError
        No role of the actor allows the operation.
    """
    if not is_allowed(actor, operation):
        message = (
            f"{actor.name} ({actor.role_text or 'no role'}) may not {operation.value}. "
            "Ask someone whose role allows it."
        )
        raise NotAllowedError(message)
