// A page for the tests to stand on, in place of a browser's. It lays nothing out: sizes are what a test says.
import { Window } from "happy-dom"

const page = new Window({ url: "http://127.0.0.1:8501/map", width: 1366, height: 768 })
const NAMES = ["document", "navigator", "ResizeObserver", "Element", "HTMLElement", "KeyboardEvent", "MouseEvent"]

globalThis.window = page
for (const name of [...NAMES, "Event", "FocusEvent"]) {
  Object.defineProperty(globalThis, name, { value: page[name], configurable: true, writable: true })
}
// As a browser says colours: this page would hand them back as they were written.
globalThis.getComputedStyle = (of) => ({
  color: of.style.color === "#fff" ? "rgb(255, 255, 255)" : of.style.color,
  getPropertyValue: (name) => page.getComputedStyle(of).getPropertyValue(name),
})

export { page }

export function press(target, key) {
  const event = new page.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })
  target.dispatchEvent(event)
  return event
}
