"""Draw the parts that pages share."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import NoReturn

import pandas as pd
import streamlit as st

from app_pages.frame import cache, state
from app_pages.hotspots import analysis_cache
from hotspot import HotspotError, Run
from hotspot.services.actions import lists, recording
from hotspot.services.hotspots import disclosures
from hotspot.services.hotspots.disclosures import SharedMap
from hotspot.services.hotspots.times import Times
from hotspot.services.meetings import proceedings
from hotspot.services.people.session import Actor, Operation, actor_of, is_allowed, role_label
from hotspot.services.premises import assessments, nearby
from hotspot.services.workspace import exports
from hotspot.services.workspace.exports import ExportFile
from hotspot.settings import SESSION_USER_KEY
from layers.plan import map_picture
from layers.portable import map_file

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-!|~$:^=&])")
_LINKS_ITSELF = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)", re.IGNORECASE)
_WORD_JOINER = "\u2060"
FLASH_SECONDS = 4


def plain(text: str) -> str:
    """Escape text so that Markdown shows it as it is.

    Markdown links addresses by itself, escaped or not; a character without width keeps it from
    knowing them.
    """
    return _MARKDOWN.sub(r"\\\1", _LINKS_ITSELF.sub(_WORD_JOINER, text))


class PageEnd(Exception):  # noqa: N818 - no error: the page has said what there is
    """The page ends here; what all pages end with still comes."""


def end_page() -> NoReturn:
    """End the page early: `st.stop` would leave the foot out, and the marking with it."""
    raise PageEnd


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show an error of Hotspot's as one plain box and end the page there."""
    try:
        yield
    except HotspotError as error:
        st.error(plain(str(error)))
        end_page()


def show_banner() -> None:
    """Show marking and, in the demonstration, that the data are invented."""
    settings = cache.workspace().settings
    if settings.demo:
        st.warning("**Demonstration: invented data.** No place, business or person here is real.")
    else:
        st.info(f"**{plain(settings.marking)}** {plain(settings.handling)}")


def show_foot() -> None:
    """Show the marking at the foot of the page too."""
    settings = cache.workspace().settings
    what = "Demonstration: invented data" if settings.demo else settings.marking
    st.caption(plain(what), text_alignment="center")


def show_style() -> None:
    """Give the room around the page to the page, and what AA asks for: contrast, target sizes."""
    st.html(
        "<style>.stMainBlockContainer{padding:3.6rem 1.5rem 1rem}"
        ".stSidebar [data-testid=stSidebarHeader]{height:2.2rem}"
        ".stMainBlockContainer .stAlertContainer{padding:.35rem .9rem}"
        "[data-testid=stCaptionContainer]{opacity:.85}"
        "[data-testid=stPageLink-NavLink]{padding-left:0}"
        ".stMainBlockContainer [data-testid=stPageLink-NavLink] p{text-decoration:underline}"
        "[data-testid=stDateInput] [role=spinbutton],[data-testid=stTimeInput] [role=spinbutton]"
        "{display:inline-block;min-width:24px;min-height:24px;text-align:center}</style>"
    )


def show_picture(content: bytes, about: str) -> None:
    """Show a picture (PNG) inside the page itself: nothing of it can be asked for by address."""
    data = base64.b64encode(content).decode()
    st.html(
        f'<img src="data:image/png;base64,{data}" alt="{html.escape(about)}" style="width:100%">'
    )


def show_list(sentences: list[str]) -> None:
    """Show sentences as a list, close together."""
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences))


def show_flash() -> None:
    """Show what the last form did, for some seconds at least.

    A run may be cut off by the next one at any moment, so that showing it once could be never.
    Its place is there all the time: nothing below moves, and what was opened stays open.
    """
    if state.FLASH in st.session_state:
        st.session_state[state.FLASH_SHOWN] = (st.session_state[state.FLASH], monotonic())
        del st.session_state[state.FLASH]
    text, since = st.session_state.get(state.FLASH_SHOWN, ("", 0.0))
    with st.container():
        if text and monotonic() - since < FLASH_SECONDS:
            st.success(plain(text))


def asks_about_persons() -> bool:
    """Draw at a form's texts what does not belong in them; give whether they name nobody."""
    st.caption(recording.NO_PERSONS)
    return st.checkbox("The texts name nobody (only where a warning asks for it)")


def may_save(texts: tuple[str, ...], *, is_meant: bool) -> bool:
    """Warn of texts that may point at a person, unless somebody has looked at them."""
    doubts = list(dict.fromkeys(what for text in texts for what in recording.doubts_in(text)))
    if doubts and not is_meant:
        st.warning(
            plain(
                f"The texts seem to hold {', '.join(doubts)}. Change them, or tick that they name "
                "nobody and save again."
            )
        )
        return False
    return True


def signed_in() -> Actor:
    """Give who is signed in, with the roles that the account has at this moment."""
    session = st.user.get(SESSION_USER_KEY)
    return actor_of(cache.workspace(), session if isinstance(session, str) else None)


def show_actor(actor: Actor) -> None:
    """Say who is signed in as what, with the ways to the account and out."""
    st.caption(f"{plain(actor.name)}  \n{plain(role_label(actor))}")
    st.markdown("[Your account](/gate/account) · [Sign out](/gate/sign-out)")


def run_id(run: Run, sources: list[str]) -> str:
    """Name a run for caches: the state of the records, its sources and its settings."""
    return f"{st.session_state[state.DIGEST]}{sources}{run.params.as_dict()}"


def actions_of(actor: Actor, run: Run | None, sources: list[str]) -> pd.DataFrame:
    """Give all actions with the hotspot of the run that carries each."""
    version = lists.version_of(cache.workspace())
    name = run_id(run, sources) if run is not None else ""
    return cache.actions_of(version, name, actor.name, run, actor)


def inherited_of(actor: Actor, run: Run, sources: list[str]) -> pd.DataFrame:
    """List the actions that hotspots of a run inherited, as they are now."""
    version = lists.version_of(cache.workspace())
    return cache.inherited_of(
        version, state.data_turn(), run_id(run, sources), actor.name, run, actor
    )


def names_in(actor: Actor, run: Run, sources: list[str]) -> dict[str, str]:
    """Give the number and name of the registered hotspots that each hotspot of the run carries."""
    version = lists.version_of(cache.workspace())
    name = run_id(run, sources)
    return analysis_cache.names_in(version, state.data_turn(), name, actor.name, run, actor)


def times_of(actor: Actor, run: Run, sources: list[str], key: str) -> Times:
    """Give the hours of the week of a hotspot."""
    return cache.times_of(run_id(run, sources), tuple(sources), key, actor.name, run, actor)


def may(actor: Actor, operation: Operation) -> bool:
    """Tell whether the actor may do something: what they may not do is not drawn."""
    return is_allowed(actor, operation)


def premises_of(actor: Actor, run: Run, sources: list[str], within_m: float) -> pd.DataFrame:
    """Give the premises near the hotspots; none where the run is approximate."""
    digest = nearby.version_of(cache.workspace())
    name = run_id(run, sources)
    return cache.premises_near(digest, name, within_m, actor.name, run, actor)


def register_of(actor: Actor) -> pd.DataFrame:
    """Give the registers of premises that the actor may read."""
    return cache.register(nearby.version_of(cache.workspace()), actor.name, actor)


def premises_version() -> str:
    """Give a text that changes whenever something about premises did."""
    return f"{assessments.version_of(cache.workspace())} {state.data_turn()}"


def meeting_version() -> str:
    """Give a text that changes whenever something of a meeting did."""
    return proceedings.version_of(cache.workspace())


def show_save_map(actor: Actor, run: Run, sources: list[str]) -> None:
    """Prepare a map file for named recipients: suppressed, marked, logged."""
    held = "outlines and banded counts only; hotspots of fewer than 3 children or driven by one "
    forms = {
        "html": ("Save this map to share it", "The file opens without a network", map_file),
        "png": ("Save this map as a picture", "One page, for a document or a wall", map_picture),
    }
    for form, (title, about, draw) in forms.items():

        def prepare(
            recipients: str,
            reason: str,
            form: str = form,
            draw: Callable[[SharedMap], bytes] = draw,
        ) -> ExportFile:
            return disclosures.export_map(
                cache.workspace(),
                actor,
                run,
                sources,
                recipients=recipients,
                reason=reason,
                draw=draw,
                form=form,
            )

        said = f"{about}. It holds {held}child are withheld."
        show_export(actor, f"map {form} {run_id(run, sources)}", title, said, prepare)


def show_export(
    actor: Actor,
    name: str,
    title: str,
    about: str,
    prepare: Callable[[str, str], ExportFile],
    *,
    has_recipients: bool = True,
) -> None:
    """Draw the form that prepares a file, and the link that hands it out once.

    Parameters
    ----------
    name
        What the file would hold; a link made for another state of the page is not shown.
    prepare
        Makes the file from recipients and reason; its service logs the disclosure.
    """
    with st.expander(title), st.form(f"export {title}", enter_to_submit=False):
        st.caption(about)
        recipients = st.text_input("Who will receive it", max_chars=200) if has_recipients else ""
        reason = st.text_input("Why", max_chars=300, help="For the log of disclosures.")
        if st.form_submit_button("Prepare the file"):
            try:
                ticket = exports.DESK.leave(actor.session, prepare(recipients, reason))
                st.session_state[state.PREPARED] = (name, ticket)
            except HotspotError as error:
                st.error(plain(str(error)))
            else:
                st.rerun()  # so that the link to a file prepared before goes
    prepared = st.session_state.get(state.PREPARED)
    with st.container():  # always there: what is open below stays open
        if prepared and prepared[0] == name:
            st.link_button("Download the file", f"/export/{prepared[1]}")
            st.caption("The link works once, for you, within two minutes.")


def attribution(sources: list[str], near: pd.DataFrame) -> str:
    """Name the open data on the page; the demonstration has none."""
    if cache.workspace().settings.demo:
        return ""
    return disclosures.attribution_of([*sources, *near["source"].unique()])
