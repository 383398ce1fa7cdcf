"""The guided tour: a box above the pages that leads from one to the next, ending in one's own area.

It is about the sample. Each step names a page; steps whose page a role does not have are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app_pages.frame import session, state


@dataclass(frozen=True)
class TourStop:
    """One step: the page it is about and what to look at there."""

    script: str
    title: str
    text: str


STEPS = (
    TourStop(
        "map/map_page.py",
        "Where the hotspots are",
        "Each outline is a hotspot; the table beside says the same. Choose H-01 on the map or in "
        "the table. Find Hanley in the search box. Choose 22-02 above the map: what is left?",
    ),
    TourStop(
        "start/today_page.py",
        "Today",
        "What your role has to look at first: what changed and what not to believe, the next "
        "deadline, or what is late.",
    ),
    TourStop(
        "hotspots/hotspot_page.py",
        "One hotspot",
        "Where it lies, its hours of the week, months, premises nearby and actions. Nearby says "
        "nothing about a business. At the foot an action is recorded: some measures ask for what "
        "the law asks.",
    ),
    TourStop(
        "hotspots/evidence_page.py",
        "Can it be believed?",
        "H-07 hangs on one child's records. Look which hotspots stay when the settings change, "
        "and what chance alone would give.",
    ),
    TourStop(
        "map/overview_page.py",
        "What partners see",
        "Your own districts, with counts in bands. What would point at a child is withheld, and "
        "that it is withheld is said.",
    ),
    TourStop(
        "premises/assessment_page.py",
        "Premises for assessment",
        "Only premises with a record that a person has linked, or a reason that a person wrote. "
        "The next deadline comes first.",
    ),
    TourStop(
        "premises/papers_page.py",
        "Papers and deadlines",
        "What your authority owes and by when, with the rule in words.",
    ),
    TourStop(
        "actions/actions_page.py",
        "Actions",
        "What was agreed, who owns it, what is late. Below: did it work?",
    ),
    TourStop(
        "meetings/meeting_page.py",
        "The meeting",
        "Made for the projector: large, by keyboard, suppressed. It goes blank when nobody does "
        "anything.",
    ),
    TourStop(
        "reports/outcomes_page.py",
        "Outcomes",
        "What was done, in time or late, and what came of it, as far as that can be said.",
    ),
    TourStop(
        "records/import_page.py",
        "Your own files",
        "A file is looked at before anything is imported: each row is used, set aside or refused, "
        "with the reason.",
    ),
    TourStop("people/log_page.py", "The log", "Who looked at what, and whether the log is whole."),
)
OWN_AREA = (
    "**Start your own area.** On the machine that will keep the data, with the boundary of your "
    "force and its districts as GeoJSON: `hotspot init FOLDER --area FILE`, then "
    "`hotspot user add NAME --role administrator -w FOLDER`, then `hotspot serve -w FOLDER`. "
    "The files of your systems come in on the page Import; the README says the rest."
)


def show_start() -> None:
    """Draw the button that starts the tour."""
    st.markdown("#### A first look")
    if not session.workspace().settings.demo:  # its words are about the sample's hotspots
        st.caption("The tour leads through the invented sample: start it with `hotspot demo`.")
        return
    st.caption("A few steps through the pages of your role, a minute each.")
    if st.button("Take the tour"):
        st.session_state[state.TOUR] = 0
        st.rerun()


def show_step(scripts: list[str], here: str) -> None:
    """Draw the step of the tour, if one is taken.

    Parameters
    ----------
    scripts
        The pages of the role.
    here
        The page that is open.
    """
    at = st.session_state.get(state.TOUR)
    if at is None:
        return
    steps = [step for step in STEPS if step.script in scripts]
    with st.container(border=True, key="tour"):
        if at >= len(steps):
            st.markdown(OWN_AREA)
        else:
            step = steps[at]
            st.markdown(f"**{at + 1} of {len(steps)}. {step.title}.** {step.text}")
            if step.script != here:
                st.page_link(step.script, label=f"Go to {step.title.lower()}")
        with st.container(horizontal=True):
            st.button("Back", on_click=_go, args=(at - 1,), key="tour back", disabled=at == 0)
            is_last = at >= len(steps)
            st.button("Next", on_click=_go, args=(at + 1,), key="tour next", disabled=is_last)
            st.button("End the tour", on_click=_go, args=(None,), key="tour end")


def _go(to: int | None) -> None:
    if to is None:
        st.session_state.pop(state.TOUR, None)
    else:
        st.session_state[state.TOUR] = to
