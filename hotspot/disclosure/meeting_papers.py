"""Write the agenda of a meeting on one printed page, and a text for each owner to be mailed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jinja2 import Environment

from hotspot.disclosure.word import day_of

Rows = Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class AgendaPaper:
    """What the agenda of a meeting holds: banded numbers and names that others know.

    Attributes
    ----------
    name, held_on, chair, force
        Which meeting.
    expected
        Name and agency of those who are there, or were the last time.
    asked
        Place, measure, owner, day due and how late, of each open action.
    hotspots
        Name, children, records, what is new, open actions.
    withheld
        How many hotspots are withheld, in words.
    marking, handling
        What stands on the page.
    """

    name: str
    held_on: date
    chair: str
    force: str
    expected: Rows
    asked: Rows
    hotspots: Rows
    withheld: str
    marking: str
    handling: str


@dataclass(frozen=True)
class Mail:
    """What is written to one owner: whom, of which agency, about what, and the lines."""

    owner: str
    agency: str
    subject: str
    lines: Sequence[str]
    close: str

    @property
    def text(self) -> str:
        """Return the text as it is mailed."""
        lines = [f"{self.owner},", "", "These actions are yours:", *(f"- {x}" for x in self.lines)]
        return "\n".join([*lines, *(["", self.close] if self.close else [])])


@dataclass(frozen=True)
class Mails:
    """The texts for all owners, with marking and handling line."""

    marking: str
    handling: str
    mails: Sequence[Mail]


def write_agenda(agenda: AgendaPaper) -> bytes:
    """Write the agenda as an HTML page that prints on one sheet of A4."""
    return _AGENDA.render(a=agenda, day=day_of(agenda.held_on)).encode()


def write_mails(mails: Mails) -> bytes:
    """Write the texts for the owners as one HTML page, to be copied from."""
    return _MAILS.render(m=mails).encode()


_HEAD = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>@page{size:A4;margin:12mm}
body{font:10.5pt/1.3 Arial,sans-serif;max-width:186mm;margin:1rem auto;padding:0 1rem;color:#111;
background:#fff}
@media print{body{margin:0;padding:0}}
.marking{text-align:center;font-weight:bold;margin:0}
h1{font-size:15pt;margin:.2em 0}h2{font-size:11.5pt;margin:.6em 0 .2em}
h1,h2{color:#14305c}p{margin:.2em 0}
table{border-collapse:collapse;width:100%;font-size:9pt}
th,td{border:1px solid #888;padding:1px 4px;text-align:left;vertical-align:top}
pre{white-space:pre-wrap;border:1px solid #888;padding:.5em;font:10.5pt/1.4 Arial,sans-serif}
</style>"""
_TABLE = """{% macro table(columns, rows, empty) %}{% if rows %}<table><thead><tr>
{% for c in columns %}<th scope="col">{{ c }}</th>{% endfor %}</tr></thead><tbody>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table>{% else %}<p>{{ empty }}</p>{% endif %}{% endmacro %}"""
_AGENDA = Environment(autoescape=True).from_string(
    _TABLE
    + _HEAD
    + """<title>Agenda: {{ a.name }}</title></head><body>
<p class="marking">{{ a.marking }}</p><main>
<h1>Agenda: {{ a.name }}</h1>
<p>{{ a.force }}. Held on {{ day }}. Chair: {{ a.chair }}.</p>
<h2>1. Attendance and apologies</h2>
<p>{% for name, agency in a.expected %}{{ name }} ({{ agency }}){% if not loop.last %}; {% endif %}
{% else %}To be noted.{% endfor %}</p>
<h2>2. Matters arising</h2>
{{ table(("Place", "Measure", "Owner", "Due", "Late"), a.asked, "No action is open.") }}
<h2>3. Hotspots</h2>
{{ table(("Place", "Children", "Records", "Change", "Open actions"), a.hotspots, "None.") }}
<p>{{ a.withheld }}</p>
<h2>4. Any other business</h2>
<h2>5. Next meeting</h2></main>
<p>{{ a.handling }}</p><p class="marking">{{ a.marking }}</p></body></html>
"""
)
_MAILS = Environment(autoescape=True).from_string(
    _HEAD
    + """<title>Texts for the owners</title></head><body>
<p class="marking">{{ m.marking }}</p><main><h1>Texts for the owners</h1>
{% for mail in m.mails %}<h2>{{ mail.owner }}, {{ mail.agency }}</h2>
<p>Subject: {{ mail.subject }}</p><pre>{{ mail.text }}</pre>
{% else %}<p>No action is open.</p>{% endfor %}</main>
<p>{{ m.handling }}</p><p class="marking">{{ m.marking }}</p></body></html>
"""
)
