"""Write deadlines as a calendar file: the measure and a reference, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from hotspot.disruption.clocks import Deadline

_WARN_BEFORE = timedelta(days=-3)


def calendar_file(
    measure: str, reference: str, deadlines: Sequence[Deadline], made_at: datetime
) -> bytes:
    """Write deadlines as iCalendar (RFC 5545), each with an alarm three days before.

    Parameters
    ----------
    measure
        Code of the measure.
    reference
        What the force calls the case; no name of a person or premises belongs in it.
    made_at
        When it is written, with a time zone.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Hotspot//deadlines//EN")
    calendar.add("version", "2.0")
    for deadline in deadlines:
        event = Event()
        event.add("uid", f"{measure}-{reference}-{deadline.step}@hotspot")
        event.add("dtstamp", made_at.astimezone(UTC))
        event.add("summary", f"{measure} {reference}: {deadline.says}".replace("  ", " "))
        event.add("dtstart", deadline.due_at or deadline.due_on)
        event.add("transp", "TRANSPARENT")
        event.add(
            "description",
            " ".join(
                filter(
                    None,
                    (
                        f"{deadline.rule} ({deadline.source}).",
                        deadline.assumption,
                        "; ".join(deadline.cautions),
                    ),
                )
            ),
        )
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", deadline.says)
        alarm.add("trigger", _WARN_BEFORE)
        event.add_component(alarm)
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def reminder_file(entries: Sequence[tuple[str, str, date]], made_at: datetime) -> bytes:
    """Write days as iCalendar (RFC 5545), for a calendar that reads them again and again.

    Parameters
    ----------
    entries
        What tells an entry from others, what is due, and on which day.
    made_at
        When it is written, with a time zone.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Hotspot//reminders//EN")
    calendar.add("version", "2.0")
    for name, words, day in entries:
        event = Event()
        event.add("uid", f"{name.replace(' ', '-')}@hotspot")
        event.add("dtstamp", made_at.astimezone(UTC))
        event.add("summary", words)
        event.add("dtstart", day)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
