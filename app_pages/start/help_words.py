"""The words of the help: what terms mean, and which keys do what."""

from __future__ import annotations

from hotspot.disclosure.suppression import BAND_WORDS

GLOSSARY = {
    "Hotspot": "Ground on which more was recorded, of more children, than the settings ask for. It "
    "says where to look, not what happened there or who did it.",
    "Cell": "One hexagon of the H3 grid. Records are counted by cell; cells are drawn, never "
    "records.",
    "Weight": "What a cell counts: records, each child once a cell and 28 days unless you choose "
    "otherwise, so that one child who is missing often does not make a hotspot.",
    "Reach": "How far apart two records may lie and still support each other.",
    "Set aside": "A cluster that is no hotspot because too few distinct children are in it, or a "
    "record that is kept but not counted. Nothing is thrown away without a word.",
    "Driven by one child": "Without that child's records the hotspot dissolves. Raise it with the "
    "child's lead professional; do not brief it as a hotspot.",
    "Banded": f"A small count {BAND_WORDS}, as others than the analysts see it, so that no child "
    "can be worked out from it.",
    "Withheld": "Not shown to this reader, to protect children. That something is withheld is "
    "always said, what it is never.",
    "Masked area": "Ground around a sensitive site, such as a children's home, where records are "
    "left out. Nothing shown there does not mean that nothing happened.",
    "As last frozen": "The outline that a hotspot had when a month was last frozen as a snapshot.",
    "Snapshot": "A month's result kept with its settings and the files it was made of, so that it "
    "can be made again.",
    "Street-level open data": "Published by month, at about the place: they are drawn as "
    "approximate and never joined to premises.",
    "Premises for assessment": "A business that a person has linked a record to, or written a "
    "reason for. Lying in or near a hotspot is never one.",
    "Review": "An application to the licensing authority under the Licensing Act 2003, and nothing "
    "else in this app.",
    "At, outside, nearby": "Where an incident was, as a person has said. Nearby is context and "
    "never grounds.",
    "Effect": "What was recorded before and after an action, beside other hotspots in the same "
    "weeks. It cannot say what the action did: other things change too.",
    "Too few to tell": "The numbers are so small that a change of this size could not have been "
    "seen.",
    "Working day": "As the Licensing Act 2003 counts: no Saturday, Sunday, Christmas Day, Good "
    "Friday or bank holiday.",
}
KEYS = {
    "Everywhere": {"Tab, Shift+Tab": "to the next or previous control", "Enter, Space": "use it"},
    "On the map": {
        "Arrow keys": "move the map",
        "+ and -": "closer in, further out",
        "Tab, then Enter": "choose a hotspot",
        "Enter": "add a point in the middle, while you measure or draw",
        "Backspace": "take the last point back",
        "Escape": "end measuring or drawing",
    },
    "In the table beside the map": {
        "Up, Down": "the hotspot above or below",
        "Enter": "choose it",
    },
    "In the search box": {
        "Arrow keys": "through what was found",
        "Enter": "go there",
        "Escape": "close the list",
    },
    "In the meeting": {
        "K, D, M": "on track, done, more time, for the action that is asked after",
        "Left, Right": "the action or hotspot before or after",
        "A": "read back, and agreed",
    },
}
