"""Name who acts: a person or the command line, with the roles that count."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class UserRole(StrEnum):
    """What a user is to the force."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    POLICE_LICENSING = "police_licensing_officer"
    COUNCIL_LICENSING = "council_licensing_officer"
    DISRUPTION_LEAD = "disruption_lead"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


ROLE_LABELS = {
    UserRole.VIEWER: "Viewer (partner agency)",
    UserRole.ANALYST: "Police analyst",
    UserRole.POLICE_LICENSING: "Police licensing officer",
    UserRole.COUNCIL_LICENSING: "Council licensing officer",
    UserRole.DISRUPTION_LEAD: "Disruption lead",
    UserRole.ADMINISTRATOR: "Administrator",
    UserRole.AUDITOR: "Auditor",
}


@dataclass(frozen=True)
class Actor:
    """Who does something, for the permission table and the log.

    Attributes
    ----------
    name
        Name as the log shall show it.
    roles
        Roles held; an operation is allowed when one of them allows it.
    """

    name: str
    roles: frozenset[UserRole]

    @property
    def role_text(self) -> str:
        """Write the roles as one text, in a fixed order."""
        return ", ".join(sorted(role.value for role in self.roles))


COMMAND_LINE_ROLES = frozenset({UserRole.ANALYST, UserRole.DISRUPTION_LEAD, UserRole.ADMINISTRATOR})
"""What someone with a shell on the workspace's folder can do anyway."""
ONLY_USER_ROLES = frozenset({UserRole.ANALYST, UserRole.DISRUPTION_LEAD, UserRole.POLICE_LICENSING})
"""What the single user of `hotspot serve --only-user` may do."""
DEMO_ACTORS = (
    Actor("Asha Analyst (demo)", frozenset({UserRole.ANALYST})),
    Actor("Lee Licensing (demo)", frozenset({UserRole.POLICE_LICENSING})),
    Actor("Drew Disruption (demo)", frozenset({UserRole.DISRUPTION_LEAD})),
)
"""Invented users of the demonstration, until sign-in exists."""
