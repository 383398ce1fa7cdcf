import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"
import { page, press } from "./window.testing.js"

const { addSearch } = await import("./search.js")

const PREMISES = [
  { name: "The Crown", postcode: "ST1 1AA", at: [53.02, -2.18] },
  { name: "Crown Hotel", postcode: "ST1 1AA", at: [53.04, -2.2] },
  { name: "Night Owl", postcode: null, at: [53.1, -2.1] },
]
let state
let box

beforeEach(() => {
  page.document.body.replaceChildren()
  const bar = page.document.createElement("div")
  page.document.body.append(bar)
  const views = []
  const marks = []
  state = {
    shapes: { h1: { label: "HS-0001 Ashford bus station", at: [53, -2] } },
    towns: [{ name: "Ashford", at: [53.01, -2.01] }],
    places: [{ text: "Coach station", at: [53.05, -2.05] }],
    premises: PREMISES,
    postcodes: { text: ["ST1 1AA", "ST1 1AB", "ST10 2ZZ"], lat: [53, 53.1, 53.2], lng: [-2, -2.1, -2.2], length: 3 },
    map: { getZoom: () => 12, setView: (at, zoom) => views.push([at, zoom]) },
    groups: { found: { clearLayers: () => marks.splice(0), addLayer: (layer) => marks.push(layer) } },
    chosen: [],
    choose: (key) => state.chosen.push(key),
    say: (text) => {
      state.said = text
    },
    views,
    marks,
  }
  addSearch(state, bar)
  box = bar.querySelector("input")
  box.dispatchEvent(new page.Event("focus"))
})

function type(text) {
  box.value = text
  box.dispatchEvent(new page.Event("input", { bubbles: true }))
  return offered()
}

const list = () => page.document.querySelector("[role=listbox]")
const offered = () => [...list().children].map((item) => [...item.children].map(({ textContent }) => textContent))
const status = () => page.document.querySelector("[role=status]").textContent

test("what begins with the words comes before words within, and those before letters within", () => {
  assert.deepEqual(
    type("crown").map(([text]) => text),
    ["Crown Hotel, ST1 1AA", "The Crown, ST1 1AA"],
  )
  assert.deepEqual(
    type("ash").map(([text, kind]) => `${text}: ${kind}`),
    ["Ashford: place", "HS-0001 Ashford bus station: hotspot"],
  )
  assert.deepEqual(
    type("ation").map(([text]) => text),
    ["HS-0001 Ashford bus station", "Coach station"],
  )
})

test("case and spaces make no difference", () => {
  assert.deepEqual(type("  NIGHT   owl "), [["Night Owl", "premises"]])
})

test("one letter asks for nothing, and what is not there is said", () => {
  assert.deepEqual(type("a"), [])
  assert.equal(status(), "")
  assert.deepEqual(type("zebra"), [])
  assert.equal(status(), "Nothing of that name is on this map.")
  assert.equal(box.getAttribute("aria-expanded"), "false")
})

test("a postcode of premises leads to their middle, and is offered once", () => {
  const codes = type("st11a").filter(([, note]) => note !== "premises")
  assert.deepEqual(codes, [
    ["ST1 1AA", "2 premises there"],
    ["ST1 1AB", "postcode"],
  ])
  press(box, "Enter")
  const [[[lat, lng], zoom]] = state.views
  assert.ok(Math.abs(lat - 53.03) < 1e-9 && Math.abs(lng + 2.19) < 1e-9)
  assert.equal(zoom, 16)
  assert.equal(state.said, "ST1 1AA is in the middle of the map.")
})

test("postcodes of the force's own file are found with and without a space", () => {
  assert.deepEqual(type("ST10 2"), [["ST10 2ZZ", "postcode"]])
  assert.deepEqual(type("st102z"), [["ST10 2ZZ", "postcode"]])
})

test("no more than eight are offered, whatever is found", () => {
  state.premises = Array.from({ length: 30 }, (_, n) => ({ name: `Bar ${n}`, postcode: "ST1 1AA", at: [53, -2] }))
  box.dispatchEvent(new page.Event("focus"))
  assert.equal(type("bar").length, 8)
})

test("a hotspot is chosen, and the map is not moved by the search itself", () => {
  type("hs-0001")
  press(box, "Enter")
  assert.deepEqual(state.chosen, ["h1"])
  assert.deepEqual(state.views, [])
  assert.equal(list().hidden, true)
})

test("a place is marked once, and shown no further away than the map already is", () => {
  state.map.getZoom = () => 18
  type("night")
  press(box, "Enter")
  type("coach")
  press(box, "Enter")
  assert.deepEqual(
    state.views.map(([, zoom]) => zoom),
    [18, 18],
  )
  assert.equal(state.marks.length, 1)
})

test("arrows go round the list, and the box says which one is meant", () => {
  type("ation")
  const [first, last] = list().children
  const isMeant = (item) =>
    item.getAttribute("aria-selected") === "true" && box.getAttribute("aria-activedescendant") === item.id
  assert.ok(isMeant(first))
  press(box, "ArrowUp")
  assert.ok(isMeant(last))
  press(box, "ArrowDown")
  assert.ok(isMeant(first))
})

test("Escape closes the list, and Enter then chooses nothing", () => {
  type("ash")
  press(box, "Escape")
  assert.equal(list().hidden, true)
  assert.equal(box.hasAttribute("aria-activedescendant"), false)
  press(box, "Enter")
  assert.deepEqual([state.chosen, state.views], [[], []])
})

test("letters typed into the box do not reach the page's own keys", () => {
  let heard = 0
  page.document.body.addEventListener("keydown", () => heard++)
  press(box, "m")
  assert.equal(heard, 0)
})

test("a name is text, never markup", () => {
  state.premises = [{ name: "<img src=x onerror=alert(1)> Bar", postcode: null, at: [53, -2] }]
  box.dispatchEvent(new page.Event("focus"))
  type("bar")
  assert.equal(list().querySelector("img"), null)
  assert.equal(list().querySelector("span").textContent, "<img src=x onerror=alert(1)> Bar")
})

test("a map of which nothing is known yet offers nothing", () => {
  Object.assign(state, { shapes: undefined, towns: undefined, places: undefined, premises: undefined, postcodes: null })
  box.dispatchEvent(new page.Event("focus"))
  assert.deepEqual(type("st1 1aa"), [])
})
