// What lies on the map: the panels that fold to a rail, what must not be overlooked, and how much of the map
// they leave free.
import { button, element } from "./dom.js"

const folds = new Map() // name of a panel -> whether it is folded; kept while pages are turned
const NARROW = 700,
  LOW = 640,
  EDGE = 12

export function makeSheet() {
  const frame = element("div", "map-frame"),
    holder = element("div", "map"),
    bar = element("div", "map-bar"),
    legend = element("details", "map-legend"),
    said = element("div", "map-said"),
    notes = element("div", "map-notes"),
    heading = element("h3", "map-period")
  legend.append(element("summary", "", "Legend"), element("div", "lines"))
  legend.setAttribute("role", "group")
  legend.setAttribute("aria-label", "Legend")
  said.setAttribute("role", "status")
  notes.setAttribute("role", "status")
  heading.hidden = true
  frame.append(bar, holder, heading, notes, said, legend)
  return { frame, holder, bar, legend, said, notes, heading }
}

// A panel with a button that folds it; what it holds goes into `body`.
export function addPanelBox(frame, { name, title, isFolded, onFold }) {
  const box = element("section", `panel ${name}`),
    body = element("div", "body")
  box.setAttribute("aria-label", title)
  const fold = button(title, `Fold or open: ${title.toLowerCase()}`, () => turn(!folds.get(name)))
  fold.className = "fold"
  const turn = (isNow) => {
    folds.set(name, isNow)
    frame.classList.toggle(`${name}-folded`, isNow)
    box.classList.toggle("folded", isNow)
    fold.setAttribute("aria-expanded", String(!isNow))
    onFold?.(isNow)
  }
  new ResizeObserver(() => frame.style.setProperty(`--high-${name}`, `${box.offsetHeight}px`)).observe(box)
  box.append(fold, body)
  frame.append(box)
  turn(folds.get(name) ?? isFolded)
  return { box, body, turn }
}

export const isNarrow = () => window.innerWidth < NARROW
export const isLow = () => window.innerHeight < LOW

export function showNotes({ notes, heading }, texts, period) {
  heading.hidden = !period
  heading.textContent = period
  const content = JSON.stringify(texts)
  if (notes.dataset.content === content) return
  notes.dataset.content = content
  notes.replaceChildren(...texts.map((text) => element("p", "", text)))
  if (!texts.length) return
  notes.append(button("Hide", "Hide these notes", () => notes.replaceChildren()))
}

// How far the panels reach in from the left, the top and the bottom: a place is shown in what is left.
export function roomOf({ frame, bar }) {
  const side = (name) => frame.querySelector(`.panel.${name}:not(.folded)`)
  const list = side("list"),
    time = side("time")
  const isBeside = list && !isNarrow()
  return {
    paddingTopLeft: [isBeside ? list.offsetWidth + EDGE : EDGE, bar.offsetHeight + EDGE],
    paddingBottomRight: [EDGE * 4, time ? time.offsetHeight + EDGE : EDGE],
  }
}
