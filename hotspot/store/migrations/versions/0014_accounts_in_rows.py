"""Keep the number of the account beside every name of somebody who did something."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

NAMES = {
    "action_events": ("actor",),
    "action_moments": ("recorded_by",),
    "actions": ("recorded_by", "owner"),
    "erasures": ("erased_by",),
    "findings": ("withdrawn_by",),
    "holds": ("placed_by", "lifted_by"),
    "hotspots": ("registered_by",),
    "imports": ("imported_by", "withdrawn_by"),
    "journal": ("recorded_by", "withdrawn_by"),
    "mappings": ("confirmed_by",),
    "meetings": ("opened_by", "closed_by"),
    "outcome_counts": ("entered_by",),
    "recording_changes": ("marked_by",),
    "school_holidays": ("entered_by", "withdrawn_by"),
    "snapshots": ("taken_by",),
}
RENAMED = {
    "order_until": "last_day_in_force",
    "made_until": "last_day_in_force",
    "ends": "last_day_in_force",
    "interim_until": "interim_return",
    "interim_steps_heard": "interim_heard",
}
"""Days of actions that have one name each since this revision."""
_NEWER = (
    "SELECT 1 FROM drafts AS newer WHERE newer.field = drafts.field"
    " AND lower(trim(newer.owner)) = lower(trim(drafts.owner))"
    " AND (newer.saved_at > drafts.saved_at"
    " OR (newer.saved_at = drafts.saved_at AND newer.owner > drafts.owner))"
)
_MINE = "SELECT account_id FROM accounts WHERE lower(trim(shown_as)) = lower(trim({name}))"
_ONE = "(SELECT count(*) FROM accounts WHERE lower(trim(shown_as)) = lower(trim({name}))) = 1"


def upgrade() -> None:
    """Make the columns; of who did something before, the names alone are known.

    Who is to do an action, and whose an unsent text is, is taken from the name where exactly one
    account bears it: otherwise nobody would find their own any more.
    """
    for table, names in NAMES.items():
        for name in names:
            op.add_column(table, sa.Column(f"{name}_id", sa.Integer(), nullable=True))
    owner = f"({_MINE}) WHERE {_ONE}".format(name="actions.owner")
    op.execute(f"UPDATE actions SET owner_id = {owner}")  # noqa: S608 - names of ours
    # Of two unsent texts for one field whose owners become one account, the newer is kept.
    op.execute(f"DELETE FROM drafts WHERE EXISTS ({_NEWER})")  # noqa: S608 - names of ours
    draft = f"'#' || ({_MINE}) WHERE {_ONE}".format(name="drafts.owner")
    op.execute(f"UPDATE drafts SET owner = {draft}")  # noqa: S608 - names of ours
    for old, new in RENAMED.items():
        renamed = sa.text("UPDATE action_moments SET event = :new WHERE event = :old")
        op.execute(renamed.bindparams(old=old, new=new))
