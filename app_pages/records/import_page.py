"""Import a file: choose it, say what its columns mean, look at what would happen, import it."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.page_end import end_page, errors_shown
from app_pages.frame.text import plain
from app_pages.records import import_check, import_mapping
from hotspot import HotspotError
from hotspot.intake.fields.mapping import FIELDS, Mapping, likely_source
from hotspot.intake.files.opening import ENDINGS
from hotspot.intake.files.raw import NO_HEADER, Choices
from hotspot.intake.sources.registry import Look
from hotspot.schema import SOURCE_LABELS, SOURCES
from hotspot.services.records import previews, uploads
from hotspot.services.records.previews import FileToRead

actor = session.current().actor
workspace = session.workspace()


def forget_file() -> None:
    """Start over with another file."""
    held = st.session_state.pop(state.IMPORT_FILE, None)
    if held is not None:
        uploads.drop_upload(held)
    st.session_state.pop(state.IMPORT_CHOSEN, None)
    st.session_state[state.IMPORT_TURN] = st.session_state.get(state.IMPORT_TURN, 0) + 1
    start_over()


def start_over() -> None:
    """Look at the file anew, which stays."""
    for key in (
        state.IMPORT_FITS,
        state.IMPORT_LOOK,
        state.IMPORT_CHECKED,
        state.IMPORT_DONE,
        state.IMPORT_JOB,
        state.IMPORT_ERROR,
        state.IMPORT_WORDS,
        state.IMPORT_CHOICES,
    ):
        st.session_state.pop(key, None)


def choose_source() -> None:
    """Take a person's word for what the file holds."""
    start_over()
    st.session_state[state.IMPORT_CHOSEN] = True


def take_file() -> FileToRead | None:  # noqa: RET503 - a new run begins at its end
    """Draw the choice of source and file, and keep the upload under a generated name."""
    if state.IMPORT_FITS in st.session_state:
        st.session_state[state.IMPORT_SOURCE] = st.session_state[state.IMPORT_FITS]
    left, right = st.columns([1, 2])
    source = left.selectbox(
        "What the file holds",
        list(SOURCES),
        format_func=SOURCE_LABELS.__getitem__,
        key=state.IMPORT_SOURCE,
        on_change=choose_source,
        persist_state="session",
    )
    if state.IMPORT_FILE in st.session_state:
        file: FileToRead = st.session_state[state.IMPORT_FILE]
        right.text_input("File", file.name, disabled=True)
        right.button("Choose another file", on_click=forget_file)
        if state.IMPORT_FITS in st.session_state:
            label = SOURCE_LABELS[st.session_state[state.IMPORT_FITS]]
            st.info(f"By its columns the file holds: {label}. Choose otherwise if that is wrong.")
        return file
    turn = st.session_state.get(state.IMPORT_TURN, 0)
    endings = [*ENDINGS, ".xml"] if source == "food-hygiene" else list(ENDINGS)
    upload = right.file_uploader(
        "File",
        [ending[1:] for ending in endings],
        key=f"upload {turn}",
        help="CSV, Excel, GeoJSON, GeoPackage, zipped shapefile or Parquet, at most 200 MB. A "
        "larger one: hotspot import on the command line.",
    )
    if upload is None:
        st.info(
            "Choose what the file holds and the file itself. Nothing is imported before you have "
            "seen what would happen to each row. Names, dates of birth and narrative never come in."
        )
        return None
    with errors_shown():
        st.session_state[state.IMPORT_FILE] = uploads.keep_upload(workspace, upload.name, upload)
    st.rerun()


def open_without_header() -> None:
    """Open the file anew, its columns being called Column 1, Column 2, ..."""
    st.session_state[state.IMPORT_CHOICES] = Choices(header_row=NO_HEADER)
    st.session_state.pop(state.IMPORT_LOOK, None)


def look_into(file: FileToRead, source: str) -> Look:  # noqa: RET503 - as above
    """Open the file as chosen, once for each choice."""
    choices: Choices | None = st.session_state.get(state.IMPORT_CHOICES)
    known = st.session_state.get(state.IMPORT_LOOK)
    if known is not None:
        choices = import_mapping.show_opening(known[1])
        if known[0] == choices:
            first_look: Look = known[1]
            return first_look
    try:
        with st.spinner("Opening the file ..."):
            look = previews.look(workspace, actor, source, file, choices)
    except HotspotError as error:
        st.error(plain(str(error)))
        if (choices or Choices()).header_row != NO_HEADER:
            st.button("The file has no row of column names", on_click=open_without_header)
        end_page()
    fitting = likely_source(source, look.columns)
    if fitting != source and state.IMPORT_CHOSEN not in st.session_state:
        st.session_state[state.IMPORT_FITS] = fitting
        st.rerun()
    st.session_state[state.IMPORT_LOOK] = (choices or Choices(), look)
    st.session_state.pop(state.IMPORT_CHECKED, None)
    st.rerun()


st.subheader("Import a file")
at_work = st.container()  # always there: what follows a job may draw once more after the page did
if state.IMPORT_DONE in st.session_state:
    import_check.show_report(actor, st.session_state[state.IMPORT_DONE])
    st.button("Import another file", on_click=forget_file)
    end_page()
chosen = take_file()
if chosen is None:
    end_page()
name = str(st.session_state[state.IMPORT_SOURCE])
mapping: Mapping | None = None
if name in FIELDS:
    mapping = import_mapping.show_mapping(look_into(chosen, name))
import_check.show_check(actor, name, chosen, mapping, at_work)
