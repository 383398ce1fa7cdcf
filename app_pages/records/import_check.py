"""Draw what an import would do, do it in the background, and show what it did."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.frame import session, state
from app_pages.frame.exporting import show_export
from app_pages.frame.text import plain
from app_pages.records.intake_chart import show_points
from hotspot.access.actor import Actor
from hotspot.disclosure.forms import FileForm
from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.rows.balance import REASONS, Reading, accepted_instead
from hotspot.schema import SOURCES, Family, how_many
from hotspot.services.records import imports, uploads
from hotspot.services.records.datasets import export_unused
from hotspot.services.records.imports import ImportPlan, ImportReport
from hotspot.services.records.previews import FileToRead, preview
from hotspot.services.workspace import jobs
from hotspot.services.workspace.exports import ExportFile
from hotspot.services.workspace.jobs import Job


def unknown_words() -> dict[str, dict[str, int]]:
    """Return the words that the last check did not know."""
    checked = st.session_state.get(state.IMPORT_CHECKED)
    return checked[1].unknown_words if checked else {}


def show_check(
    actor: Actor, source: str, file: FileToRead, mapping: Mapping | None, at_work: DeltaGenerator
) -> None:
    """Draw the check of the file as it is mapped now, and below it the import.

    How far the work is stands in `at_work`.
    """
    job: tuple[str, Job[Any]] | None = st.session_state.get(state.IMPORT_JOB)
    if job is not None:
        with at_work:
            _follow()
        return
    key = f"{source} {file.path.name} {mapping.model_dump_json() if mapping else ''}"
    if st.button("Check the file"):

        def check(_say: Any, stop: Any) -> tuple[str, Reading]:  # noqa: ANN401 - as jobs give them
            return key, preview(session.workspace(), actor, source, file, mapping, stop)

        _start("check", check)
    if state.IMPORT_ERROR in st.session_state:
        st.error(plain(st.session_state[state.IMPORT_ERROR]))
    checked = st.session_state.get(state.IMPORT_CHECKED)
    if checked is None:
        return
    if checked[0] != key:
        st.info("The mapping has changed since the check. Check the file again.")
        return
    reading: Reading = checked[1]
    _show_reading(reading)
    plan = _ask(reading, mapping, key)
    if st.button("Import", disabled=plan is None) and plan is not None:

        def work(say: Any, stop: Any) -> ImportReport:  # noqa: ANN401 - as jobs give them
            return imports.import_files(
                session.workspace(), actor, source, [file], plan, progress=say, cancelled=stop
            )

        _start("import", work)


def _ask(reading: Reading, mapping: Mapping | None, key: str) -> ImportPlan | None:
    """Draw the questions of a check; give the plan, or `None` until all of them are answered."""
    accepted = {
        question.code
        for question in reading.questions
        if st.checkbox(plain(f"Yes. {question.text}"), key=f"yes {key} {question.code}")
    }
    changes = st.checkbox(
        "Rows that differ from an earlier import take their place (both are kept)",
        help="For a file that was issued anew. Otherwise the earlier rows stand.",
    )
    waiting = len(reading.questions) - len(accepted)
    if waiting:
        st.caption(f"{how_many(waiting, 'question')} above to be answered first.")
        return None
    return ImportPlan(mapping, frozenset(accepted), changes)


def _start(kind: str, work: Any) -> None:  # noqa: ANN401 - check or import
    st.session_state.pop(state.IMPORT_ERROR, None)
    st.session_state[state.IMPORT_JOB] = (kind, jobs.start(work))
    st.rerun()


@st.fragment(run_every=0.4)
def _follow() -> None:
    """Show how far the work is, until it has ended."""
    if state.IMPORT_JOB not in st.session_state:
        st.rerun()
    kind, job = st.session_state[state.IMPORT_JOB]
    if not job.is_done:
        said = job.lines[-1] if job.lines else "reading the file"
        st.progress(0.6 if "keeping" in said else 0.3, text=plain(f"{said} ..."))
        st.button("Give up", on_click=job.cancel)
        return
    # The run may be cut off between any two of these lines: the job goes last, and coming here
    # again does no harm.
    if job.error is not None:
        st.session_state[state.IMPORT_ERROR] = str(job.error)
        st.session_state.pop(state.IMPORT_CHECKED, None)
    elif kind == "check":
        st.session_state[state.IMPORT_CHECKED] = job.outcome()
    else:
        st.session_state[state.IMPORT_DONE] = job.outcome()
        st.session_state.pop(state.IMPORT_CHECKED, None)
        held = st.session_state.pop(state.IMPORT_FILE, None)
        if held is not None:
            uploads.drop_upload(held)
    st.session_state.pop(state.IMPORT_JOB, None)
    st.rerun()


def _show_reading(reading: Reading) -> None:
    sheet = reading.balance
    st.markdown("##### What would happen")
    aside, refused = sheet.set_aside.total(), sheet.rejected.total()
    for column, (label, value) in zip(
        st.columns(4),
        [
            ("Rows in", sheet.rows_in),
            ("Used", sheet.used),
            ("Set aside", aside),
            ("Rejected", refused),
        ],
        strict=True,
    ):
        column.metric(label, f"{value:,}")
    if advice := accepted_instead(sheet):
        st.error(plain(advice))
    picture, table = st.columns([3, 2])
    with picture:
        if reading.points is not None and not reading.points.is_empty():
            show_points(session.workspace().area, reading.points.to_pandas())
    with table:
        show_reasons(sheet.as_dict())
    with st.expander("What was decided", expanded=True):
        for note in reading.notes:
            st.markdown(f"- {plain(note)}")
    if reading.completeness:
        shares = reading.completeness.get("", {})
        with st.expander("How complete the columns are"):
            frame = pd.DataFrame({"Column": list(shares), "Filled": list(shares.values())})
            st.dataframe(
                frame,
                hide_index=True,
                alt="Share of filled rows by column",
                column_config={"Filled": st.column_config.ProgressColumn(format="percent")},
            )


def show_reasons(balance: dict[str, Any]) -> None:
    """Draw a balance sheet: each group with its reason in words."""
    rows = [("used", balance["used"], "goes into the analysis")]
    rows += [("set aside", n, REASONS[code]) for code, n in balance["set_aside"].items()]
    rows += [("rejected", n, REASONS[code]) for code, n in balance["rejected"].items()]
    frame = pd.DataFrame(rows, columns=["Group", "Rows", "Each of these rows ..."])
    st.dataframe(frame, hide_index=True, alt="Rows by group and reason")


def show_report(actor: Actor, report: ImportReport) -> None:
    """Show what an import did, with the rows that are not used to take away."""
    sheet = report.balance
    number = report.import_ids[0]
    said = (
        f"Import {number}: {sheet.rows_in:,} rows in, {sheet.used:,} used, "
        f"{sheet.set_aside.total():,} set aside, {sheet.rejected.total():,} rejected."
    )
    if report.accepted_instead:
        st.error(plain(f"{said} {report.accepted_instead}"))
    else:
        st.success(said)
    _show_way_on(report)
    show_reasons(sheet.as_dict())
    for note in report.notes:
        st.caption(plain(note))
    show_unused(actor, number)


_WAYS = {
    Family.PREMISES: ("premises/register_page.py", "the register of premises", "See the register"),
    Family.PLACES: ("map/map_page.py", "the points of interest on the map", "See the map"),
    Family.SITES: ("map/map_page.py", "the sites around which nothing is clustered", "See the map"),
    Family.COUNTS: ("reports/outcomes_page.py", "the monthly counts", "See the outcomes"),
}
_TO_MAP = ("map/map_page.py", "the records that are counted into hotspots", "See the map")


def _show_way_on(report: ImportReport) -> None:
    """Say where the rows that are used went, and lead there."""
    if not report.balance.used:
        return
    family = SOURCES[report.source].family
    if family is Family.BOUNDARIES:
        st.caption(f"{report.balance.used:,} boundaries now name the areas of surroundings.")
        return
    page, what, way = _WAYS.get(family, _TO_MAP)
    st.caption(f"{how_many(report.balance.used, 'row')} went to {what}.")
    st.page_link(page, label=way)


def show_unused(actor: Actor, number: int) -> None:
    """Draw the form for the rows of an import that are not used."""

    def prepare(_recipients: str, reason: str) -> ExportFile:
        return export_unused(session.workspace(), actor, number, FileForm.CSV, reason)

    show_export(
        actor,
        f"unused {number}",
        "Save the rows that are not used",
        "Line, column and reason of each row, for finding it in the file. No content.",
        prepare,
        has_recipients=False,
    )
