"""The card of premises: why they are listed, incidents, engagement, comparison, what is open."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from app_pages.actions.action_form import show_action_form
from app_pages.frame import session, state, tables
from app_pages.frame.remember import premises_state, remember
from app_pages.frame.session import may
from app_pages.frame.text import plain
from app_pages.premises.answers import premises_of
from app_pages.premises.application_form import show_pack
from app_pages.premises.assessment_forms import (
    show_decision_form,
    show_engagement_form,
    show_incident_form,
    show_withdraw_form,
)
from hotspot import HotspotError, Run
from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disruption.premises import (
    DECISIONS,
    ENGAGEMENTS,
    IN_HOURS,
    LICENSING_OBJECTIVES,
    WHERE,
)
from hotspot.schema import SOURCE_LABELS
from hotspot.services.actions import gates
from hotspot.services.premises import records_near
from hotspot.services.premises.assessments import Card
from hotspot.services.premises.book import Place
from hotspot.services.workspace import measure_catalogue

WHY, INCIDENTS, ENGAGEMENT, COMPARE, OPTIONS, PACK = (
    "Licence",
    "Incidents",
    "Engagement",
    "Comparison",
    "Options and actions",
    "Application",
)
_REACH_M = 500.0


@remember(premises_state, entries=10, spinner="Comparing ...")
def _comparison(
    actor: Actor, run: Run, sources: list[str], place: Place
) -> records_near.Comparison:
    return records_near.compare(session.workspace(), actor, run, sources, place)


def show_card(actor: Actor, run: Run, sources: list[str], card: Card) -> None:
    """Draw the card of premises, a part at a time."""
    first = card.registers.iloc[0]
    st.markdown(f"#### {plain(str(first['name']))}")
    standing = "For assessment" if card.is_listed else "Not for assessment"
    st.markdown(plain(f"{standing}: {'; '.join(card.why)}."))
    parts = [WHY, INCIDENTS, ENGAGEMENT]
    parts += [COMPARE] if may(actor, Operation.COMPARE_PREMISES) else []
    parts += [OPTIONS, PACK]
    part = st.segmented_control(
        "Part of the card",
        parts,
        default=WHY,
        required=True,
        key=state.CARD_PART,
        persist_state="session",
    )
    if part == WHY:
        _show_licence(actor, card)
    elif part == INCIDENTS:
        _show_incidents(actor, card)
    elif part == ENGAGEMENT:
        _show_engagement(actor, card)
    elif part == COMPARE:
        _show_comparison(actor, run, sources, card)
    elif part == OPTIONS:
        _show_options(actor, run, sources, card)
    else:
        show_pack(actor, card)


def _show_licence(actor: Actor, card: Card) -> None:
    table = card.registers
    st.dataframe(
        {
            "Register": table["source"].map(SOURCE_LABELS),
            "Reference": table["premises_ref"],
            "Name": table["name"],
            "Kind": table["kind"],
            "Address": table["address"],
            "Postcode": table["postcode"],
            "Authority": table["authority"],
            "Licensed for": table["activities"],
            "Until": table["open_until"],
        },
        hide_index=True,
        alt="Entries of registers that are these premises",
    )
    facts = gates.facts_of(session.workspace(), card.place)
    if facts.get("no_alcohol_by_retail"):
        st.info(
            "No sale of alcohol by retail: a summary review (s.53A) is not available; an "
            "application under s.51 is."
        )
    for number, decision in card.decisions:
        words = DECISIONS[decision.decision]
        st.caption(plain(f"{words}: {decision.reason} (entry {number})"))
    if may(actor, Operation.ASSESS_PREMISES):
        show_decision_form(actor, card)


def _show_incidents(actor: Actor, card: Card) -> None:
    if card.incidents:
        rows = [
            {
                "Entry": number,
                "Day": link.on_day,
                "Reference": link.reference,
                "Where": WHERE[link.where],
                "Hours": IN_HOURS[link.in_hours],
                "What": link.what,
                "Objectives": "; ".join(LICENSING_OBJECTIVES[one] for one in link.objectives),
                "Statement": "needed" if link.statement_needed else "",
            }
            for number, link in card.incidents
        ]
        tables.show_days(pd.DataFrame(rows), "Incidents linked to these premises", ["Day"])
    else:
        st.caption("No incident is linked yet.")
    if may(actor, Operation.ASSESS_PREMISES):
        show_incident_form(actor, card)
        show_withdraw_form(actor, card, [number for number, _ in card.incidents])


def _show_engagement(actor: Actor, card: Card) -> None:
    if card.engagements:
        rows = [
            {
                "Entry": number,
                "Day": one.on_day,
                "What": ENGAGEMENTS[one.kind],
                "Agreed or found": one.said,
                "Look again": one.follow_up_on,
            }
            for number, one in card.engagements
        ]
        tables.show_days(
            pd.DataFrame(rows), "What was done with the business", ["Day", "Look again"]
        )
    else:
        st.caption("Nothing is recorded yet.")
    if card.warned_on is None:
        st.info("No early warning is recorded. Guidance expects one first, save in grave matters.")
    if may(actor, Operation.NOTE_ENGAGEMENT):
        show_engagement_form(actor, card.place)
    if may(actor, Operation.ASSESS_PREMISES):
        show_withdraw_form(actor, card, [number for number, _ in card.engagements])


def _show_comparison(actor: Actor, run: Run, sources: list[str], card: Card) -> None:
    st.caption(
        "Others of the same kind and closing time, counted by the same rule over the same period: "
        "not the largest, not the most policed. It is for you, and never part of an application."
    )
    try:
        comparison = _comparison(actor, run, sources, card.place)
    except HotspotError as error:
        st.info(plain(str(error)))
        return
    st.markdown(plain(comparison.sentence()))
    st.dataframe(
        {
            "Recorded within 25 m": comparison.table["recorded"],
            "Premises": comparison.table["premises"],
        },
        hide_index=True,
        width="content",
        alt="Similar premises by what was recorded at them",
    )
    st.caption("Would these premises be looked at if another owned them? The rule is one for all.")


def _show_options(actor: Actor, run: Run, sources: list[str], card: Card) -> None:
    facts = gates.facts_of(session.workspace(), card.place)
    facts["no_linked_incident"] = not any(link.where != "nearby" for _, link in card.incidents)
    facts["no_early_warning"] = card.warned_on is None
    rows = []
    for measure in measure_catalogue.premises_routes(session.workspace()):
        stopping = [g for g in measure.gates if facts.get(g.when) and g.level == "error"]
        warning = [g for g in measure.gates if facts.get(g.when) and g.level == "warning"]
        stands = "Not open" if stopping else "Open, but" if warning else "Open"
        rows.append(
            {
                "Measure": measure.name,
                "Stands": stands,
                "Decided by": measure.decided_by,
                "Why": " ".join(gate.words for gate in stopping or warning),
            }
        )
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        alt="Routes, and which are open here",
        column_config={"Why": st.column_config.TextColumn(width="large")},
    )
    st.caption("None of them needs the child's co-operation.")
    st.markdown("##### Actions")
    tables.show_actions_table(card.actions)
    if not may(actor, Operation.RECORD_ACTION):
        return
    near = premises_of(actor, run, sources, _REACH_M)
    group = set(zip(card.registers["source"], card.registers["premises_ref"], strict=True))
    pairs = zip(near["source"], near["premises_ref"], strict=True)
    own = near[np.array([pair in group for pair in pairs], dtype=bool)].sort_values("distance_m")
    if own.empty:
        st.caption("No hotspot of this view lies within 500 m: the premises become one themselves.")
        name = str(card.registers["name"].iloc[0])
        show_action_form(actor, run, sources, "", card.registers.head(1), label=name)
        return
    key = str(own["key"].iloc[0])
    show_action_form(actor, run, sources, key, own[own["key"] == key])
