import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"
import { page, press } from "./window.testing.js"

const { markRow, showTable } = await import("./table.js")

const COLUMNS = [
  { name: "Hotspot", kind: "text" },
  { name: "Known as", kind: "text", under: "known" },
  { name: "Events", kind: "number" },
  { name: "Last", kind: "day" },
  { name: "Month", kind: "month" },
]
const ROWS = [
  { key: "a", cells: ["H2", "HS-0007 Ashford", 1234, "2026-03-09", "2026-03"] },
  { key: "b", cells: ["H10", null, null, "2025-12-31", "2025-12"] },
  { key: "c", cells: ["H1", "", 7, null, null] },
]
let root
let chosen
let maps = 0
let map

beforeEach(() => {
  root = page.document.createElement("div")
  page.document.body.replaceChildren(root)
  chosen = []
  map = `map ${++maps}` // the module remembers tables by the name of their map
})

const show = (more = {}) =>
  showTable(root, { map, title: "Hotspots", columns: COLUMNS, rows: ROWS, selected: null, ...more }, (key, of) =>
    chosen.push([key, of]),
  )

const lines = () => [...root.querySelectorAll("tbody tr")]
const names = () => lines().map((line) => line.querySelector("button").textContent)
const pressed = () => lines().map((line) => line.querySelector("button").getAttribute("aria-pressed"))
const reached = () => lines().filter((line) => line.querySelector("button").tabIndex === 0)
const sortBy = (name) =>
  [...root.querySelectorAll("th button")].find(({ textContent }) => textContent.startsWith(name)).click()
const sign = () => root.querySelector("th[aria-sort]")?.getAttribute("aria-sort")

test("a row says numbers, days and months as people write them, and what is not known", () => {
  show()
  const texts = lines().map((line) => [...line.querySelectorAll("td")].map(({ textContent }) => textContent))
  assert.deepEqual(texts, [
    ["1,234", "09 Mar 2026", "Mar 2026"],
    ["not known", "31 Dec 2025", "Dec 2025"],
    ["7", "not known", "not known"],
  ])
  assert.equal(root.querySelector("caption").textContent, "Hotspots")
})

test("what stands under a name has no column, and none where it is empty", () => {
  show()
  assert.deepEqual(
    [...root.querySelectorAll("thead th")].map(({ textContent }) => textContent),
    ["Hotspot", "Events", "Last", "Month"],
  )
  assert.deepEqual(
    lines().map((line) => line.querySelector("small")?.textContent),
    ["HS-0007 Ashford", undefined, undefined],
  )
})

test("rows stand as they came until a column is asked for", () => {
  show()
  assert.deepEqual(names(), ["H2", "H10", "H1"])
  assert.equal(sign(), undefined)
})

test("text is sorted from the first, with numbers within it as numbers, and back", () => {
  show()
  sortBy("Hotspot")
  assert.deepEqual([names(), sign()], [["H1", "H2", "H10"], "ascending"])
  sortBy("Hotspot")
  assert.deepEqual([names(), sign()], [["H10", "H2", "H1"], "descending"])
})

test("numbers and days are sorted from the greatest, and what is not known stays last both ways", () => {
  show()
  sortBy("Events")
  assert.deepEqual([names(), sign()], [["H2", "H1", "H10"], "descending"])
  sortBy("Events")
  assert.deepEqual([names(), sign()], [["H1", "H2", "H10"], "ascending"])
  sortBy("Last")
  assert.deepEqual(names(), ["H2", "H10", "H1"])
  sortBy("Last")
  assert.deepEqual(names(), ["H10", "H2", "H1"])
})

test("sorting changes no row that was handed in, and keeps the choice and the focus", () => {
  const before = structuredClone(ROWS)
  show({ selected: "c" })
  sortBy("Hotspot")
  assert.deepEqual(ROWS, before)
  assert.deepEqual(pressed(), ["true", "false", "false"])
  assert.equal(page.document.activeElement, root.querySelector("th[aria-sort] button"))
})

test("a click anywhere in a row chooses it, and says to which map it belongs", () => {
  show()
  lines()[1].querySelector("td").click()
  assert.deepEqual(chosen, [["b", map]])
  assert.deepEqual(pressed(), ["false", "true", "false"])
})

test("the map's choice marks a row, and a key that is not there marks none", () => {
  show()
  markRow(map, "c")
  assert.deepEqual(pressed(), ["false", "false", "true"])
  markRow(map, "gone")
  assert.deepEqual(pressed(), ["false", "false", "false"])
  assert.equal(reached().length, 1)
  assert.doesNotThrow(() => markRow("no such map", "a"))
})

test("one row is reached by Tab, the arrows go to the others and stop at the ends", () => {
  show()
  assert.deepEqual(reached(), [lines()[0]])
  const at = () => lines().findIndex((line) => line.contains(page.document.activeElement))
  reached()[0].querySelector("button").focus()
  const walk = ["ArrowDown", "ArrowDown", "ArrowDown", "Home", "ArrowUp", "End"].map((key) => {
    assert.ok(press(page.document.activeElement, key).defaultPrevented)
    return at()
  })
  assert.deepEqual(walk, [1, 2, 2, 0, 0, 2])
  assert.deepEqual(reached(), [lines()[2]])
  assert.ok(!press(page.document.activeElement, "x").defaultPrevented)
})

test("the same content is not drawn anew, other content is, sorted as before", () => {
  show()
  sortBy("Hotspot")
  const grid = root.querySelector("table")
  show({ selected: "a" })
  assert.equal(root.querySelector("table"), grid)
  assert.deepEqual(pressed(), ["false", "true", "false"])
  show({ rows: [...ROWS, { key: "d", cells: ["H3", "", 1, null, null] }] })
  assert.notEqual(root.querySelector("table"), grid)
  assert.deepEqual(names(), ["H1", "H2", "H3", "H10"])
})

test("a table that is taken away is marked no more", () => {
  const leave = show()
  leave()
  markRow(map, "a")
  assert.deepEqual(pressed(), ["false", "false", "false"])
})

test("a table of no rows is drawn, and walked without a fault", () => {
  show({ rows: [] })
  assert.equal(lines().length, 0)
  assert.doesNotThrow(() => markRow(map, "a"))
})

test("a name is text, never markup", () => {
  show({ rows: [{ key: "x", cells: ["<b>H1</b>", "<i>known</i>", 1, null, null] }] })
  assert.equal(root.querySelector("b, i"), null)
  assert.deepEqual(names(), ["<b>H1</b>"])
})
