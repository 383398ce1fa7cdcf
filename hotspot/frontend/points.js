// Draws premises, clustered where they are dense, and points of interest.
import * as L from "./vendor/leaflet.js"
import "./vendor/supercluster.js"
import { keepPremisesShown, premisesShownAsked } from "./address.js"
import { card, columnsOf, element } from "./dom.js"

const { Supercluster } = globalThis
const FROM_ZOOM = 12,
  ALONE_FROM = 17,
  RADIUS = 46

export function takePoints(state, { premises, places, postcodes, kinds }) {
  const known = columnsOf(premises)
  state.kinds = kinds
  state.shown = premisesShownAsked(kinds)
  state.premises = Array.from({ length: known.length }, (_, n) => ({
    at: [known.lat[n], known.lng[n]],
    name: known.name[n],
    kind: known.kind[n],
    postcode: known.postcode[n],
    until: known.until[n],
  }))
  const others = columnsOf(places)
  state.places = Array.from({ length: others.length }, (_, n) => ({
    at: [others.lat[n], others.lng[n]],
    letter: others.letter[n],
    text: others.text[n],
  }))
  state.postcodes = columnsOf(postcodes)
  indexPremises(state)
}

// `until` is the closing hour in minutes after noon, so that three at night comes after eleven.
export function indexPremises(state) {
  const { hidden, after } = state.shown
  const features = state.premises
    .filter(({ kind, until }) => !hidden.has(kind) && (after === null || (until !== null && until >= after)))
    .map((place) => ({
      type: "Feature",
      properties: place,
      geometry: { type: "Point", coordinates: place.at.toReversed() },
    }))
  state.clusters = new Supercluster({
    radius: RADIUS,
    maxZoom: ALONE_FROM - 1,
    extent: 256,
    map: ({ kind, until }) => ({ kinds: { [kind]: 1 }, late: isLate(until) ? 1 : 0 }),
    reduce: (all, one) => {
      all.kinds = { ...all.kinds }
      for (const [kind, count] of Object.entries(one.kinds)) all.kinds[kind] = (all.kinds[kind] ?? 0) + count
      all.late += one.late
    },
  }).load(features)
  state.inIndex = features.length
  drawPoints(state)
}

// Points are drawn closer in only: over a whole force they would hide the hotspots.
export function drawPoints(state) {
  drawPremises(state)
  drawPlaces(state)
}

const MIDNIGHT = 720

function isLate(until) {
  return until !== null && until >= MIDNIGHT
}

function clock(until) {
  const minutes = (until + 720) % 1440
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`
}

function drawPremises(state) {
  const { map, groups, clusters, kinds } = state
  groups.premises.clearLayers()
  if (!clusters || !state.inIndex || map.getZoom() < FROM_ZOOM || !map.hasLayer(groups.premises)) return
  const seen = map.getBounds().pad(0.1)
  const box = [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()]
  for (const { geometry, properties: found } of clusters.getClusters(box, Math.floor(map.getZoom()))) {
    const at = geometry.coordinates.toReversed()
    const marker = found.cluster ? clusterMarker(state, at, found) : pinMarker(at, found, kinds)
    marker.addTo(groups.premises)
  }
}

function clusterMarker(state, at, { cluster_id: id, point_count: count, kinds: counts, late }) {
  const side = count < 10 ? 26 : count < 100 ? 32 : 40
  const icon = L.divIcon({
    html: element("div", late ? "many late" : "many", String(count)),
    className: "",
    iconSize: [side, side],
  })
  const marker = L.marker(at, { icon, pane: "points", keyboard: false })
  const by = Object.entries(counts)
    .sort((a, b) => b[1] - a[1])
    .map(([kind, n]) => `${n} ${state.kinds[kind].name}`)
  const lines = [`${count} premises`, ...by, ...(late ? [`${late} open until midnight or later`] : [])]
  marker.bindTooltip(() => card(lines))
  marker.on("click", () => {
    if (!state.tool) state.map.setView(at, Math.min(state.clusters.getClusterExpansionZoom(id), 18))
  })
  return marker
}

function pinMarker(at, { name, kind, until }, kinds) {
  const pin = element("div", "pin premises", kinds[kind].letter)
  if (isLate(until)) pin.append(element("span", "until", clock(until).slice(0, 2)))
  const marker = L.marker(at, {
    icon: L.divIcon({ html: pin, className: "", iconSize: [20, 20] }),
    pane: "points",
    keyboard: false,
  })
  const lines = [name, kinds[kind].name, ...(until === null ? [] : [`open until ${clock(until)}`])]
  marker.bindTooltip(() => card(lines))
  return marker
}

function drawPlaces({ map, groups, places }) {
  groups.places.clearLayers()
  if (map.getZoom() < FROM_ZOOM || !map.hasLayer(groups.places)) return
  const seen = map.getBounds().pad(0.1)
  for (const { at, letter, text } of places ?? []) {
    if (!seen.contains(at)) continue
    const icon = L.divIcon({ html: element("div", "pin place", letter), className: "", iconSize: [20, 20] })
    const marker = L.marker(at, { icon, pane: "points", keyboard: false })
    marker.bindTooltip(() => card([text]))
    marker.addTo(groups.places)
  }
}

// The choice of which premises are drawn: kinds, and from which closing hour.
export function addPremisesFilter(state) {
  const box = element("details", "premises-filter")
  const list = element("div", "lines")
  box.append(element("summary", "", "Premises shown"), list)
  const control = L.control({ position: "topright" })
  control.onAdd = () => {
    L.DomEvent.disableClickPropagation(box)
    L.DomEvent.disableScrollPropagation(box)
    return box
  }
  control.addTo(state.map)
  return () => {
    box.hidden = !state.premises?.length
    list.replaceChildren(
      ...state.kinds.map(({ name }, kind) => {
        const line = element("label"),
          tick = element("input")
        tick.type = "checkbox"
        tick.checked = !state.shown.hidden.has(kind)
        tick.onchange = () => {
          if (tick.checked) state.shown.hidden.delete(kind)
          else state.shown.hidden.add(kind)
          showChosen(state)
        }
        line.append(tick, element("span", "", name))
        return line
      }),
      hourChoice(state),
    )
  }
}

function showChosen(state) {
  keepPremisesShown(state.shown, state.kinds)
  indexPremises(state)
}

function hourChoice(state) {
  const line = element("label", "", "Open until "),
    choice = element("select")
  for (const [value, text] of [
    ["", "any hour"],
    [660, "23:00 or later"],
    [720, "midnight or later"],
    [780, "01:00 or later"],
    [840, "02:00 or later"],
    [900, "03:00 or later"],
  ]) {
    const option = element("option", "", text)
    option.value = value
    choice.append(option)
  }
  choice.value = state.shown.after ?? ""
  choice.onchange = () => {
    state.shown.after = choice.value === "" ? null : Number(choice.value)
    showChosen(state)
  }
  line.append(choice)
  return line
}
