// Draws outlines and what hangs on them: hotspots, actions, and the layers that say themselves how they look.

import { card, colourOf, element } from "./dom.js"
import { roomOf } from "./sheet.js"
import * as L from "./vendor/leaflet.js"

const LEAST = 6,
  GREATEST = 15,
  NEAR = 13

export function drawHotspots(state, text, choose) {
  const { groups } = state
  groups.hotspots.clearLayers()
  state.shapes = {}
  const features = JSON.parse(text).features
  const most = Math.max(...features.map(({ properties }) => properties.weight ?? 0), 0)
  for (const feature of features) {
    const { key, label, lines, lng, lat, name, why, weight } = feature.properties
    const layer = L.geoJSON(feature, { style: { renderer: state.outlines, pane: "hotspots" } })
    const badge = element("div", "key", name),
      dot = element("i", "dot"),
      mark = element("div", "mark"),
      radius = radiusOf(weight, most)
    dot.style.setProperty("--radius", `${radius}px`)
    mark.append(dot, badge)
    const marker = L.marker([lat, lng], {
      icon: L.divIcon({ html: mark, className: "", iconSize: null }),
      pane: "names",
      interactive: false,
      keyboard: false,
      zIndexOffset: 1000,
    })
    layer.on("mouseover", () => {
      state.under = lines
    })
    layer.on("mouseout", () => {
      state.under = null
    })
    layer.on("click", () => {
      if (!state.tool) choose(key)
    })
    layer.addTo(groups.hotspots)
    marker.addTo(groups.hotspots)
    layer.eachLayer((part) => makeReachable(part, label, () => choose(key)))
    state.shapes[key] = { layer, badge, dot, at: [lat, lng], label, lines, name, why, radius, feature }
  }
}

function makeReachable(part, label, act) {
  const apply = () => {
    const path = part.getElement()
    if (!path) return
    path.setAttribute("tabindex", "0")
    path.setAttribute("role", "button")
    path.setAttribute("aria-label", label)
    path.onkeydown = (event) => {
      if (event.key !== "Enter" && event.key !== " ") return
      event.preventDefault()
      event.stopPropagation()
      act()
    }
  }
  part.on("add", apply)
  apply()
}

// The area of a dot says how much a hotspot weighs beside the heaviest.
function radiusOf(weight, most) {
  return weight && most ? Math.round(Math.max(LEAST, GREATEST * Math.sqrt(weight / most))) : LEAST
}

export function markChosen(state, key, move) {
  drawOver(state, state.shapes[key])
  for (const [name, { layer, badge, dot }] of Object.entries(state.shapes)) {
    const isChosen = name === key
    dot.className = isChosen ? "dot chosen" : "dot"
    layer.setStyle({
      color: colourOf(state.frame, isChosen ? "--chosen" : "--outline"),
      weight: isChosen ? 4 : 2.2,
      fillColor: "#1f4283",
      fillOpacity: 0.04,
    })
    badge.className = isChosen ? "key chosen" : "key"
    if (isChosen) layer.bringToFront()
    layer.eachLayer((part) => part.getElement()?.setAttribute("aria-pressed", String(isChosen)))
  }
  if (move && state.shapes[key]) showShape(state, state.shapes[key].layer.getBounds())
  state.chosen = key
  state.placeSoon()
}

// The outline of the chosen one lies over premises and points of interest.
function drawOver(state, shape) {
  state.groups.chosen?.clearLayers()
  if (!shape?.feature || !state.over) return
  const style = { color: colourOf(state.frame, "--chosen"), weight: 3, fill: false, className: "over" }
  L.geoJSON(shape.feature, { pane: "chosen", interactive: false, style: { ...style, renderer: state.over } }).addTo(
    state.groups.chosen,
  )
}

// Fits the map to a place in what the panels leave free of it, unless it is well in sight.
function showShape(state, bounds) {
  const { map } = state,
    room = roomOf(state)
  const free = L.bounds(room.paddingTopLeft, map.getSize().subtract(room.paddingBottomRight))
  const corners = [bounds.getNorthWest(), bounds.getSouthEast()].map((at) => map.latLngToContainerPoint(at))
  if (map.getZoom() >= NEAR && corners.every((corner) => free.contains(corner))) return
  map.fitBounds(bounds.pad(0.8), { maxZoom: 15, animate: false, ...room })
}

// What hangs on hotspots as small flags: `count`, `late`, and a line for the hover card.
export function drawActions(state, actions) {
  state.groups.actions.clearLayers()
  state.flagOf = {}
  for (const { key, lat, lng, count, late, text } of actions) {
    const flag = element("div", late ? "flag late" : "flag", late ? `${count} · ${late} late` : String(count))
    const marker = L.marker([lat, lng], {
      pane: "points",
      keyboard: false,
      icon: L.divIcon({ html: flag, className: "", iconSize: null }),
    })
    marker.bindTooltip(() => card(text))
    marker.addTo(state.groups.actions)
    state.flagOf[key] = flag
  }
  state.placeSoon()
}

// A layer of outlines as `layers.overlays` describes it. Each outline is a layer of its own, so that a group
// without any counts as empty.
export function drawOverlay(state, { name, shapes, line, fill, dashes }) {
  const group = state.groups[name]
  const style = {
    className: name,
    weight: fill ? 1.5 : 2,
    dashArray: dashes || null,
    color: colourOf(state.frame, line),
    fill: true, // the card shows all over the area
    fillColor: colourOf(state.frame, fill || line),
    fillOpacity: fill ? 0.45 : 0.01,
  }
  group.clearLayers()
  for (const feature of JSON.parse(shapes).features) {
    L.geoJSON(feature, { pane: "ghosts", style })
      .bindTooltip(() => card(feature.properties.lines), { sticky: true })
      .addTo(group)
  }
}
