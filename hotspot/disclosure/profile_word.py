"""Write the profile of a month as a Word document, marked on every page."""

from __future__ import annotations

from collections.abc import Callable

from docx.document import Document as WordDocument

from hotspot.disclosure.profile import Audience, Profile, ProfilePlace
from hotspot.disclosure.word import (
    Cover,
    bullets,
    clean,
    content_of,
    day_of,
    new_document,
    picture,
    table,
    text,
)
from hotspot.schema import how_many

Draw = Callable[[Profile, ProfilePlace], bytes]
"""Draws a picture (PNG) of a place."""

_MAP_CM, _GRID_CM = 15.0, 13.0
_NO_PERSON = (
    "No child is named, described or drawn here. Counts are of distinct children on whose records "
    "a hotspot rests; the same child can count in more than one."
)


def write_profile(profile: Profile, draw_map: Draw, draw_hours: Draw) -> bytes:
    """Write a profile as Word (Office Open XML).

    Parameters
    ----------
    profile
        What may leave, already suppressed.
    draw_map, draw_hours
        Draw a place on the ground, and its hours of the week, as PNG.

    Returns
    -------
    bytes
        The document: British English, headings, tables with header rows, pictures with text in
        their place, marking and handling line on every page. It asks no host for anything.
    """
    document = new_document(
        Cover(
            f"Profile {profile.name}",
            profile.marking,
            f"{profile.handling}\nMade {day_of(profile.made_at)} {profile.made_at:%H:%M} UTC "
            f"by {profile.made_by} for {profile.recipients}.",
        )
    )
    _front(document, profile)
    _victims(document, profile)
    _offenders(document, profile)
    document.add_heading("Locations", 1).paragraph_format.page_break_before = True
    if not profile.places:
        text(document, "No hotspot is shown.")
    for number, place in enumerate(profile.places):
        heading = document.add_heading(clean(place.label), 2)
        heading.paragraph_format.page_break_before = number > 0
        _place(document, profile, place, draw_map, draw_hours)
    document.add_heading("Themes", 1)
    bullets(document, profile.themes, "Nothing stands out over all the hotspots.")
    document.add_heading("What this rests on", 1)
    table(
        document,
        {"Source": 6, "Months": 4, "Records": 2.6, "Last refreshed": 4},
        [(s.label, s.months, s.records, day_of(s.refreshed_on)) for s in profile.sources],
    )
    bullets(document, profile.method)
    if profile.attribution:
        text(document, profile.attribution)
    return content_of(document)


def _front(document: WordDocument, profile: Profile) -> None:
    document.add_heading(clean(f"Problem profile {profile.name}"), 0)
    text(document, f"{profile.force}. {profile.period}.")
    if profile.is_demo:
        text(document, "Demonstration: invented data.", is_bold=True)
    counts = (
        "Counts under 5 are written <5 and others rounded to 5."
        if profile.audience is Audience.PARTNERS
        else "Counts are those of the records; this version stays inside the force."
    )
    text(
        document,
        f"From the snapshot frozen on {day_of(profile.frozen_at)} by {profile.frozen_by}. "
        f"{counts} A hotspot is a place where much was recorded; it is no proof of what happened "
        "there, and says nothing about any business in or near it.",
    )
    table(
        document,
        {
            "Hotspot": 5.6,
            "What became of it": 4.4,
            "Records": 2.1,
            "Children": 2.1,
            "Open actions": 2.4,
        },
        [(p.label, p.change, p.events, p.children, str(len(p.actions))) for p in profile.places],
    )
    withheld = [
        f"{how_many(count, 'hotspot')} withheld: {reason}."
        for reason, count in sorted(profile.withheld.items())
    ]
    bullets(document, withheld, "No hotspot is withheld.")
    if profile.gone:
        text(document, f"No longer hotspots: {'; '.join(profile.gone)}.")


def _victims(document: WordDocument, profile: Profile) -> None:
    document.add_heading("Victims", 1)
    text(document, _NO_PERSON)
    if any(place.children == "not known" for place in profile.places):
        text(document, "Where children are not known, the records do not tell them apart.")


def _offenders(document: WordDocument, profile: Profile) -> None:
    document.add_heading("Offenders", 1)
    text(document, "Hotspot keeps no person. Orders and notices against persons are counted only.")
    if profile.people:
        table(document, {"Open measure against a person": 13, "How many": 3}, profile.people)


def _place(
    document: WordDocument,
    profile: Profile,
    place: ProfilePlace,
    draw_map: Draw,
    draw_hours: Draw,
) -> None:
    picture(document, draw_map(profile, place), _MAP_CM, f"Map of {place.label}: its outline.")
    text(
        document,
        f"{place.change} {place.events} records, {place.children} children; {place.period}.",
    )
    document.add_heading("When", 3)
    bullets(document, [place.hours, *place.year])
    if place.grid:
        picture(document, draw_hours(profile, place), _GRID_CM, f"Hours of the week: {place.hours}")
    document.add_heading("Findings", 3)
    if place.findings:
        table(document, {"Kind": 3.6, "Finding": 13}, place.findings)
    else:
        text(document, "No finding is signed.")
    document.add_heading("What could be wrong", 3)
    bullets(document, place.caveats)
    document.add_heading("Open actions", 3)
    if place.actions:
        rows = [
            (
                a.measure,
                a.agency,
                f"{day_of(a.due_on)}{' (overdue)' if a.is_overdue else ''}",
                a.state,
            )
            for a in place.actions
        ]
        table(document, {"Measure": 5.6, "Agency": 4.6, "Due": 4, "State": 2.4}, rows)
    else:
        text(document, "None.")
