"""Wait for a page that stands still: for a state, never for a time that may be too short."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Locator, Page

QUIET_MS = 300
WATCH = """(() => {
  const still = window.__still = { since: performance.now(), sent: 0, unanswered: 0 }
  const stir = () => { still.since = performance.now() }
  const what = { subtree: true, childList: true, attributes: true, characterData: true }
  const watch = (root) => new MutationObserver(stir).observe(root, what)
  watch(document)
  const attach = Element.prototype.attachShadow
  Element.prototype.attachShadow = function (how) {
    const root = attach.call(this, how)
    watch(root)
    return root
  }
  const send = WebSocket.prototype.send, watched = new WeakSet()
  WebSocket.prototype.send = function (data) {
    if (!watched.has(this)) {
      watched.add(this)
      this.addEventListener("message", () => { still.unanswered = 0; stir() })
    }
    still.sent += 1
    still.unanswered += 1
    stir()
    return send.call(this, data)
  }
})()"""
"""Notes when something on the page or in its shadow roots changes, and what the server owes."""
STANDS_STILL = """(quiet) => {
  const moves = (a) => a.playState === "running" && a.effect.getComputedTiming().endTime < Infinity
  return window.__still.unanswered === 0 && performance.now() - window.__still.since > quiet
    && !document.getAnimations().some(moves)
}"""
HAS_RUN = """(quiet) => document.querySelector("[data-test-script-state=notRunning]")
  && ({STANDS_STILL})(quiet)""".replace("{STANDS_STILL}", STANDS_STILL)


def watch_pages_of(browser: Browser) -> None:
    """Let every context that is opened from now on watch its pages."""
    make = browser.new_context

    def new_context(**how: object) -> BrowserContext:
        context = make(**how)  # type: ignore[arg-type]
        context.add_init_script(WATCH)
        return context

    browser.new_context = new_context  # type: ignore[method-assign]


def settle(page: Page) -> None:
    """Wait until the server has answered, its script has run and what it drew stands still."""
    page.wait_for_function(HAS_RUN, arg=QUIET_MS)


def rest(page: Page) -> None:
    """Wait until a page that is not the app's stands still."""
    page.wait_for_function(STANDS_STILL, arg=QUIET_MS)


def open_list(box: Locator) -> None:
    """Open a list of choices where it stands: one that opens while the page scrolls closes again."""
    box.evaluate("box => box.scrollIntoView({block: 'center', behavior: 'instant'})")
    settle(box.page)
    box.click()
    box.page.get_by_role("option").first.wait_for()


@contextmanager
def sending(page: Page) -> Iterator[None]:
    """Wait until the page has sent what is done in the block, by itself, and has been answered."""
    before = page.evaluate("window.__still.sent")
    yield
    page.wait_for_function("(before) => window.__still.sent > before", arg=before)
    settle(page)
