"""Build the guides as a site without a network: `make docs`."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from generated_pages import write_pages

import hotspot

project = "Hotspot"
author = "Hotspot contributors"
copyright = f"2026, {author}"  # noqa: A001 - Sphinx's name for it
version = release = hotspot.__version__

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
]
exclude_patterns = ["_build", "**/.*"]
myst_heading_anchors = 3
nitpicky = (
    False  # types of pandas, Polars and Shapely are described elsewhere, and no network is asked
)

autosummary_generate = True
autodoc_typehints = "signature"
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

language = "en"
html_title = f"Hotspot {release}"
html_theme = "furo"
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
# Formulas are not used: without this, pages with one would ask a foreign host for a script.
mathjax_path = "mathjax-is-not-used.js"

write_pages(HERE / "reference" / "generated")
