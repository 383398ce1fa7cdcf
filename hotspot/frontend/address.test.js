import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"
import { page } from "./window.testing.js"

const KINDS = [{ letter: "a" }, { letter: "h" }, { letter: "t" }]
let sessions = 0
let address

// Each test is a session of its own: the module remembers what was chosen in its session.
beforeEach(async () => {
  open("")
  address = await import(`./address.js?session=${++sessions}`)
})

function open(query) {
  page.history.replaceState(null, "", `http://127.0.0.1:8501/map${query}`)
}

const said = (name) => new URL(page.location.href).searchParams.get(name)
const mapAt = (lat, lng, zoom) => ({ getCenter: () => ({ lat, lng }), getZoom: () => zoom })

test("a view that is kept is the view that is asked", () => {
  address.keepView(mapAt(53.0123456, -2.1876543, 13))
  assert.equal(said("view"), "53.01235,-2.18765,13")
  assert.deepEqual(address.viewAsked(), [53.01235, -2.18765, 13])
})

test("an address without a view asks for none", () => {
  assert.equal(address.viewAsked(), null)
})

for (const view of ["53,-2", "53,-2,13,1", "north,-2,13", "86,-2,13", "53,181,13", "53,-2,6", "53,-2,19", "NaN,0,9"]) {
  test(`the view ${view} is none`, () => {
    open(`?view=${view}`)
    assert.equal(address.viewAsked(), null)
  })
}

test("the edges of what a view may be are views", () => {
  open("?view=-85,180,18")
  assert.deepEqual(address.viewAsked(), [-85, 180, 18])
  open("?view=85,-180,7")
  assert.deepEqual(address.viewAsked(), [85, -180, 7])
})

test("what a session chose last holds where the address says nothing, and is said again", () => {
  address.keepView(mapAt(53, -2, 13))
  open("")
  assert.deepEqual(address.viewAsked(), [53, -2, 13])
  assert.equal(said("view"), "53.00000,-2.00000,13")
})

test("an address that says something else wins over what was chosen", () => {
  address.keepView(mapAt(53, -2, 13))
  open("?view=52,-1,10")
  assert.deepEqual(address.viewAsked(), [52, -1, 10])
})

test("layers that are off are kept by name, and none leaves no trace", () => {
  address.keepLayersOff(["Premises", "Masked areas"])
  assert.deepEqual(address.layersOffAsked(), new Set(["Premises", "Masked areas"]))
  address.keepLayersOff([])
  assert.equal(said("map_off"), null)
  assert.equal(address.layersOffAsked().has("Premises"), false)
})

test("what else stands in the address stays there", () => {
  open("?hotspot=HS-0007&months=3#top")
  address.keepLayersOff(["Premises"])
  assert.equal(said("hotspot"), "HS-0007")
  assert.equal(said("months"), "3")
  assert.equal(page.location.hash, "#top")
})

test("premises that are left out are kept by letter, so that they hold when the list grows", () => {
  address.keepPremisesShown({ hidden: new Set([0, 2]), after: 120 }, KINDS)
  assert.equal(said("premises_off"), "at")
  const grown = [{ letter: "b" }, ...KINDS]
  assert.deepEqual(address.premisesShownAsked(grown), { hidden: new Set([1, 3]), after: 120 })
})

for (const [until, after] of [
  ["0", null],
  ["1440", null],
  ["-5", null],
  ["soon", null],
  ["1", 1],
  ["1439", 1439],
]) {
  test(`premises open until ${until} minutes are asked for as ${after}`, () => {
    open(`?premises_until=${until}`)
    assert.equal(address.premisesShownAsked(KINDS).after, after)
  })
}

test("premises shown whatever their hour leave no hour in the address", () => {
  address.keepPremisesShown({ hidden: new Set(), after: 60 }, KINDS)
  address.keepPremisesShown({ hidden: new Set(), after: null }, KINDS)
  assert.equal(said("premises_until"), null)
  assert.deepEqual(address.premisesShownAsked(KINDS), { hidden: new Set(), after: null })
})
