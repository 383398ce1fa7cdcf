"""Read hours as registers write them: `10:00-02:00`, `m-su 0800-0230`, "2am", "Fri & Sat 03:00".

What cannot be read is unknown, never guessed: "licensee's discretion" has no hours, and a line with
an exception ("except Sunday") has none that are certain.
"""

from __future__ import annotations

import re
from functools import lru_cache

NOON, DAY = 720, 1440
_LATEST_HOUR = 30
"""Hours up to 29 are of the next day: 24:30 and 26:00 are half past midnight and two."""
_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_NAMED = {
    **{name: (n,) for n, name in enumerate(_DAYS)},
    **{name: (n,) for n, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
    "tues": (1,),
    "weds": (2,),
    "thur": (3,),
    "thurs": (3,),
    "m": (0,),
    "w": (2,),
    "f": (4,),
    "s": (5,),
    "ms": (0, 5),
    "fs": (4, 5),
    "ss": (5, 6),
    "monday": (0,),
    "tuesday": (1,),
    "wednesday": (2,),
    "thursday": (3,),
    "friday": (4,),
    "saturday": (5,),
    "sunday": (6,),
    "mondays": (0,),
    "tuesdays": (1,),
    "wednesdays": (2,),
    "thursdays": (3,),
    "fridays": (4,),
    "saturdays": (5,),
    "sundays": (6,),
    **dict.fromkeys(("daily", "everyday", "weekly"), tuple(range(7))),
    **dict.fromkeys(("weekdays", "weekday"), tuple(range(5))),
    **dict.fromkeys(("weekends", "weekend"), (5, 6)),
}
_FILLING = """
and on from open opens closes close closing each every day inclusive hrs hours hour h the following
morning next at all then
"""
_WORDS = frozenset(_FILLING.split())
"""Words that say nothing more than the days and times beside them do."""
_TIME = (
    r"(?P<h>\d{1,2})[:.](?P<m>\d{2})(?:[:.]\d{2})?\s*(?P<half>[ap]\.?m\b\.?)?"
    r"|(?P<packed>\d{4})(?:hrs|h)?\b"
    r"|(?P<bare>\d{1,2})\s*(?P<of>[ap]\.?m\b\.?)"
)
_TOKEN = re.compile(rf"(?:{_TIME})|(?P<word>[a-z]+)|(?P<dash>-)|(?P<mark>[,;/&+|()])|(?P<other>\S)")
_EVER = re.compile(r"(?:open )?(?:24|twenty[- ]four)\s*(?:-?\s*hours?|hrs?|/\s*7)(?: a day)?")
_ANY_DAY = r"(?:ph|sh|(?:public|bank|school) holidays?|(?:mo|tu|we|th|fr|sa|su)[a-z]*)"
_CLOSED = re.compile(rf"[;,]?\s*\b{_ANY_DAY}(?:\s*[-,&]\s*{_ANY_DAY})*\s*:?\s*(?:off|closed)\b")
"""Days of no hours, as OpenStreetMap and registers write them: "PH off", "Tue closed"."""
_SPREADSHEET = re.compile(r"1(?:899-12-3[01]|900-01-0[01])[t ]")

Token = tuple[str, tuple[int, ...]]
"""What a piece of a text is ("days", "time", "dash"), and the days or the minutes that it says."""
Span = tuple[int, int]
"""Opening and closing, in minutes after the day's midnight; beyond 1440 of the next day."""


@lru_cache(maxsize=20_000)
def hours_of(text: str) -> dict[int, tuple[Span, ...]] | None:
    """Read the hours of each day of the week (0 is Monday).

    A time alone is taken for the closing: its opening is not known, and stands as its own closing.

    Returns
    -------
    dict or None
        Spans by day; `None` where the text has no hours that are certain.

    Examples
    --------
    >>> hours_of("m-su 0800-0230")[6]
    ((480, 1590),)
    >>> hours_of("licensee's discretion") is None
    True
    """
    plain = _plain(text)
    if _EVER.fullmatch(plain):
        return dict.fromkeys(range(7), ((0, DAY),))
    share = re.fullmatch(r"0?\.\d+|0|1(?:\.0+)?", plain)
    if share:
        return _with_closing(round(float(plain) * DAY) % DAY or DAY)
    tokens = _tokens(plain)
    if tokens is None or not any(kind == "time" for kind, _ in tokens):
        return None
    spans_by_day: dict[int, list[Span]] = {}
    for days, spans in _groups(tokens) or []:
        for day in days:
            spans_by_day.setdefault(day, []).extend(spans)
    return {day: tuple(spans) for day, spans in sorted(spans_by_day.items())} or None


def latest_closing(text: str | None) -> int | None:
    """Return the latest closing of a week in minutes after noon; `None` where it is not known.

    A place that never closes is open until noon of the next day, to the minute before.

    Examples
    --------
    >>> [latest_closing(said) for said in ("23:00", "2am", "10:00-02:00", "24 hours", "?")]
    [660, 840, 840, 1439, None]
    """
    hours = hours_of(text.strip()) if isinstance(text, str) and text.strip() else None
    if hours is None:
        return None
    return max(_after_noon(*span) for spans in hours.values() for span in spans)


def _after_noon(start: int, end: int) -> int:
    """Return a closing in minutes after noon: what closes in the morning is closed at noon."""
    if end - start >= DAY:
        return DAY - 1
    if start == end:  # a closing alone: the small hours are the night's
        return (end - NOON) % DAY
    return min(max(end - NOON, 0), DAY - 1)


def clock(after_noon: int) -> str:
    """Write minutes after noon as a time of day."""
    return f"{(after_noon + NOON) % DAY // 60:02}:{after_noon % 60:02}"


def _plain(text: str) -> str:
    plain = " ".join(text.casefold().split())
    plain = _CLOSED.sub("", _SPREADSHEET.sub("", plain))
    plain = re.sub(r"[\u2010-\u2015]|\b(?:to|until|till|til|through)\b", "-", plain)
    plain = re.sub(r"\b(?:12 ?)?mid-?night\b", "24:00", plain)
    plain = re.sub(r"\b(?:12 ?)?(?:noon|midday)\b", "12:00", plain)
    return re.sub(r"\bmon(?:day)?s? ?- ?thurs?\b", "mon-thu", plain)


def _tokens(plain: str) -> list[Token] | None:
    """Part a text into days, times and dashes; `None` where something else is in it."""
    tokens: list[Token] = []
    for each in _TOKEN.finditer(plain):
        if each["word"]:
            if each["word"] in _NAMED:
                tokens.append(("days", _NAMED[each["word"]]))
            elif each["word"] not in _WORDS:
                return None
        elif each["dash"]:
            tokens.append(("dash", ()))
        elif each["other"] and each["other"] not in ".:":
            return None
        elif each["h"] or each["packed"] or each["bare"]:
            time = _minutes(each)
            if time is None:
                return None
            tokens.append(("time", (time,)))
    return tokens


def _minutes(each: re.Match[str]) -> int | None:
    if each["packed"]:
        hour, minute = int(each["packed"][:2]), int(each["packed"][2:])
    else:
        hour, minute = int(each["h"] or each["bare"]), int(each["m"] or 0)
    half = each["half"] or each["of"]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    is_time = minute < 60 and hour < _LATEST_HOUR
    return hour * 60 + minute if is_time else None


def _groups(
    tokens: list[Token],
) -> list[tuple[list[int], list[Span]]] | None:
    """Put days and their times together, whichever stands first; `None` where it is not clear."""
    if tokens[-1][0] == "days" and tokens[0][0] == "time":
        tokens = _turned(tokens)
    groups: list[tuple[list[int], list[Span]]] = []
    at = 0
    while at < len(tokens):
        days, at = _days(tokens, at)
        times, at = _times(tokens, at)
        if times is None:
            return None
        if not times and at < len(tokens):
            return None
        groups.append((days or list(range(7)), times))
    return groups


def _turned(
    tokens: list[Token],
) -> list[Token]:
    """Put the days of "23:00 Sun-Thu, 02:00 Fri-Sat" before their times."""
    parts: list[list[Token]] = [[]]
    for n, token in enumerate(tokens):
        if token[0] == "time" and n and tokens[n - 1][0] == "days":
            parts.append([])
        parts[-1].append(token)
    turned = []
    for part in parts:
        first = next((n for n, token in enumerate(part) if token[0] == "days"), len(part))
        turned += [*part[first:], *part[:first]]
    return turned


def _days(tokens: list[Token], at: int) -> tuple[list[int], int]:
    """Read days and spans of days, also over the end of the week."""
    days: list[int] = []
    while at < len(tokens) and tokens[at][0] in ("days", "dash"):
        if tokens[at][0] == "dash":
            is_span = days and at + 1 < len(tokens) and tokens[at + 1][0] == "days"
            if is_span:
                last = tokens[at + 1][1][0]
                days += [(days[-1] + n) % 7 for n in range(1, (last - days[-1]) % 7 + 1)]
                at += 1
        else:
            days += tokens[at][1]
        at += 1
    return days, at


def _times(tokens: list[Token], at: int) -> tuple[list[Span] | None, int]:
    """Read spans, or one closing; `None` in place of them where it is not clear which they are."""
    spans: list[Span] = []
    while at < len(tokens) and tokens[at][0] == "time":
        start = tokens[at][1][0]
        is_span = [kind for kind, _ in tokens[at + 1 : at + 3]] == ["dash", "time"]
        if is_span:
            end = tokens[at + 2][1][0]
            spans.append((start, end if end > start else end + DAY))
            at += 3
        elif spans:
            return None, at  # a time alone beside a span: which it is cannot be told
        else:
            spans.append((start, start))
            at += 1
    return spans, at


def _with_closing(end: int) -> dict[int, tuple[Span, ...]]:
    return dict.fromkeys(range(7), ((end, end),))
