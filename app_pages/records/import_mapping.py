"""Draw what each column of a file means: proposed, with real examples, for a person to confirm."""

from __future__ import annotations

from typing import get_args

import pandas as pd
import streamlit as st

from app_pages.frame import state
from app_pages.frame.text import plain
from hotspot.intake.fields.columns import Field
from hotspot.intake.fields.date_forms import FORMATS
from hotspot.intake.fields.mapping import FIELDS, Grid, Mapping
from hotspot.intake.fields.roles import CODES
from hotspot.intake.files.encodings import ENCODINGS
from hotspot.intake.files.raw import Choices
from hotspot.intake.places.grids import GRIDS
from hotspot.intake.sources.registry import Look
from hotspot.people import RULE

_NONE = "not in the file"
_PERSON = "person"
_GRIDS: tuple[Grid, ...] = get_args(Grid)
_DECIDE = "decide from all rows"


def show_opening(look: Look) -> Choices:
    """Draw how the file is opened: sheet, header row, encoding."""
    mapping = look.mapping
    with st.expander("How the file is opened", expanded=len(look.sheets) > 1):
        first, second, third, fourth = st.columns(4)
        sheet = mapping.sheet
        if len(look.sheets) > 1:
            sheet = str(
                first.selectbox("Sheet or layer", look.sheets, look.sheets.index(look.sheet))
            )
        row = second.number_input(
            "Row of the column names",
            -1,
            1000,
            mapping.header_row,
            help=f"0: look for it (found in row {look.header_row}). -1: there are none.",
        )
        encodings = ["", *ENCODINGS]
        encoding = third.selectbox(
            "Encoding",
            encodings,
            encodings.index(mapping.encoding),
            format_func=lambda e: ENCODINGS.get(e, "tell it from the file"),
        )
        repair = fourth.checkbox("Put text right that was encoded twice", mapping.repair)
        for note in look.notes:
            st.caption(plain(note))
    sheet = "" if look.sheets and sheet == look.sheets[0] else sheet
    return Choices(sheet, int(row), str(encoding), repair)


def show_mapping(look: Look) -> Mapping:
    """Draw a choice of column for each field of the source; give what is chosen."""
    proposed = look.mapping
    st.markdown("##### What each column means")
    kept = "as you confirmed it before" if look.is_kept else "as the names propose it"
    st.caption(f"{look.rows:,} rows. The mapping is shown {kept}; change what is wrong.")
    if look.refused:
        named = ", ".join(f"{column} ({what})" for column, what in look.refused.items())
        st.warning(plain(f"Not read, for they must not come in: {named}."))
    chosen: dict[str, str] = {}
    fields = FIELDS[proposed.source]
    likely = [f for f in fields if f.is_required or f.name in proposed.columns or f.name == _PERSON]
    _show_fields(look, likely, chosen)
    joins = _ask_who_is_who(proposed, fields, chosen)
    others = [f for f in fields if f not in likely]
    if others:
        with st.expander(f"{len(others)} more fields, which seem not to be in the file"):
            _show_fields(look, others, chosen)
    unread = {c: v for c, v in look.columns.items() if c not in {*chosen.values(), *look.refused}}
    if unread:
        with st.expander(f"{len(unread)} columns are not read"):
            table = pd.DataFrame(
                {"Column": list(unread), "Examples": [" · ".join(v) for v in unread.values()]}
            )
            st.dataframe(table, hide_index=True, alt="Columns that are not read, with examples")
    return _with_options(proposed, chosen).model_copy(update={"joins_spellings": joins})


def _ask_who_is_who(proposed: Mapping, fields: tuple[Field, ...], chosen: dict[str, str]) -> bool:
    """Ask how references to a person are compared, and say what it means where there is none."""
    if _PERSON not in {field.name for field in fields}:
        return proposed.joins_spellings
    if _PERSON not in chosen:
        st.warning(
            "No column says who a record is about, so children cannot be counted: choose the "
            "column of the person's reference, if the file has one."
        )
        return proposed.joins_spellings
    return st.checkbox(
        f"One reference is one person however it is written: {RULE}", proposed.joins_spellings
    )


def _show_fields(look: Look, fields: list[Field], chosen: dict[str, str]) -> None:
    """Draw the choice of column for some fields, each with examples of what is chosen."""
    proposed = look.mapping
    columns = [c for c in look.columns if c not in look.refused]
    for field in fields:
        label, pick, examples = st.columns([2, 3, 4], vertical_alignment="center")
        needed = " (needed)" if field.is_required else ""
        label.markdown(f"{plain(field.label)}{needed}")
        own = proposed.columns.get(field.name)
        births = [c for c, what in look.refused.items() if what == "a date of birth"]
        options = [_NONE, *(births if field.name == "date_of_birth" else columns)]
        column = pick.selectbox(
            field.label,
            options,
            options.index(own) if own in options else 0,
            label_visibility="collapsed",
            key=f"map {proposed.source} {field.name}",
        )
        if column != _NONE:
            chosen[field.name] = str(column)
            values = look.columns.get(str(column), [])
            examples.caption(plain(" · ".join(values)) if values else "not shown")


def _with_options(proposed: Mapping, chosen: dict[str, str]) -> Mapping:
    """Draw the options that the chosen columns have."""
    dates = [f for f in FIELDS[proposed.source] if f.kind == "time" and f.name in chosen]
    formats: dict[str, str] = {}
    degrees, swap, grid = proposed.degrees, proposed.swap_axes, proposed.grid
    with st.expander("Dates, coordinates and words"):
        for field in dates:
            options = [_DECIDE, *FORMATS]
            known = proposed.date_formats.get(field.name, _DECIDE)
            picked = st.selectbox(f"{field.label}: format", options, options.index(known))
            if picked != _DECIDE:
                formats[field.name] = str(picked)
        if "lng" in chosen:
            degrees = (
                "OSGB36"
                if st.checkbox(
                    "Degrees are of the old datum OSGB36, not WGS84", degrees == "OSGB36"
                )
                else "WGS84"
            )
        if {"easting", "point"} & chosen.keys():
            grid = st.selectbox(
                "Grid of the eastings and northings",
                _GRIDS,
                _GRIDS.index(grid),
                format_func=lambda code: GRIDS[code].name if code else "told by where rows lie",
            )
        swap = st.checkbox("Swap the axes: the two columns of coordinates are changed round", swap)
    words = _show_words(proposed, chosen)
    return proposed.model_copy(
        update={
            "columns": chosen,
            "date_formats": formats,
            "degrees": degrees,
            "grid": grid,
            "swap_axes": swap,
            "words": words,
        }
    )


def _show_words(proposed: Mapping, chosen: dict[str, str]) -> dict[str, dict[str, str]]:
    """Draw a choice for each word that a check did not know, until another file is chosen."""
    from app_pages.records.import_check import unknown_words

    offered: dict[str, dict[str, int]] = st.session_state.setdefault(state.IMPORT_WORDS, {})
    for field, counts in unknown_words().items():
        offered[field] = {**counts, **offered.get(field, {})}
    words = {field: dict(said) for field, said in proposed.words.items()}
    asked = {f: counts for f, counts in offered.items() if f in chosen and f in CODES}
    if not asked:
        return words
    st.markdown("##### Words that are not known")
    for field, counts in asked.items():
        for word, count in counts.items():
            options = ["", *CODES[field]]
            known = words.get(field, {}).get(word, "")
            meant = st.selectbox(
                f"{field.title()}: {plain(word)} ({count:,} rows) means",
                options,
                options.index(known),
                format_func=lambda code: code.replace("_", " ") or "nothing",
                key=f"word {field} {word}",
            )
            words.setdefault(field, {}).pop(word, None)
            if meant:
                words[field][word] = str(meant)
    # A field without a meaning is left out: else asking alone would change the mapping.
    return {field: meanings for field, meanings in words.items() if meanings}
