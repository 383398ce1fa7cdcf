"""Write the profile of a month as a Word document, marked on every page."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from hotspot.disclosure.profile import Audience, Profile, ProfilePlace

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Draw = Callable[[Profile, ProfilePlace], bytes]
"""Draws a picture (PNG) of a place."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INK = RGBColor(0x14, 0x30, 0x5C)
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
    document = Document()
    _set_up(document, profile)
    _front(document, profile)
    _victims(document, profile)
    _offenders(document, profile)
    document.add_heading("Locations", 1).paragraph_format.page_break_before = True
    if not profile.places:
        _text(document, "No hotspot is shown.")
    for number, place in enumerate(profile.places):
        heading = document.add_heading(_clean(place.label), 2)
        heading.paragraph_format.page_break_before = number > 0
        _place(document, profile, place, draw_map, draw_hours)
    document.add_heading("Themes", 1)
    _bullets(document, profile.themes, "Nothing stands out over all the hotspots.")
    document.add_heading("What this rests on", 1)
    _table(
        document, {"Source": 6, "Months": 4, "Records": 2.6, "Last refreshed": 4},
        [(s.label, s.months, s.records, _day(s.refreshed_on)) for s in profile.sources],
    )  # fmt: skip
    _bullets(document, profile.method)
    if profile.attribution:
        _text(document, profile.attribution)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _set_up(document: WordDocument, profile: Profile) -> None:
    """Set language, letters, and the marking at the head and foot of every page."""
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    normal.element.get_or_add_rPr().append(language)
    for level in (0, 1, 2, 3):
        style = document.styles["Title" if level == 0 else f"Heading {level}"]
        style.font.name, style.font.color.rgb = "Arial", _INK
        style.element.rPr.rFonts.attrib.clear()
        style.element.rPr.rFonts.set(qn("w:ascii"), "Arial")
        style.element.rPr.rFonts.set(qn("w:hAnsi"), "Arial")
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    for paragraph in (head, foot):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(_clean(profile.marking)).bold = True
    foot.add_run(
        f"\n{_clean(profile.handling)}\nMade {_day(profile.made_at)} {profile.made_at:%H:%M} UTC "
        f"by {_clean(profile.made_by)} for {_clean(profile.recipients)}. Page "
    ).font.size = Pt(8)
    _add_page_number(foot)
    properties = document.core_properties
    properties.title = _clean(f"Profile {profile.name}")[:255]
    properties.author, properties.language, properties.comments = "Hotspot", "en-GB", ""
    properties.subject = _clean(profile.marking)[:255]


def _front(document: WordDocument, profile: Profile) -> None:
    document.add_heading(_clean(f"Problem profile {profile.name}"), 0)
    _text(document, f"{profile.force}. {profile.period}.")
    if profile.is_demo:
        _text(document, "Demonstration: invented data.", is_bold=True)
    counts = (
        "Counts under 5 are written <5 and others rounded to 5."
        if profile.audience is Audience.PARTNERS
        else "Counts are those of the records; this version stays inside the force."
    )
    _text(
        document,
        f"From the snapshot frozen on {_day(profile.frozen_at)} by {profile.frozen_by}. "
        f"{counts} A hotspot is a place where much was recorded; it is no proof of what happened "
        "there, and says nothing about any business in or near it.",
    )
    _table(
        document,
        {
            "Hotspot": 5.6, "What became of it": 4.4, "Records": 2.1, "Children": 2.1,
            "Open actions": 2.4,
        },
        [
            (p.label, p.change, p.events, p.children, str(len(p.actions)))
            for p in profile.places
        ],
    )  # fmt: skip
    withheld = [
        f"{count} hotspot(s) withheld: {reason}."
        for reason, count in sorted(profile.withheld.items())
    ]
    _bullets(document, withheld, "No hotspot is withheld.")
    if profile.gone:
        _text(document, f"No longer hotspots: {'; '.join(profile.gone)}.")


def _victims(document: WordDocument, profile: Profile) -> None:
    document.add_heading("Victims", 1)
    _text(document, _NO_PERSON)
    if any(place.children == "not known" for place in profile.places):
        _text(document, "Where children are not known, the records do not tell them apart.")


def _offenders(document: WordDocument, profile: Profile) -> None:
    document.add_heading("Offenders", 1)
    _text(document, "Hotspot keeps no person. Orders and notices against persons are counted only.")
    if profile.people:
        _table(document, {"Open measure against a person": 13, "How many": 3}, profile.people)


def _place(
    document: WordDocument,
    profile: Profile,
    place: ProfilePlace,
    draw_map: Draw,
    draw_hours: Draw,
) -> None:
    _picture(document, draw_map(profile, place), _MAP_CM, f"Map of {place.label}: its outline.")
    _text(document, f"{place.change} {place.events} records, {place.children} children; "
                    f"{place.period}.")  # fmt: skip
    document.add_heading("When", 3)
    _bullets(document, [place.hours, *place.year])
    if place.grid:
        _picture(document, draw_hours(profile, place), _GRID_CM, f"Hours of the week: "
                 f"{place.hours}")  # fmt: skip
    document.add_heading("Findings", 3)
    if place.findings:
        _table(document, {"Kind": 3.6, "Finding": 13}, place.findings)
    else:
        _text(document, "No finding is signed.")
    document.add_heading("What could be wrong", 3)
    _bullets(document, place.caveats)
    document.add_heading("Open actions", 3)
    if place.actions:
        rows = [
            (a.measure, a.agency, f"{_day(a.due_on)}{' (overdue)' if a.is_overdue else ''}",
             a.state)
            for a in place.actions
        ]  # fmt: skip
        _table(document, {"Measure": 5.6, "Agency": 4.6, "Due": 4, "State": 2.4}, rows)
    else:
        _text(document, "None.")


def _text(document: WordDocument, text: str, *, is_bold: bool = False) -> None:
    document.add_paragraph().add_run(_clean(text)).bold = is_bold


def _bullets(document: WordDocument, sentences: Sequence[str], otherwise: str = "") -> None:
    for sentence in sentences:
        document.add_paragraph(_clean(sentence), style="List Bullet")
    if not sentences and otherwise:
        _text(document, otherwise)


def _table(
    document: WordDocument,
    columns: Mapping[str, float],
    rows: Sequence[Sequence[str]],
) -> None:
    """Write a table of columns of so many centimetres; its first row is repeated on each page."""
    table = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - python-docx has no public way
    for cell, title in zip(table.rows[0].cells, columns, strict=True):
        cell.paragraphs[0].add_run(title).bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = _clean(text)
    table.autofit = False
    for column, width in zip(table.columns, columns.values(), strict=True):
        column.width = Cm(width)
    for line in table.rows:
        for cell, width in zip(line.cells, columns.values(), strict=True):
            cell.width = Cm(width)
    document.add_paragraph()


def _picture(document: WordDocument, png: bytes, width_cm: float, instead: str) -> None:
    """Put in a picture with the text that stands for it."""
    shape = document.add_picture(io.BytesIO(png), width=Cm(width_cm))
    shape._inline.docPr.set("descr", _clean(instead))  # noqa: SLF001 - python-docx has no public way


def _add_page_number(paragraph: Paragraph) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no public way


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _clean(text: str) -> str:
    """Leave out the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)
