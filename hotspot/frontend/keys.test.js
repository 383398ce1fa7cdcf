import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"
import { page, press } from "./window.testing.js"

const { default: show, isInControl, listener } = await import("./keys.js")

globalThis.requestAnimationFrame = (act) => act()
const KEYS = [
  { key: "d", name: "done", says: "Done" },
  { key: "ArrowRight", name: "next", says: "next", shown: "→" },
]
let now
let acted
let hears

beforeEach(() => {
  page.document.body.replaceChildren()
  page.document.activeElement?.blur()
  now = 0
  acted = []
  hears = listener(
    () => KEYS,
    (one) => acted.push(one.name),
    () => now,
  )
})

function add(tag, attributes = {}) {
  const made = page.document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  page.document.body.append(made)
  return made
}

function key(name, more = {}) {
  hears.press({ key: name, preventDefault: () => {}, ...more })
}

test("a key acts with the focus nowhere, and in the card of the keys", () => {
  key("d")
  const card = add("div", { class: "keys-card", tabindex: "0" })
  card.focus()
  key("D")
  key("ArrowRight")
  assert.deepEqual(acted, ["done", "done", "next"])
})

test("no key acts with the focus in any control", () => {
  const controls = [
    ["input", { type: "text" }],
    ["input", { type: "checkbox" }],
    ["textarea", {}],
    ["select", {}],
    ["button", {}],
    ["a", { href: "#" }],
    ["div", { role: "radio", tabindex: "0" }],
    ["div", { role: "tab", tabindex: "0" }],
    ["div", { role: "spinbutton", tabindex: "0" }],
    ["div", { tabindex: "0" }],
  ]
  for (const [tag, attributes] of controls) {
    const control = add(tag, attributes)
    control.focus()
    assert.equal(isInControl(page.document.activeElement), true, tag)
    key("d")
    key("ArrowRight")
  }
  assert.deepEqual(acted, [])
})

test("a word that is typed on after its box has gone acts on nothing", () => {
  const box = add("textarea")
  box.focus()
  key("l")
  box.remove()
  page.document.activeElement?.blur()
  for (const letter of "delayed") {
    now += 200
    key(letter)
  }
  assert.deepEqual(acted, [])
  now += 1500
  key("d")
  assert.deepEqual(acted, ["done"])
})

test("Escape leaves a control, and the keys act at once", () => {
  const box = add("textarea")
  box.focus()
  key("x")
  key("Escape")
  assert.notEqual(page.document.activeElement, box)
  key("d")
  assert.deepEqual(acted, ["done"])
})

test("no key acts with another held, while held down, or while a word is composed", () => {
  for (const more of [
    { ctrlKey: true },
    { metaKey: true },
    { altKey: true },
    { repeat: true },
    { isComposing: true },
  ]) {
    key("d", more)
  }
  assert.deepEqual(acted, [])
})

function mounted() {
  const parent = add("div")
  const root = page.document.createElement("div")
  root.className = "keys-root"
  parent.append(root)
  const sent = []
  const draw = (about, keys = KEYS) =>
    show({ parentElement: parent, data: { keys, about, turn: 3 }, setTriggerValue: (_, value) => sent.push(value) })
  return { parent, sent, draw }
}

test("what is reported says what the page was about, once until it is drawn anew", () => {
  const { sent, draw, parent } = mounted()
  draw("action 1")
  press(page.document.body, "d")
  press(page.document.body, "d")
  assert.deepEqual(sent, [{ name: "done", about: "action 1", turn: 3 }])
  const end = draw("action 2") // drawn anew over the one before, which is heard no more
  press(page.document.body, "d")
  assert.equal(sent[1].about, "action 2")
  assert.match(parent.textContent, /D Done/)
  end()
  press(page.document.body, "d")
  assert.equal(sent.length, 2)
})

test("after a button has led on, the focus is in the card, so that keys act", () => {
  const { draw, parent } = mounted()
  draw("action 1")()
  const next = add("button")
  next.focus()
  draw("action 2")()
  assert.equal(page.document.activeElement, parent.querySelector(".keys-card"))
  const box = add("input")
  box.focus()
  draw("action 3")()
  assert.equal(page.document.activeElement, box)
})

test("keys that are switched off are not there", () => {
  const { sent, draw, parent } = mounted()
  draw("action 1", [])
  press(page.document.body, "d")
  assert.deepEqual(sent, [])
  assert.equal(parent.querySelector(".keys-card").hidden, true)
})

test("a key can lead into a field, and sends nothing", () => {
  const { sent, draw } = mounted()
  const box = add("textarea", { "aria-label": "What was said" })
  draw("action 1", [{ key: "w", name: "write", says: "write", focus: "textarea[aria-label='What was said']" }])
  press(page.document.body, "w")
  assert.equal(page.document.activeElement, box)
  assert.deepEqual(sent, [])
})
