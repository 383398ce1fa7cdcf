"""Show a still picture that is light or dark as the page is, also when the page turns."""

from __future__ import annotations

import base64

from layers.component import MAP


def show_picture(key: str, light: bytes, dark: bytes, about: str) -> None:
    """Show one of two pictures (PNG) inside the page itself, as the theme of the browser is.

    Nothing of it can be asked for by an address.

    Parameters
    ----------
    key
        Key of the widget.
    light, dark
        The same picture for a light and for a dark page.
    about
        Says what is seen, for those who do not see it.
    """
    data = {
        "part": "picture",
        "light": _address(light),
        "dark": _address(dark),
        "about": about,
    }
    MAP(key=key, data=data, height="content")


def _address(picture: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"
