"""Name who acts: a person or the command line, with the roles, agency and ground that count."""

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

DISTRICT_ROLES = frozenset({UserRole.VIEWER, UserRole.COUNCIL_LICENSING})
"""Roles of partners: they see their own districts only, so their accounts must name some."""


@dataclass(frozen=True)
class Actor:
    """Who does something, for the permission table and the log.

    Attributes
    ----------
    name
        Name as the log shall show it.
    roles
        Roles held; an operation is allowed when one of them allows it.
    agency
        The agency that the person works for.
    districts
        Names of the districts that a partner may see.
    session, client
        Reference of the sign-in session and address of the machine, for the log; empty for the
        command line.
    account_id
        Number of the account, which never changes, unlike its name; None for the command line.
    """

    name: str
    roles: frozenset[UserRole]
    agency: str = ""
    districts: frozenset[str] = frozenset()
    session: str = ""
    client: str = ""
    account_id: int | None = None

    @property
    def role_text(self) -> str:
        """Write the roles as one text, in a fixed order."""
        return ", ".join(sorted(role.value for role in self.roles))


COMMAND_LINE_ROLES = frozenset(
    {UserRole.ANALYST, UserRole.DISRUPTION_LEAD, UserRole.ADMINISTRATOR, UserRole.AUDITOR}
)
"""What someone with a shell on the workspace's folder can do anyway."""
NOBODY = Actor("nobody signed in", frozenset())
"""Who knocks at the gate before anyone is known."""
