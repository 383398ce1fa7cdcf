// Draws outlines and what hangs on them: hotspots, actions, and the layers that say themselves how they look.

import { card, colourOf, element } from "./dom.js"
import * as L from "./vendor/leaflet.js"

export function drawHotspots(state, text, choose) {
  const { groups } = state
  groups.hotspots.clearLayers()
  state.shapes = {}
  for (const feature of JSON.parse(text).features) {
    const { key, label, lines, lng, lat, name } = feature.properties
    const layer = L.geoJSON(feature, { style: { renderer: state.outlines, pane: "hotspots" } })
    const badge = element("div", "key", name),
      dot = element("i", "dot"),
      mark = element("div", "mark")
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
    state.shapes[key] = { layer, badge, dot, at: [lat, lng], label, lines }
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

export function markChosen(state, key, move) {
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
  if (move && state.shapes[key]) {
    const bounds = state.shapes[key].layer.getBounds()
    if (!state.map.getBounds().contains(bounds) || state.map.getZoom() < 13) {
      state.map.fitBounds(bounds.pad(1.2), { maxZoom: 15, animate: false })
    }
  }
  state.chosen = key
  state.placeSoon()
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
