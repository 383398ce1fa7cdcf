"""Write the minutes of a disruption meeting, as HTML and as Word, marked and with recipients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jinja2 import Environment

from hotspot.disclosure.word import (
    Cover,
    bullets,
    clean,
    content_of,
    day_of,
    new_document,
    table,
    text,
)

Rows = Sequence[tuple[str, ...]]
_COLUMNS = {
    "present": ("Name", "Agency"),
    "asked": ("Place", "Measure", "Owner", "What was said", "Due now"),
    "agreed": ("Place", "Measure", "Owner", "Agency", "Due", "Why"),
    "declined": ("Place", "Measure", "Why"),
}
_WIDTHS = {
    "present": (8.0, 8.0),
    "asked": (3.4, 3.8, 2.8, 4.0, 2.6),
    "agreed": (2.8, 3.4, 2.6, 2.8, 2.4, 2.6),
    "declined": (4.0, 5.6, 7.0),
}
_TITLES = {
    "present": "Present",
    "asked": "What was agreed before",
    "agreed": "Agreed at this meeting",
    "declined": "Considered and decided against",
}
_EMPTY = {
    "present": "Nobody is noted.",
    "asked": "No action was asked after.",
    "agreed": "Nothing new was agreed.",
    "declined": "Nothing.",
}


@dataclass(frozen=True)
class Minutes:
    """What the minutes of a meeting hold: no count of children, no note and no reference.

    Attributes
    ----------
    name, held_on, chair, force
        Which meeting.
    present, asked, agreed, declined
        Rows of the tables, in the order of `_COLUMNS`.
    notes
        What was said.
    read_back
        Whether what was agreed was read out, in words.
    marking, handling, made_by, recipients
        What stands on every page.
    """

    name: str
    held_on: date
    chair: str
    force: str
    present: Rows
    asked: Rows
    agreed: Rows
    declined: Rows
    notes: Sequence[str]
    read_back: str
    marking: str
    handling: str
    made_by: str
    recipients: str

    @property
    def parts(self) -> list[tuple[str, tuple[str, ...], Rows, str]]:
        """Return title, columns, rows and what stands for none, of each table."""
        return [
            (_TITLES[name], _COLUMNS[name], getattr(self, name), _EMPTY[name]) for name in _TITLES
        ]


def write_minutes(minutes: Minutes) -> bytes:
    """Write minutes as Word (Office Open XML)."""
    document = new_document(
        Cover(
            f"Minutes: {minutes.name}",
            minutes.marking,
            f"{minutes.handling}\nMade by {minutes.made_by} for {minutes.recipients}.",
        )
    )
    document.add_heading(clean(f"Minutes: {minutes.name}"), 0)
    text(document, f"{minutes.force}. Held on {day_of(minutes.held_on)}. Chair: {minutes.chair}.")
    for name, (title, columns, rows, none) in zip(_TITLES, minutes.parts, strict=True):
        document.add_heading(title, 1)
        if rows:
            table(document, dict(zip(columns, _WIDTHS[name], strict=True)), rows)
        else:
            text(document, none)
    document.add_heading("Noted", 1)
    bullets(document, list(minutes.notes), "Nothing else.")
    text(document, minutes.read_back)
    return content_of(document)


def write_minutes_page(minutes: Minutes) -> bytes:
    """Write minutes as one HTML page that asks no host for anything."""
    return _PAGE.render(m=minutes, day=day_of(minutes.held_on)).encode()


_PAGE = Environment(autoescape=True).from_string("""<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Minutes: {{ m.name }}</title>
<style>
body{font:16px/1.5 Arial,sans-serif;max-width:60rem;margin:1rem auto;padding:0 1rem;color:#111;
background:#fff}
.marking{text-align:center;font-weight:bold}
table{border-collapse:collapse;width:100%}
th,td{border:1px solid #666;padding:.3rem .5rem;text-align:left;vertical-align:top}
h1,h2{color:#14305c}
</style></head><body>
<p class="marking">{{ m.marking }}</p><main>
<h1>Minutes: {{ m.name }}</h1>
<p>{{ m.force }}. Held on {{ day }}. Chair: {{ m.chair }}.</p>
{% for title, columns, rows, empty in m.parts %}<h2>{{ title }}</h2>
{% if rows %}<table><thead><tr>{% for c in columns %}<th scope="col">{{ c }}</th>{% endfor %}</tr>
</thead><tbody>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table>{% else %}<p>{{ empty }}</p>{% endif %}
{% endfor %}<h2>Noted</h2>
{% if m.notes %}<ul>{% for note in m.notes %}<li>{{ note }}</li>{% endfor %}</ul>
{% else %}<p>Nothing else.</p>{% endif %}
<p>{{ m.read_back }}</p></main>
<p class="marking">{{ m.marking }}</p>
<p>{{ m.handling }} Made by {{ m.made_by }} for {{ m.recipients }}.</p>
</body></html>
""")
