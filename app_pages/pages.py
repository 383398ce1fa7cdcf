"""List the pages: their scripts, titles and addresses, and who has them."""

from __future__ import annotations

from dataclasses import dataclass

from hotspot.access.permissions import Operation


@dataclass(frozen=True)
class Page:
    """One page of the app.

    Attributes
    ----------
    script
        Where it lies, from this folder.
    title, path
        Its name in the navigation, and in the address.
    operation
        What a role must be allowed to have the page at all.
    group
        Under which word of the navigation it stands.
    needs_run
        Whether the settings of a run are drawn beside it, for those who may run the detection.
    """

    script: str
    title: str
    path: str
    operation: Operation
    group: str = ""
    needs_run: bool = False


PAGES = (
    Page("map/map_page.py", "Map", "map", Operation.DETECT, needs_run=True),
    Page("start/today_page.py", "Today", "today", Operation.DETECT, needs_run=True),
    Page("hotspots/hotspot_page.py", "Hotspot", "hotspot", Operation.DETECT, needs_run=True),
    Page("map/overview_page.py", "Overview", "overview", Operation.VIEW_OVERVIEW),
    Page(
        "hotspots/evidence_page.py",
        "Can they be believed?",
        "belief",
        Operation.JUDGE,
        "Analysis",
        needs_run=True,
    ),
    Page(
        "hotspots/patterns_page.py",
        "Patterns",
        "patterns",
        Operation.JUDGE,
        "Analysis",
        needs_run=True,
    ),
    Page(
        "hotspots/surroundings_page.py",
        "What lies around",
        "around",
        Operation.JUDGE,
        "Analysis",
        needs_run=True,
    ),
    Page(
        "hotspots/findings_page.py",
        "Findings",
        "findings",
        Operation.VIEW_FINDINGS,
        "Analysis",
        needs_run=True,
    ),
    Page(
        "hotspots/snapshots_page.py",
        "Snapshots",
        "snapshots",
        Operation.VIEW_SNAPSHOTS,
        "Analysis",
        needs_run=True,
    ),
    Page("actions/actions_page.py", "Actions", "actions", Operation.VIEW_ACTIONS, needs_run=True),
    Page("premises/papers_page.py", "Papers and deadlines", "papers", Operation.VIEW_PAPERS),
    Page("meetings/meeting_page.py", "Meeting", "meeting", Operation.HOLD_MEETING, needs_run=True),
    Page(
        "premises/assessment_page.py",
        "For assessment",
        "assessment",
        Operation.VIEW_ASSESSMENTS,
        needs_run=True,
    ),
    Page(
        "premises/premises_page.py",
        "Premises nearby",
        "premises",
        Operation.LINK_PREMISES,
        needs_run=True,
    ),
    Page("premises/register_page.py", "Register", "register", Operation.VIEW_REGISTER),
    Page("records/import_page.py", "Import", "import", Operation.IMPORT, "Data"),
    Page("records/datasets_page.py", "Datasets", "datasets", Operation.VIEW_DATASETS, "Data"),
    Page("records/quality_page.py", "Data quality", "quality", Operation.VIEW_QUALITY, "Data"),
    Page(
        "reports/outcomes_page.py",
        "Outcomes",
        "performance",
        Operation.VIEW_OUTCOMES,
        needs_run=True,
    ),
    Page(
        "records/outcome_counts_page.py",
        "Outcome counts",
        "outcomes",
        Operation.VIEW_OUTCOMES,
        "Data",
    ),
    Page("people/accounts_page.py", "Accounts", "accounts", Operation.VIEW_ACCOUNTS),
    Page("records/retention_page.py", "Retention", "retention", Operation.VIEW_RETENTION, "Data"),
    Page("people/log_page.py", "Log", "log", Operation.VIEW_LOG),
    Page("people/trace_page.py", "Who saw this place", "trace", Operation.TRACE_PLACE),
    Page("start/help_page.py", "Help", "help", Operation.SIGN_IN),
)
