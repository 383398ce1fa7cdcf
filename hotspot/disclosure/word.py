"""Write Word documents: what all of them share. They are marked on every page."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INK = RGBColor(0x14, 0x30, 0x5C)


@dataclass(frozen=True)
class Cover:
    """What stands at the head and foot of every page, and in the file's properties.

    Attributes
    ----------
    title
        Of the document.
    head
        Protective marking, or what the document is.
    foot
        Handling line, who made it when and for whom.
    """

    title: str
    head: str
    foot: str


def new_document(cover: Cover) -> WordDocument:
    """Begin a document: A4, British English, head and foot on every page."""
    document = Document()
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
        paragraph.add_run(clean(cover.head)).bold = True
    foot.add_run(f"\n{clean(cover.foot)} Page ").font.size = Pt(8)
    _add_page_number(foot)
    properties = document.core_properties
    properties.title = clean(cover.title)[:255]
    properties.author, properties.language, properties.comments = "Hotspot", "en-GB", ""
    properties.subject = clean(cover.head)[:255]
    return document


def content_of(document: WordDocument) -> bytes:
    """Return the file of a document: it asks no host for anything."""
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def add_watermark(document: WordDocument, words: str) -> None:
    """Write words across every page, behind the text."""
    section = document.sections[0]
    run = section.header.paragraphs[0].add_run()
    run._r.append(parse_xml(_WATERMARK.format(pict=nsdecls("w"), words=words)))  # noqa: SLF001


_WATERMARK = (
    '<w:pict {pict} xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office">'
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
    'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/>'
    '<v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
    '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
    '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="none"/><v:textpath on="t" fitshape="t"/>'
    '</v:shapetype><v:shape id="watermark" o:spid="_x0000_s2049" type="#_x0000_t136" '
    'style="position:absolute;margin-left:0;margin-top:0;width:460pt;height:110pt;rotation:315;'
    "z-index:-251658752;mso-position-horizontal:center;"
    "mso-position-horizontal-relative:margin;mso-position-vertical:center;"
    'mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#c8c8c8" stroked="f">'
    '<v:fill opacity=".5"/><v:textpath style="font-family:Arial" string="{words}"/></v:shape>'
    "</w:pict>"
)


def text(document: WordDocument, words: str, *, is_bold: bool = False) -> None:
    """Write a paragraph."""
    document.add_paragraph().add_run(clean(words)).bold = is_bold


def bullets(document: WordDocument, sentences: Sequence[str], otherwise: str = "") -> None:
    """Write a list, or what stands for an empty one."""
    for sentence in sentences:
        document.add_paragraph(clean(sentence), style="List Bullet")
    if not sentences and otherwise:
        text(document, otherwise)


def table(
    document: WordDocument,
    columns: Mapping[str, float],
    rows: Sequence[Sequence[str]],
) -> None:
    """Write a table of columns of so many centimetres; its first row is repeated on each page."""
    made = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    made.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - python-docx has no public way
    for cell, title in zip(made.rows[0].cells, columns, strict=True):
        cell.paragraphs[0].add_run(title).bold = True
    for row in rows:
        for cell, words in zip(made.add_row().cells, row, strict=True):
            cell.text = clean(words)
    made.autofit = False
    for column, width in zip(made.columns, columns.values(), strict=True):
        column.width = Cm(width)
    for line in made.rows:
        for cell, width in zip(line.cells, columns.values(), strict=True):
            cell.width = Cm(width)
    document.add_paragraph()


def picture(document: WordDocument, png: bytes, width_cm: float, instead: str) -> None:
    """Put in a picture with the text that stands for it."""
    shape = document.add_picture(io.BytesIO(png), width=Cm(width_cm))
    shape._inline.docPr.set("descr", clean(instead))  # noqa: SLF001 - python-docx has no public way


def _add_page_number(paragraph: Paragraph) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no public way


def day_of(day: date) -> str:
    """Write a day as documents do."""
    return f"{day.day} {day:%B %Y}"


def clean(words: str) -> str:
    """Leave out the characters that XML cannot hold."""
    return _NOT_XML.sub("", words)
