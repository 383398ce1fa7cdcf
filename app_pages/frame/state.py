"""Name every key of the session state, and what a session remembers."""

from __future__ import annotations

import uuid

import streamlit as st

from hotspot import Run

RECORDS = "records"
PERIOD = "period"
RESOLUTION = "resolution"
REACH = "reach_m"
MIN_WEIGHT = "min_weight"
ROLES = "roles"
KINDS = "kinds"
RISKS = "risks"
PRECISIONS = "precisions"
WEEKDAYS = "weekdays"
HOURS = "hours"
CHILD_CAP = "child_cap"
HARM = ("harm_name", "harm_version", "harm_text")
SETTINGS = (
    PERIOD,
    RESOLUTION,
    REACH,
    MIN_WEIGHT,
    ROLES,
    KINDS,
    RISKS,
    PRECISIONS,
    WEEKDAYS,
    HOURS,
    CHILD_CAP,
    *HARM,
)
SELECTED_AT = "selected_at"
MAP = "map"
MAP_BEFORE = "map_before"
GROUND = "map_ground"
AT = "at"
HOUR_BAND = "hour_band"
COMPARE = "compare_with"
CLASSES = "classes_over_months"
TABLE = "hotspot_table"
CHOSEN_SHARED = "chosen_shared"
COMMAND = "command_id"
PREPARED = "prepared_file"
PREMISES_WITHIN = "premises_within_m"
PREMISES_KINDS = "premises_kinds"
ACTION_STATES = "action_states"
ALONE = "actions_without_co_operation"
FLASH = "flash"
TOUR = "tour"
FLASH_SHOWN = "flash_shown"
CURRENT = "current"
DIGEST = "digest_of_records"
LEFT_OUT = "left_out_open"
LOG_VIEW = "log_view"
TRACE_VIEW = "trace_view"
REGISTER_TEXT = "register_text"
IMPORT_SOURCE = "import_source"
IMPORT_FILE = "import_file"
IMPORT_TURN = "import_turn"
IMPORT_LOOK = "import_look"
IMPORT_JOB = "import_job"
IMPORT_CHECKED = "import_checked"
IMPORT_DONE = "import_done"
IMPORT_ERROR = "import_error"
IMPORT_WORDS = "import_words"
IMPORT_CHOICES = "import_choices"
IMPORT_CHOSEN = "import_chosen"
IMPORT_FITS = "import_fits"
FINDING_TURN = "finding_turn"
PREMISES_CHOSEN = "premises_chosen"
PREMISES_NEXT = "premises_next"
AUTHORITIES = "authorities"
CARD_PART = "card_part"
RECORDS_AT = "records_at"
SAME = "same_premises"
MEETING_STEP = "meeting_step"
MEETING_AT = "meeting_action_at"
MEETING_HOTSPOT = "meeting_hotspot_at"
MEETING_NOTE = "meeting_note"
MEETING_SAID = "meeting_said"
MEETING_WHY = "meeting_why"
BELIEF = "belief"
DATASETS = "datasets_table"
DATA_TURN = "data_turn"

_NEAR_DEGREES = 0.006


def selected_key(run: Run) -> str | None:
    """Return the key of the chosen hotspot, found again by its place when the run has changed."""
    at = st.session_state.get(SELECTED_AT)
    if at is None or run.hotspots.empty:
        return None
    nearest = (run.hotspots["lng"] - at[0]).abs() + (run.hotspots["lat"] - at[1]).abs()
    if float(nearest.min()) > _NEAR_DEGREES:
        return None
    return str(run.hotspots["key"].loc[nearest.idxmin()])


def select(run: Run, key: str | None) -> None:
    """Remember the chosen hotspot by its place."""
    row = run.hotspots[run.hotspots["key"] == key]
    place = None if row.empty else (float(row["lng"].iloc[0]), float(row["lat"].iloc[0]))
    st.session_state[SELECTED_AT] = place


def command_id() -> str:
    """Return the command id of the form that is drawn: the same until `next_command`."""
    return str(st.session_state.setdefault(COMMAND, uuid.uuid4().hex))


def next_command() -> None:
    """Let the next form be a new command."""
    st.session_state[COMMAND] = uuid.uuid4().hex


def chosen_in(widget: str) -> str | None:
    """Return the key that a map or its table has just reported."""
    reported = st.session_state.get(widget) or {}
    return reported.get("chosen")


def area_on_map() -> list[list[float]] | None:
    """Return the corners of the area that was drawn on the map, if one was."""
    reported = st.session_state.get(MAP) or {}
    return reported.get("area")


def take_place_from_address() -> None:
    """Choose the place that the address of a new session names, as a shared link does."""
    if SELECTED_AT in st.session_state:
        return
    try:
        lng, lat = (float(part) for part in st.query_params.get(AT, "").split(","))
    except ValueError:
        return
    if abs(lng) <= 180 and abs(lat) <= 90:
        st.session_state[SELECTED_AT] = (lng, lat)


def put_place_in_address() -> None:
    """Name the chosen place in the address, so that a link opens the same thing."""
    at = st.session_state.get(SELECTED_AT)
    if at is None:
        st.query_params.pop(AT, None)
    elif st.query_params.get(AT) != (text := f"{at[0]:.5f},{at[1]:.5f}"):
        st.query_params[AT] = text


def data_turn() -> int:
    """Return a number that changes when this session has changed the data: for caches."""
    return int(st.session_state.get(DATA_TURN, 0))


def next_data_turn() -> None:
    """Let the pages read the data anew."""
    st.session_state[DATA_TURN] = data_turn() + 1
