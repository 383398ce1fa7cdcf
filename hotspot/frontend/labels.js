// Places the names on the map so that none covers another: the chosen hotspot's first, then by strength, towns
// last. Beside a name stand its open actions. Where a name finds no room its dot stays, and the table has the name.

const GAP = 3,
  DOT = 6,
  PIN = 11,
  OUTLINED = 18 // px; a hotspot less wide than that on the screen is shown by a dot

export function placeLabels(state) {
  const { map, groups, shapes, chosen } = state
  const { x: width, y: height } = map.getSize()
  const isOn = !groups || map.hasLayer(groups.hotspots)
  const keys = (isOn ? Object.keys(shapes) : []).sort((a, b) => (b === chosen) - (a === chosen))
  const hotspots = keys.map((key) => measured(state, shapes[key], state.flagOf[key]))
  const towns = (state.names ?? []).filter(({ marker }) => map.hasLayer(marker)).map((town) => townMeasured(map, town))
  const pins = pinsOf(state).map((pin) =>
    boxAt(map.latLngToContainerPoint(pin.getLatLng()), -PIN, -PIN, 2 * PIN, 2 * PIN),
  )
  // All is read before anything is written, so that the page is laid out once.
  const taken = hotspots.filter(({ isSmall }) => isSmall).map(({ at }) => boxAt(at, -DOT, -DOT, 2 * DOT, 2 * DOT))
  const isFree = (box) => !taken.some((other) => overlap(box, other))
  const isSeen = ({ left, top, right, bottom }) => left >= 0 && top >= 0 && right <= width && bottom <= height
  for (const hotspot of hotspots) {
    const boxes = placesAround(hotspot).map(([x, y]) => boxAt(hotspot.at, x, y, hotspot.wide, hotspot.high))
    const box = boxes.find((one) => isSeen(one) && isFree(one))
    putName(hotspot, box)
    if (box) taken.push(box)
  }
  taken.push(...pins)
  for (const { name, at, wide, high } of towns) {
    const box = aroundTown(at, wide, high).find((one) => isFree(one))
    name.style.visibility = box ? "visible" : "hidden"
    if (!box) continue
    name.style.transform = `translate(${Math.round(box.left - at.x)}px, ${Math.round(box.top - at.y)}px)`
    taken.push(box)
  }
}

function measured({ map }, { layer, badge, dot, at }, flag) {
  const bounds = layer.getBounds(),
    here = map.latLngToContainerPoint(at)
  const from = map.latLngToContainerPoint(bounds.getNorthWest()),
    to = map.latLngToContainerPoint(bounds.getSouthEast())
  const isSmall = to.x - from.x < OUTLINED && to.y - from.y < OUTLINED
  const room = isSmall ? DOT : 0
  return {
    at: here,
    badge,
    dot,
    flag,
    isSmall,
    own: badge.offsetWidth,
    wide: badge.offsetWidth + (flag ? GAP + flag.offsetWidth : 0),
    high: badge.offsetHeight,
    left: Math.min(from.x - here.x, -room) - GAP,
    right: Math.max(to.x - here.x, room) + GAP,
    top: Math.min(from.y - here.y, -room) - GAP,
    bottom: Math.max(to.y - here.y, room) + GAP,
  }
}

const pinsOf = ({ groups }) => [groups?.premises, groups?.places].flatMap((group) => group?.getLayers() ?? [])

function townMeasured(map, { marker }) {
  const name = marker.getElement().firstChild
  return { name, at: map.latLngToContainerPoint(marker.getLatLng()), wide: name.offsetWidth, high: name.offsetHeight }
}

// On the town's middle, or a little off it: it names ground, not a point.
function aroundTown(at, wide, high) {
  const x = -wide / 2,
    y = -high / 2,
    off = DOT + 2 * GAP
  return [
    [x, y],
    [x, off],
    [x, -off - high],
    [off, y],
    [-off - wide, y],
  ].map(([left, top]) => boxAt(at, left, top, wide, high))
}

// Above, below and beside the outline, then at its corners; on it where the outline fills the map.
function placesAround({ wide, high, left, right, top, bottom, isSmall }) {
  const middle = [-wide / 2, -high / 2],
    over = top - high,
    across = left - wide
  const around = [
    [middle[0], over],
    [middle[0], bottom],
    [right, middle[1]],
    [across, middle[1]],
    [right, over],
    [across, over],
    [right, bottom],
    [across, bottom],
  ]
  return isSmall ? around : [...around, middle]
}

function putName({ at, badge, dot, flag, isSmall, own, high }, box) {
  dot.hidden = !isSmall
  badge.style.visibility = box ? "visible" : "hidden"
  if (flag) flag.style.visibility = badge.style.visibility
  if (!box) return
  const x = Math.round(box.left - at.x),
    y = Math.round(box.top - at.y)
  badge.style.transform = `translate(${x}px, ${y}px)`
  if (flag) flag.style.transform = `translate(${x + own + GAP}px, ${y + Math.round((high - flag.offsetHeight) / 2)}px)`
}

function boxAt({ x, y }, left, top, wide, high) {
  return { left: x + left, top: y + top, right: x + left + wide, bottom: y + top + high }
}

function overlap(a, b) {
  return a.left < b.right + GAP && b.left < a.right + GAP && a.top < b.bottom + GAP && b.top < a.bottom + GAP
}
