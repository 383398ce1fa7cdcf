import assert from "node:assert/strict"
import { test } from "node:test"
import { placeLabels } from "./labels.js"

const WIDE = 60
const HIGH = 20

const part = (offsetWidth = WIDE, offsetHeight = HIGH) => ({ offsetWidth, offsetHeight, hidden: false, style: {} })

// A map whose latitudes and longitudes are the pixels of its screen.
function screen(width = 600, height = 400) {
  return {
    getSize: () => ({ x: width, y: height }),
    hasLayer: () => true,
    latLngToContainerPoint: ([x, y]) => ({ x, y }),
  }
}

function hotspot(x, y, half = 30) {
  const bounds = { getNorthWest: () => [x - half, y - half], getSouthEast: () => [x + half, y + half] }
  return { at: [x, y], badge: part(), dot: { hidden: true }, layer: { getBounds: () => bounds } }
}

function town(x, y) {
  const name = part()
  return { name, marker: { getLatLng: () => [x, y], getElement: () => ({ firstChild: name }) } }
}

function pin(x, y) {
  return { getLatLng: () => [x, y] }
}

const isShown = (thing) => thing.style.visibility === "visible"

// Where a name stands on the screen: its place by the point that it hangs on.
function boxOf(name, [x, y]) {
  const [, right, down] = /translate\((-?\d+)px, (-?\d+)px\)/.exec(name.style.transform)
  const left = x + Number(right)
  const top = y + Number(down)
  return { left, top, right: left + name.offsetWidth, bottom: top + name.offsetHeight }
}

const doOverlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

function place(shapes, more = {}) {
  placeLabels({ map: screen(), shapes, flagOf: {}, ...more })
}

test("a name with room stands above the middle of its outline", () => {
  const one = hotspot(300, 200)
  place({ a: one })
  const box = boxOf(one.badge, one.at)
  assert.ok(isShown(one.badge))
  assert.equal((box.left + box.right) / 2, 300)
  assert.ok(box.bottom <= 170)
})

test("an outline that can be seen has no dot, one that is too small has", () => {
  const large = hotspot(150, 200)
  const small = hotspot(450, 200, 4)
  place({ large, small })
  assert.deepEqual([large.dot.hidden, small.dot.hidden], [true, false])
})

test("no name covers another, however near the hotspots lie", () => {
  const shapes = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [n, hotspot(250 + 12 * n, 200 + 7 * n, 20)]))
  place(shapes)
  const boxes = Object.values(shapes)
    .filter(({ badge }) => isShown(badge))
    .map(({ badge, at }) => boxOf(badge, at))
  assert.ok(boxes.length > 3)
  assert.ok(boxes.every((box, n) => boxes.slice(n + 1).every((other) => !doOverlap(box, other))))
})

test("where a name finds no room it is hidden, and its dot stays", () => {
  const shapes = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [n, hotspot(300, 200, 4)]))
  place(shapes)
  const hidden = Object.values(shapes).filter(({ badge }) => !isShown(badge))
  assert.ok(hidden.length > 0)
  assert.ok(hidden.every(({ dot }) => !dot.hidden))
})

test("the chosen hotspot's name comes first", () => {
  const crowd = () => Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`h${n}`, hotspot(300, 200, 4)]))
  const without = crowd()
  place(without)
  assert.ok(!isShown(without.h19.badge))
  const chosen = crowd()
  place(chosen, { chosen: "h19" })
  assert.ok(isShown(chosen.h19.badge))
})

test("a name stays on the screen at every corner", () => {
  for (const at of [
    [2, 2],
    [598, 2],
    [2, 398],
    [598, 398],
  ]) {
    const one = hotspot(...at, 20)
    place({ one })
    const { left, top, right, bottom } = boxOf(one.badge, one.at)
    assert.ok(isShown(one.badge), `at ${at}`)
    assert.ok(left >= 0 && top >= 0 && right <= 600 && bottom <= 400, `at ${at}`)
  }
})

test("on an outline that fills the map the name stands on it", () => {
  const one = hotspot(300, 200, 400)
  place({ one })
  assert.deepEqual(boxOf(one.badge, one.at), { left: 270, top: 190, right: 330, bottom: 210 })
})

test("open actions stand beside the name and share its fate", () => {
  const one = hotspot(300, 200)
  const flag = part(24, 16)
  place({ one }, { flagOf: { one: flag } })
  const name = boxOf(one.badge, one.at)
  const actions = boxOf(flag, one.at)
  assert.ok(actions.left > name.right)
  assert.ok(actions.top >= name.top && actions.bottom <= name.bottom)
  const lost = part(24, 16)
  const shapes = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`h${n}`, hotspot(300, 200, 4)]))
  place(shapes, { flagOf: { h19: lost } })
  assert.ok(!isShown(lost))
})

test("towns give way to hotspots, and to pins", () => {
  const one = hotspot(300, 200, 4)
  const near = town(300, 170)
  const free = town(100, 100)
  place({ one }, { names: [near, free] })
  assert.ok(isShown(free.name))
  assert.ok(!doOverlap(boxOf(near.name, [300, 170]), boxOf(one.badge, one.at)))
  const pins = Array.from({ length: 90 }, (_, n) => pin(60 + 9 * (n % 10), 60 + 9 * Math.floor(n / 10)))
  const groups = { hotspots: {}, premises: { getLayers: () => pins }, places: { getLayers: () => [] } }
  const among = town(100, 100)
  place({}, { names: [among], groups })
  assert.ok(!isShown(among.name))
})

test("when the layer of hotspots is off their names take no room", () => {
  const one = hotspot(300, 200, 4)
  const groups = { hotspots: "off", premises: { getLayers: () => [] } }
  const map = { ...screen(), hasLayer: (layer) => layer !== "off" }
  const here = town(300, 200)
  placeLabels({ map, shapes: { one }, flagOf: {}, groups, names: [here] })
  assert.equal(one.badge.style.visibility, undefined)
  assert.deepEqual(boxOf(here.name, [300, 200]), { left: 270, top: 190, right: 330, bottom: 210 })
})

test("a map without hotspots and towns is no fault", () => {
  assert.doesNotThrow(() => place({}))
})
