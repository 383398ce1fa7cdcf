"""Keep the one table of what each role may do, on what ground, and how the log classes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from hotspot.access.actor import Actor, UserRole
from hotspot.errors import NotAllowedError


class LogCategory(StrEnum):
    """The kinds of operation that s.62 of the Data Protection Act 2018 wants logged, and access."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
    ACCESS = "access"


class ReasonKind(StrEnum):
    """Kinds of operation for which a force may ask why (`WorkspaceSettings.reasons_for`)."""

    EXPORTS = "exports"
    ROW_VIEWS = "row views"


class Scope(IntEnum):
    """How much of the workspace a permission covers; the greatest of several counts."""

    OWN_WORK = 1
    """What the actor's own agency does in the actor's own districts."""
    OWN_DISTRICTS = 2
    """What lies in the actor's own districts, whichever agency it belongs to."""
    ALL = 3
    """The whole force area and every agency."""


class Operation(StrEnum):
    """What a service does."""

    CREATE_WORKSPACE = "create workspace"
    SERVE_WORKSPACE = "serve workspace"
    BACK_UP = "back up"
    RESTORE = "restore"
    LOOK_AT_FILE = "look at file"
    IMPORT = "import"
    WITHDRAW_IMPORT = "withdraw import"
    VIEW_DATASETS = "view datasets"
    EXPORT_UNUSED = "export unused rows"
    VIEW_QUALITY = "view data quality"
    MARK_CHANGE = "mark recording change"
    ENTER_HOLIDAYS = "enter school holidays"
    VIEW_OUTCOMES = "view outcome counts"
    ENTER_OUTCOMES = "enter outcome counts"
    VIEW_RETENTION = "view retention"
    HOLD_RECORDS = "hold records"
    PURGE = "purge records"
    ROTATE_PSEUDONYMS = "rotate pseudonyms"
    DETECT = "detect hotspots"
    JUDGE = "judge hotspots"
    FREEZE = "freeze snapshot"
    VIEW_SNAPSHOTS = "view snapshots"
    REPLAY = "replay snapshot"
    REGISTER_HOTSPOT = "register hotspot by hand"
    VIEW_FINDINGS = "view findings"
    WRITE_FINDING = "write finding"
    SIGN_FINDING = "sign finding"
    VIEW_OVERVIEW = "view shared overview"
    VIEW_RHYTHM = "view hours of the week"
    VIEW_REGISTER = "view register of premises"
    LINK_PREMISES = "view premises near hotspots"
    VIEW_PLACES = "view points of interest"
    ASK_AREA = "ask what is in an area"
    VIEW_ACTIONS = "view actions"
    VIEW_PAPERS = "view papers of premises"
    RECORD_ACTION = "record action"
    CHANGE_ACTION = "change action"
    VIEW_EFFECT = "view effect of action"
    VIEW_ASSESSMENTS = "view premises for assessment"
    ASSESS_PREMISES = "assess premises"
    FIND_INCIDENTS = "find records at premises"
    COMPARE_PREMISES = "compare premises"
    NOTE_ENGAGEMENT = "note engagement"
    WRITE_PACK = "write application"
    SIGN_PACK = "sign application"
    EXPORT_PACK = "export application"
    VIEW_MEETINGS = "view meetings"
    HOLD_MEETING = "hold meeting"
    SHOW_MEETING = "project meeting"
    EXPORT_MINUTES = "export minutes"
    SHARE_MAP = "share map"
    EXPORT_PROFILE = "export profile"
    EXPORT_ACTIONS = "export actions"
    COLLECT_EXPORT = "collect export"
    SIGN_IN = "sign in"
    REFUSE_SIGN_IN = "refuse sign-in"
    SIGN_OUT = "sign out"
    CHANGE_OWN_ACCOUNT = "change own account"
    VIEW_ACCOUNTS = "view accounts"
    ADD_ACCOUNT = "add account"
    CHANGE_ACCOUNT = "change account"
    VIEW_LOG = "view log"
    TRACE_PLACE = "trace place in log"
    EXPORT_LOG = "export log"
    VERIFY_LOG = "verify log"


@dataclass(frozen=True)
class Rule:
    """Who may do an operation and how far, how it is logged, and whether it may need a reason.

    Attributes
    ----------
    grants
        What each role may do it on; a role that is absent may not.
    category
        Its class in the log.
    reason
        The kind of operation it is to the policy on reasons, if any.
    is_open
        Whether it is done before anyone is known: refusing a sign-in.
    """

    grants: dict[UserRole, Scope]
    category: LogCategory
    reason: ReasonKind | None = None
    is_open: bool = False


_VIEWER, _ANALYST, _AUDITOR = UserRole.VIEWER, UserRole.ANALYST, UserRole.AUDITOR
_POLICE, _COUNCIL = UserRole.POLICE_LICENSING, UserRole.COUNCIL_LICENSING
_LEAD, _ADMIN = UserRole.DISRUPTION_LEAD, UserRole.ADMINISTRATOR
_FORCE = dict.fromkeys((_ANALYST, _LEAD, _POLICE), Scope.ALL)
_DOERS = dict.fromkeys((_LEAD, _POLICE), Scope.ALL)
_ASSESSORS = dict.fromkeys((_ANALYST, _POLICE), Scope.ALL)
_EVERYONE = dict.fromkeys(UserRole, Scope.ALL)
_SHARERS = dict.fromkeys((_ANALYST, _LEAD), Scope.ALL)
_ADMINS, _AUDITORS, _ANALYSTS = ({role: Scope.ALL} for role in (_ADMIN, _AUDITOR, _ANALYST))
_OUR_COUNCIL = {_COUNCIL: Scope.OWN_DISTRICTS}

PERMISSIONS: dict[Operation, Rule] = {
    Operation.CREATE_WORKSPACE: Rule(_ADMINS, LogCategory.ALTERATION),
    Operation.SERVE_WORKSPACE: Rule(_ADMINS, LogCategory.DISCLOSURE),
    Operation.BACK_UP: Rule(_ADMINS, LogCategory.DISCLOSURE),
    Operation.RESTORE: Rule(_ADMINS, LogCategory.ALTERATION),
    Operation.LOOK_AT_FILE: Rule(_ANALYSTS, LogCategory.CONSULTATION),
    Operation.IMPORT: Rule(_ANALYSTS, LogCategory.COLLECTION),
    Operation.WITHDRAW_IMPORT: Rule(_ANALYSTS, LogCategory.ALTERATION),
    Operation.VIEW_DATASETS: Rule(_FORCE, LogCategory.CONSULTATION),
    Operation.EXPORT_UNUSED: Rule(_ANALYSTS, LogCategory.DISCLOSURE, ReasonKind.EXPORTS),
    Operation.VIEW_QUALITY: Rule(_FORCE, LogCategory.CONSULTATION),
    Operation.MARK_CHANGE: Rule(_ANALYSTS, LogCategory.ALTERATION),
    Operation.ENTER_HOLIDAYS: Rule(_ANALYSTS, LogCategory.ALTERATION),
    Operation.VIEW_OUTCOMES: Rule(_FORCE, LogCategory.CONSULTATION),
    Operation.ENTER_OUTCOMES: Rule(_ANALYSTS, LogCategory.ALTERATION),
    Operation.VIEW_RETENTION: Rule(_ANALYSTS | _ADMINS, LogCategory.CONSULTATION),
    Operation.HOLD_RECORDS: Rule(_ANALYSTS, LogCategory.ALTERATION),
    Operation.PURGE: Rule(_ANALYSTS | _ADMINS, LogCategory.ERASURE),
    Operation.ROTATE_PSEUDONYMS: Rule(_ADMINS, LogCategory.ALTERATION),
    Operation.DETECT: Rule(_FORCE, LogCategory.CONSULTATION),
    Operation.JUDGE: Rule(_ANALYSTS, LogCategory.CONSULTATION),
    Operation.FREEZE: Rule(_ANALYSTS, LogCategory.ALTERATION),
    Operation.VIEW_SNAPSHOTS: Rule(_FORCE, LogCategory.CONSULTATION),
    Operation.REPLAY: Rule(_ANALYSTS, LogCategory.CONSULTATION),
    Operation.REGISTER_HOTSPOT: Rule(_SHARERS, LogCategory.ALTERATION),
    Operation.VIEW_FINDINGS: Rule(_FORCE, LogCategory.CONSULTATION),
    Operation.WRITE_FINDING: Rule(_ANALYSTS, LogCategory.ALTERATION),
    Operation.SIGN_FINDING: Rule(_ANALYSTS, LogCategory.ALTERATION),
    Operation.VIEW_OVERVIEW: Rule({_VIEWER: Scope.OWN_DISTRICTS}, LogCategory.DISCLOSURE),
    Operation.VIEW_RHYTHM: Rule(_FORCE, LogCategory.CONSULTATION),
    Operation.VIEW_REGISTER: Rule(_FORCE | _OUR_COUNCIL, LogCategory.CONSULTATION),
    Operation.LINK_PREMISES: Rule(_FORCE, LogCategory.COMBINATION),
    Operation.VIEW_PLACES: Rule(_FORCE, LogCategory.CONSULTATION),
    Operation.ASK_AREA: Rule(_FORCE, LogCategory.COMBINATION),
    Operation.VIEW_ACTIONS: Rule(_FORCE | {_VIEWER: Scope.OWN_WORK}, LogCategory.CONSULTATION),
    Operation.VIEW_PAPERS: Rule(_OUR_COUNCIL, LogCategory.CONSULTATION),
    Operation.RECORD_ACTION: Rule(_DOERS, LogCategory.ALTERATION),
    Operation.CHANGE_ACTION: Rule(_DOERS | {_COUNCIL: Scope.OWN_WORK}, LogCategory.ALTERATION),
    Operation.VIEW_EFFECT: Rule(_FORCE, LogCategory.COMBINATION),
    Operation.VIEW_ASSESSMENTS: Rule(_FORCE, LogCategory.CONSULTATION),
    Operation.ASSESS_PREMISES: Rule(_ASSESSORS, LogCategory.ALTERATION),
    Operation.FIND_INCIDENTS: Rule(_ASSESSORS, LogCategory.CONSULTATION, ReasonKind.ROW_VIEWS),
    Operation.COMPARE_PREMISES: Rule(_ASSESSORS, LogCategory.COMBINATION),
    Operation.NOTE_ENGAGEMENT: Rule(_DOERS | _OUR_COUNCIL, LogCategory.ALTERATION),
    Operation.WRITE_PACK: Rule({_POLICE: Scope.ALL}, LogCategory.ALTERATION),
    Operation.SIGN_PACK: Rule(_DOERS, LogCategory.ALTERATION),
    Operation.EXPORT_PACK: Rule(_DOERS, LogCategory.DISCLOSURE, ReasonKind.EXPORTS),
    Operation.VIEW_MEETINGS: Rule(_FORCE, LogCategory.CONSULTATION),
    Operation.HOLD_MEETING: Rule({_LEAD: Scope.ALL}, LogCategory.ALTERATION),
    Operation.SHOW_MEETING: Rule({_LEAD: Scope.ALL}, LogCategory.DISCLOSURE),
    Operation.EXPORT_MINUTES: Rule({_LEAD: Scope.ALL}, LogCategory.DISCLOSURE, ReasonKind.EXPORTS),
    Operation.SHARE_MAP: Rule(_SHARERS, LogCategory.DISCLOSURE, ReasonKind.EXPORTS),
    Operation.EXPORT_PROFILE: Rule(_SHARERS, LogCategory.DISCLOSURE, ReasonKind.EXPORTS),
    Operation.EXPORT_ACTIONS: Rule(_SHARERS, LogCategory.DISCLOSURE, ReasonKind.EXPORTS),
    Operation.COLLECT_EXPORT: Rule(_FORCE | _AUDITORS, LogCategory.DISCLOSURE),
    Operation.SIGN_IN: Rule(_EVERYONE, LogCategory.ACCESS),
    Operation.REFUSE_SIGN_IN: Rule({}, LogCategory.ACCESS, is_open=True),
    Operation.SIGN_OUT: Rule(_EVERYONE, LogCategory.ACCESS),
    Operation.CHANGE_OWN_ACCOUNT: Rule(_EVERYONE, LogCategory.ACCESS),
    Operation.VIEW_ACCOUNTS: Rule(_ADMINS, LogCategory.ACCESS),
    Operation.ADD_ACCOUNT: Rule(_ADMINS, LogCategory.ACCESS),
    Operation.CHANGE_ACCOUNT: Rule(_ADMINS, LogCategory.ACCESS),
    Operation.VIEW_LOG: Rule(_AUDITORS, LogCategory.CONSULTATION, ReasonKind.ROW_VIEWS),
    Operation.TRACE_PLACE: Rule(_AUDITORS, LogCategory.CONSULTATION, ReasonKind.ROW_VIEWS),
    Operation.EXPORT_LOG: Rule(_AUDITORS, LogCategory.DISCLOSURE, ReasonKind.EXPORTS),
    Operation.VERIFY_LOG: Rule(_AUDITORS, LogCategory.CONSULTATION),
}


def scope_of(actor: Actor, operation: Operation) -> Scope | None:
    """Return the widest scope that the actor's roles grant for an operation; `None` for no role."""
    rule = PERMISSIONS[operation]
    if rule.is_open:
        return Scope.ALL
    return max((rule.grants[role] for role in actor.roles if role in rule.grants), default=None)


def is_allowed(actor: Actor, operation: Operation) -> bool:
    """Tell whether one of the actor's roles allows the operation."""
    return scope_of(actor, operation) is not None


def require(actor: Actor, operation: Operation) -> Scope:
    """Let the actor pass with the scope granted, or raise.

    Raises
    ------
    NotAllowedError
        No role of the actor allows the operation.
    """
    scope = scope_of(actor, operation)
    if scope is None:
        message = (
            f"{actor.name} ({actor.role_text or 'no role'}) may not {operation.value}. "
            "Ask someone whose role allows it."
        )
        raise NotAllowedError(message)
    return scope
