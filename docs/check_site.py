"""Look through the built site: it asks no other host, and its own links lead somewhere."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

FETCHED = {"src", "srcset", "poster", "data", "action", "formaction", "background", "manifest"}
"""Attributes whose address a browser asks for by itself, or sends something to."""
IN_STYLES = re.compile(r"""(?:@import\s+|url\(\s*)["']?((?:https?:)?//[^"')\s]+)""")
IN_SCRIPTS = re.compile(
    r"""(?:\bfrom|\bimport|\bfetch|importScripts)\s*\(?\s*["'`]((?:https?:)?//[^"'`]+)"""
)


class SitePage(HTMLParser):
    """What a page asks for, where it leads, and where it can be led to.

    Attributes
    ----------
    asked
        Addresses that a browser fetches with the page.
    links
        Addresses behind its links.
    anchors
        The names of its places.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.asked: list[str] = IN_STYLES.findall(text)
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what one tag asks for and names."""
        values = {name: value or "" for name, value in attrs}
        self.anchors |= {values[name] for name in ("id", "name") if values.get(name)}
        self.asked += [value for name, value in values.items() if name in FETCHED]
        if "href" in values:
            (self.links if tag == "a" else self.asked).append(values["href"])


def faults_of(site: Path) -> Iterator[str]:
    """Yield what is wrong with a built site, one sentence a fault."""
    pages = {
        path: SitePage(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))
    }
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        yield from (f"{name} asks for {url}" for url in page.asked if urlsplit(url).netloc)
        yield from (f"{name} leads to {url}: {why}" for url, why in _dead(path, page, pages))
    for ending, pattern in (("*.css", IN_STYLES), ("*.js", IN_SCRIPTS)):
        for path in sorted(site.rglob(ending)):
            text = path.read_text(encoding="utf-8")
            name = path.relative_to(site).as_posix()
            yield from (f"{name} asks for {url}" for url in pattern.findall(text))


def _dead(path: Path, page: SitePage, pages: dict[Path, SitePage]) -> Iterator[tuple[str, str]]:
    for url in page.links + page.asked:
        parts = urlsplit(url)
        if parts.scheme or parts.netloc:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if not target.is_file():
            yield url, "there is no such file"
        elif parts.fragment and unquote(parts.fragment) not in _anchors(pages.get(target)):
            yield url, "there is no such place on that page"


def _anchors(page: SitePage | None) -> set[str]:
    return page.anchors if page else set()


def main(site: Path) -> int:
    """Print the faults of a site; return 1 where there are some."""
    faults = list(faults_of(site.resolve()))
    for fault in faults:
        print(fault)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
