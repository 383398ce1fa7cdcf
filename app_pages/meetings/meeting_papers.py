"""The papers of a meeting: minutes and agenda on screen before they leave, texts for the owners."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.exporting import show_export
from app_pages.frame.remember import meetings_state
from app_pages.frame.text import plain
from hotspot import HotspotError, Run
from hotspot.access.actor import Actor
from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.minutes import write_minutes_body
from hotspot.services.meetings import documents, proceedings
from hotspot.services.meetings.book import Meeting
from hotspot.services.meetings.documents import Paper
from hotspot.services.workspace.exports import ExportFile

_PAPERS = {
    Paper.AGENDA: ("Save the agenda", "Prints on one page. Marked, with names that others know."),
    Paper.MAILS: ("Save the texts for the owners", "One for each owner, to be mailed."),
}


def show_minutes(actor: Actor, run: Run, sources: list[str], meeting: Meeting) -> None:
    """Draw the minutes as they are, the forms that hand out papers, and close the meeting."""
    about = f"Marked, with those present. They were: {plain(meeting.recipients)}."
    for form, words in ((FileForm.WORD, "Word"), (FileForm.PAGE, "a web page")):
        show_export(
            actor,
            f"minutes {meeting.number} {form} {meetings_state()}",
            f"Save the minutes as {words}",
            about,
            _minutes(actor, run, sources, meeting, form),
        )
    for paper, (title, said) in _PAPERS.items():
        show_export(
            actor,
            f"{paper} {meeting.number} {meetings_state()}",
            title,
            said,
            _paper(actor, run, sources, meeting, paper),
        )
    _show_mail(meeting)
    if meeting.is_open:
        _show_close(actor, meeting)
    with st.container(border=True, key="meeting_minutes"):
        minutes = documents.minutes_of(session.workspace(), actor, meeting, meeting.recipients)
        st.html(write_minutes_body(minutes))


def _minutes(
    actor: Actor, run: Run, sources: list[str], meeting: Meeting, form: FileForm
) -> Callable[[str, str], ExportFile]:
    """Return what prepares the minutes for recipients, with the reason."""
    return lambda recipients, reason: documents.export_minutes(
        session.workspace(),
        actor,
        meeting.number,
        form,
        run,
        sources,
        recipients=recipients,
        reason=reason,
    )


def _paper(
    actor: Actor, run: Run, sources: list[str], meeting: Meeting, paper: Paper
) -> Callable[[str, str], ExportFile]:
    """Return what prepares another paper for recipients, with the reason."""
    return lambda recipients, reason: documents.export_paper(
        session.workspace(),
        actor,
        meeting.number,
        paper,
        run,
        sources,
        recipients=recipients,
        reason=reason,
    )


def _show_mail(meeting: Meeting) -> None:
    """Draw the text for one owner, to be read before it is mailed."""
    mails = {
        f"{one.owner}, {one.agency}": one
        for one in documents.mails_of(session.workspace(), meeting).mails
    }
    if not mails:
        return
    with st.expander("Text for an owner"):
        chosen = st.selectbox("Owner", list(mails))
        st.text(f"Subject: {mails[chosen].subject}\n\n{mails[chosen].text}")


def _show_close(actor: Actor, meeting: Meeting) -> None:
    """Draw the button that closes the meeting."""
    if not st.button("Close the meeting"):
        return
    try:
        proceedings.close_meeting(session.workspace(), actor, meeting.number)
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    st.session_state[state.FLASH] = f"{meeting.name} is closed."
    st.rerun()
