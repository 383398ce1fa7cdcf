// Single keys of a page, as a card that says which there are. A key acts where nothing else would take it: never
// while somebody types, never with the focus in a control. What is reported says what the page was about.
import { element } from "./dom.js"

const TYPING_MS = 1000 // whoever typed a moment ago still types, also where the box has just gone
const ends = new WeakMap() // where keys are shown -> what ends their listening
const NOWHERE = "body, html, .stApp, .stMain, [data-testid=stMain], .keys-card"

export function deepFocus(from = document) {
  let at = from.activeElement
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  return at
}

export function isInControl(at) {
  return Boolean(at) && !at.matches(NOWHERE)
}

// Decides which of the keys a press means, if any.
export function listener(keys, act, now = () => performance.now()) {
  let typedAt = Number.NEGATIVE_INFINITY
  return {
    rest: () => {
      typedAt = Number.NEGATIVE_INFINITY
    },
    press: (event) => {
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === "Escape") {
        typedAt = Number.NEGATIVE_INFINITY
        deepFocus()?.blur()
        return
      }
      const isTyping = now() - typedAt < TYPING_MS
      if (isInControl(deepFocus()) || isTyping) {
        if (event.key.length === 1 && (isTyping || isTextBox(deepFocus()))) typedAt = now()
        return
      }
      const meant = keys().find((one) => one.key.toLowerCase() === event.key.toLowerCase())
      if (!meant || event.repeat) return
      event.preventDefault()
      act(meant)
    },
  }
}

function isTextBox(at) {
  return at.matches("input, textarea, [contenteditable], [role=spinbutton], [role=textbox]")
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".keys-root")
  const card = root.querySelector(".keys-card") ?? makeCard(root)
  card.hidden = !data.keys.length
  const list = card.querySelector(".keys-list")
  list.replaceChildren(...data.keys.map(keyLine))
  const state = card.querySelector(".keys-state")
  const say = () => {
    state.textContent = isInControl(deepFocus()) ? "Keys rest while you are in a field or button: Esc frees them." : ""
  }
  const isAnother = card.dataset.about !== undefined && card.dataset.about !== data.about
  card.dataset.about = data.about
  if (isAnother && deepFocus()?.matches("button, body")) card.focus({ preventScroll: true })
  ends.get(parentElement)?.() // drawn anew, and not taken away before
  let sent = false
  const hears = listener(
    () => (sent ? [] : data.keys),
    (one) => {
      if (one.focus) {
        document.querySelector(one.focus)?.focus()
        return
      }
      sent = true
      setTriggerValue("pressed", { name: one.name, about: data.about, turn: data.turn })
    },
  )
  const later = () => requestAnimationFrame(say)
  document.addEventListener("keydown", hears.press)
  document.addEventListener("pointerdown", hears.rest)
  document.addEventListener("focusin", later)
  document.addEventListener("focusout", later)
  say()
  const end = () => {
    document.removeEventListener("keydown", hears.press)
    document.removeEventListener("pointerdown", hears.rest)
    document.removeEventListener("focusin", later)
    document.removeEventListener("focusout", later)
  }
  ends.set(parentElement, end)
  return end
}

function makeCard(root) {
  const card = element("div", "keys-card")
  card.tabIndex = 0
  card.setAttribute("role", "group")
  card.setAttribute("aria-label", "Single keys")
  const state = element("span", "keys-state")
  card.append(element("span", "keys-list"), state)
  root.replaceChildren(card)
  return card
}

function keyLine(one) {
  const line = element("span", "keys-one")
  line.append(element("kbd", "", one.shown ?? one.key.toUpperCase()), ` ${one.says}`)
  return line
}
