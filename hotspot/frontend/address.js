// What the address says of the map, so that a link opens the same: the view, the layers that are off, and the
// premises that are left out. What a session chose last holds where an address says nothing.

const VIEW = "view",
  OFF = "map_off",
  KINDS_OFF = "premises_off",
  UNTIL = "premises_until"
const last = {}

function asked(name) {
  const found = new URL(window.location.href).searchParams.get(name)
  if (found !== null) last[name] = found
  else if (last[name]) keep(name, last[name]) // back from another page: the address says it again
  return last[name] ?? ""
}

function keep(name, text) {
  last[name] = text
  const address = new URL(window.location.href)
  if (text) address.searchParams.set(name, text)
  else address.searchParams.delete(name)
  window.history.replaceState(window.history.state, "", address)
}

export function keepView(map) {
  const { lat, lng } = map.getCenter()
  keep(VIEW, `${lat.toFixed(5)},${lng.toFixed(5)},${map.getZoom()}`)
}

// Latitude, longitude and zoom, or nothing.
export function viewAsked() {
  const parts = asked(VIEW).split(",").map(Number)
  const isView =
    parts.length === 3 &&
    parts.every(Number.isFinite) &&
    Math.abs(parts[0]) <= 85 &&
    Math.abs(parts[1]) <= 180 &&
    parts[2] >= 7 &&
    parts[2] <= 18
  return isView ? parts : null
}

export function keepLayersOff(names) {
  keep(OFF, names.join(","))
}

export function layersOffAsked() {
  return new Set(asked(OFF).split(","))
}

// `hidden` are places in the list of kinds; the address has their letters, which stay when the list grows.
export function keepPremisesShown({ hidden, after }, kinds) {
  keep(KINDS_OFF, [...hidden].map((kind) => kinds[kind].letter).join(""))
  keep(UNTIL, after === null ? "" : String(after))
}

export function premisesShownAsked(kinds) {
  const letters = asked(KINDS_OFF),
    after = Number(asked(UNTIL))
  const hidden = kinds.flatMap(({ letter }, kind) => (letters.includes(letter) ? [kind] : []))
  return { hidden: new Set(hidden), after: after > 0 && after < 1440 ? after : null }
}
