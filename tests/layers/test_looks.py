"""Colours: readable on their ground, and the same on pictures, charts and the map."""

from __future__ import annotations

import re

import pytest

from hotspot.settings import CHART_COLOURS, CHART_STEPS
from layers.style import DARK_GROUND, DARK_SCREEN, GROUND
from tests.conftest import ROOT

PAGE = {"light": "#ffffff", "dark": "#171614"}
"""The ground of Streamlit's two themes."""


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_kind_in_a_chart_stands_out_from_the_page(theme: str) -> None:
    colours = CHART_COLOURS[theme]
    assert len(set(colours)) == 8
    assert [c for c in colours if contrast(c, PAGE[theme]) < 3] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_more_is_always_further_from_the_page(theme: str) -> None:
    steps = CHART_STEPS[theme]
    away = [contrast(step, PAGE[theme]) for step in steps]
    assert len(steps) == 10  # as Streamlit asks
    assert away == sorted(away)
    assert away[-1] > 8


def test_dark_pictures_have_the_colours_of_the_dark_map() -> None:
    css = (ROOT / "hotspot" / "frontend" / "map.css").read_text(encoding="utf-8")
    dark = re.search(r"\.map-frame\.dark[^{]*\{([^}]*)\}", css)
    assert dark
    colours = dict(re.findall(r"--(\w+): (#\w+)", dark[1]))
    assert DARK_GROUND.keys() == GROUND.keys()
    for layer, style in DARK_GROUND.items():
        name = {"district": "border", "force": "border"}.get(layer, layer)
        assert (style.fill or style.line) == colours[name]
    look = DARK_SCREEN
    assert (look.beyond, look.outline, look.text) == (
        colours["ground"],
        colours["outline"],
        colours["text"],
    )
