"""How large the meeting is drawn: by the height of the screen, to be read from three metres."""

from __future__ import annotations

_LETTERS = "max(2.3vh,1rem)"
_TEXTS = (
    "p,li,label,button,input,textarea,td,th,summary,pre,a,span[data-baseweb],"
    "[data-testid=stCaptionContainer] *,[data-baseweb=select] *,[data-testid=stDateInput] *"
)
STYLE = (
    "<style>"
    f".stMainBlockContainer{{font-size:{_LETTERS}}}"
    f".stMainBlockContainer :is({_TEXTS}){{font-size:{_LETTERS};line-height:1.3}}"
    f"[data-baseweb=popover] li{{font-size:{_LETTERS}}}"
    ".stMainBlockContainer h3{font-size:3.6vh;padding:0}"
    ".stMainBlockContainer h4{font-size:2.8vh;padding:0}"
    ".stMainBlockContainer [data-testid=stMetricValue] *{font-size:4.4vh !important;"
    "line-height:1.1;white-space:normal}"
    ".st-key-meeting_late p{font-size:9vh !important;font-weight:700;line-height:1}"
    ".st-key-meeting_stands p{font-size:4.4vh !important;line-height:1.1}"
    ".st-key-meeting_news p{font-size:2.8vh !important;font-weight:600}"
    ".st-key-meeting_minutes :is(td,th){border:1px solid;padding:.2em .4em;text-align:left;"
    "vertical-align:top}"
    ".stMainBlockContainer [data-testid=stVerticalBlock]{gap:.6rem}"
    ".stSidebar{display:none}</style>"
)
"""The loudest thing on the page of an action is by how many days it is late."""
