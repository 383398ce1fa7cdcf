// The map of the app: draws what `layers.live` sends and reports which hotspot was chosen.
// Text from data is set with textContent only; nothing here builds markup from it.
import * as L from "./vendor/leaflet.js"
import { cellToBoundary } from "./vendor/h3.js"

const maps = new WeakMap()
const CELL_COLOURS = ["#d5e0ef", "#a3bfdf", "#6e97c9", "#3f6cab", "#1f4283"]
const LINES = {
  road: { color: "--road", weight: 1.6 },
  rail: { color: "--rail", weight: 1.3, dashArray: "5 4" },
  canal: { color: "--canal", weight: 1.3 },
  district: { color: "--border", weight: 1, dashArray: "2 4", fill: false },
  force: { color: "--border", weight: 2.5, fill: false },
}
const AREAS = { land: "--land", town: "--town", park: "--park" }

function element(tag, className, text) {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text !== undefined) made.textContent = text
  return made
}

function rows(table) {
  if (!table) return []
  const names = table.schema.fields.map((field) => field.name)
  const columns = names.map((name) => table.getChild(name))
  return Array.from({ length: table.numRows }, (_, i) =>
    Object.fromEntries(names.map((name, n) => [name, columns[n].get(i)])))
}

function isDark(frame) {
  const colour = getComputedStyle(frame).getPropertyValue("--st-background-color").trim()
  const probe = element("span")
  probe.style.color = colour || "#fff"
  frame.append(probe)
  const [r, g, b] = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number)
  probe.remove()
  return 0.299 * r + 0.587 * g + 0.114 * b < 128
}

function start(parent) {
  const frame = parent.querySelector(".map-frame")
  const sheet = document.createElement("link")
  sheet.rel = "stylesheet"
  sheet.href = new URL("./vendor/leaflet.css", import.meta.url).href
  frame.before(sheet)
  const map = L.map(frame.querySelector(".map"), {
    zoomControl: false, preferCanvas: true, minZoom: 8, maxZoom: 18, zoomSnap: 0.5,
    attributionControl: false, scrollWheelZoom: false,
  })
  map.on("focus", () => map.scrollWheelZoom.enable())  // else the wheel scrolls the page
  map.on("blur", () => map.scrollWheelZoom.disable())
  L.control.zoom({ zoomInTitle: "Zoom in", zoomOutTitle: "Zoom out" }).addTo(map)
  map.setView([52.85, -2.0], 10)
  const panes = { ground: 200, cells: 350, hotspots: 420, points: 450, names: 460 }
  for (const [name, z] of Object.entries(panes)) map.createPane(name).style.zIndex = z
  map.getPane("names").style.pointerEvents = "none"
  const groups = {}
  for (const name of ["ground", "labels", "cells", "hotspots", "premises", "places"]) {
    groups[name] = L.layerGroup()
  }
  for (const group of Object.values(groups)) group.addTo(map)
  const control = L.control.layers(null, {}, { collapsed: false, position: "topright", sortLayers: true,
    sortFunction: (a, b) => a.rank - b.rank }).addTo(map)
  const state = {
    frame, map, groups, control, listed: new Set(), versions: {}, shapes: {}, chosen: null,
    ground: L.canvas({ pane: "ground" }), cells: L.canvas({ pane: "cells" }),
    outlines: L.svg({ pane: "hotspots" }), legend: L.control({ position: "bottomleft" }),
  }
  addHome(state)
  state.legend.onAdd = () => {
    const box = element("details", "legend")
    box.open = true
    state.legendBox = element("div", "lines")
    box.append(element("summary", "", "Legend"), state.legendBox)
    L.DomEvent.disableClickPropagation(box)
    L.DomEvent.disableScrollPropagation(box)
    return box
  }
  state.legend.addTo(map)
  L.control.scale({ imperial: false, position: "bottomright" }).addTo(map)
  map.on("zoomend", () => showByZoom(state))
  state.observer = new ResizeObserver(() => map.invalidateSize())
  state.observer.observe(frame)
  return state
}

function addHome(state) {
  const home = L.control({ position: "topleft" })
  home.onAdd = () => {
    const bar = element("div", "leaflet-bar")
    const button = element("button", "", "\u2302")
    button.title = "Show the whole area"
    button.setAttribute("aria-label", button.title)
    button.onclick = () => state.bounds && state.map.fitBounds(state.bounds)
    bar.append(button)
    L.DomEvent.disableClickPropagation(bar)
    return bar
  }
  home.addTo(state.map)
}

function changed(state, name, version) {
  if (state.versions[name] === version) return false
  state.versions[name] = version
  return true
}

function drawGround(state, text) {
  const { groups, frame } = state
  const paint = getComputedStyle(frame)
  const colour = (name) => paint.getPropertyValue(name).trim()
  groups.ground.clearLayers()
  groups.labels.clearLayers()
  const features = JSON.parse(text).features
  const plain = features.filter((f) => f.properties.layer in AREAS || f.properties.layer in LINES)
  L.geoJSON({ type: "FeatureCollection", features: plain }, {
    interactive: false, renderer: state.ground, pane: "ground",
    style: ({ properties: { layer } }) => layer in AREAS
      ? { stroke: false, fillColor: colour(AREAS[layer]), fillOpacity: 1 }
      : { ...LINES[layer], color: colour(LINES[layer].color), fill: false },
  }).addTo(groups.ground)
  const land = features.find((f) => f.properties.layer === "land")
  if (land) state.bounds = L.geoJSON(land).getBounds()
  for (const { geometry: { coordinates: [lng, lat] } } of features.filter((f) => f.properties.layer === "station")) {
    L.circleMarker([lat, lng], { renderer: state.ground, pane: "ground", radius: 2.5, weight: 1.5,
      color: colour("--rail"), fillColor: colour("--land"), fillOpacity: 1, interactive: false }).addTo(groups.ground)
  }
  state.names = features.filter((f) => f.properties.layer === "label").map((f) => {
    const name = element("div", `label rank${f.properties.rank}`, f.properties.name)
    const [lng, lat] = f.geometry.coordinates
    const icon = L.divIcon({ html: name, className: "", iconSize: null })
    return { rank: f.properties.rank, marker: L.marker([lat, lng], { icon, pane: "names", interactive: false, keyboard: false }) }
  })
}

function drawCells(state, table) {
  state.groups.cells.clearLayers()
  for (const row of rows(table)) {
    const shape = L.polygon(cellToBoundary(row.cell), {
      renderer: state.cells, pane: "cells", stroke: true, weight: 0.7, color: "#4a6fa5",
      opacity: 0.55, fillColor: CELL_COLOURS[row.level], fillOpacity: 0.72,
    })
    shape.bindTooltip(() => element("span", "", row.text), { sticky: true })
    shape.addTo(state.groups.cells)
  }
}

function drawHotspots(state, text, choose) {
  const { groups } = state
  groups.hotspots.clearLayers()
  state.shapes = {}
  for (const feature of JSON.parse(text).features) {
    const { key, label, lng, lat, name } = feature.properties
    const layer = L.geoJSON(feature, { style: { renderer: state.outlines, pane: "hotspots" } })
    const badge = element("div", "key", name)
    const marker = L.marker([lat, lng], {
      icon: L.divIcon({ html: badge, className: "", iconSize: null }), pane: "names",
      interactive: false, keyboard: false, zIndexOffset: 1000,
    })
    layer.bindTooltip(() => element("span", "", label), { sticky: true })
    layer.on("click", () => choose(key))
    layer.addTo(groups.hotspots)
    marker.addTo(groups.hotspots)
    layer.eachLayer((part) => makeReachable(part, label, () => choose(key)))
    state.shapes[key] = { layer, badge }
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

function drawPoints(state, group, kind, table) {
  group.clearLayers()
  for (const row of rows(table)) {
    const pin = element("div", `pin ${kind}`, row.letter)
    const marker = L.marker([row.lat, row.lng], {
      icon: L.divIcon({ html: pin, className: "", iconSize: [20, 20] }), pane: "points",
      keyboard: false,
    })
    marker.bindTooltip(() => element("span", "", row.text))
    marker.addTo(group)
  }
}

function markChosen(state, key, move) {
  const paint = getComputedStyle(state.frame)
  for (const [name, { layer, badge }] of Object.entries(state.shapes)) {
    const isChosen = name === key
    layer.setStyle({
      color: paint.getPropertyValue(isChosen ? "--chosen" : "--outline").trim(),
      weight: isChosen ? 4 : 2.2, fillColor: "#1f4283", fillOpacity: 0.04,
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
}

const LISTED = { hotspots: "Hotspots", cells: "Cells", premises: "Premises", places: "Points of interest",
  labels: "Town names" }

function showByZoom(state) {
  const zoom = state.map.getZoom()
  state.frame.classList.toggle("far", zoom < 13)
  for (const { rank, marker } of state.names ?? []) {
    const fits = rank === 1 || (rank === 2 && zoom >= 10.5) || zoom >= 12
    if (fits) marker.addTo(state.groups.labels)
    else state.groups.labels.removeLayer(marker)
  }
}

// Lists the layers that hold something: partners have no cells, premises or points of interest.
function listLayers({ control, groups, listed }) {
  Object.entries(LISTED).forEach(([name, title], rank) => {
    const group = groups[name], isFilled = group.getLayers().length > 0
    group.rank = rank
    if (isFilled && !listed.has(name)) control.addOverlay(group, title)
    else if (!isFilled && listed.has(name)) control.removeLayer(group)
    if (isFilled) listed.add(name)
    else listed.delete(name)
  })
}

function drawLegend(state, lines) {
  state.legendBox.replaceChildren(...lines.map(({ colour, outline, text }) => {
    const line = element("div")
    if (colour || outline) {
      const swatch = element("i")
      if (colour) swatch.style.background = colour
      if (outline) swatch.style.border = `3px solid ${outline}`
      line.append(swatch)
    }
    line.append(element("span", "", text))
    return line
  }))
}

export default function ({ parentElement, data, setStateValue }) {
  let state = maps.get(parentElement)
  const isNew = !state
  if (isNew) {
    state = start(parentElement)
    maps.set(parentElement, state)
  }
  const { frame, groups, map } = state
  const dark = isDark(frame)
  frame.classList.toggle("dark", dark)
  map.getContainer().setAttribute("aria-label", data.title)
  map.getContainer().setAttribute("role", "region")
  if (changed(state, "ground", `${data.basemap_version}${dark}`)) drawGround(state, data.basemap)
  if (isNew) {
    map.invalidateSize()
    if (state.bounds) map.fitBounds(state.bounds, { animate: false })
  }
  if (changed(state, "cells", data.run_version)) drawCells(state, data.cells)
  state.choose = (key) => {
    markChosen(state, key, true)
    setStateValue("selected", key)
  }
  if (changed(state, "hotspots", `${data.run_version}${data.names_version}`)) {
    drawHotspots(state, data.hotspots, (key) => state.choose(key))
    state.chosen = undefined
  }
  if (changed(state, "points", data.points_version)) {
    drawPoints(state, groups.premises, "premises", data.premises)
    drawPoints(state, groups.places, "place", data.places)
  }
  drawLegend(state, data.legend.map((line) =>
    ({ ...line, colour: line.level === undefined ? line.colour : CELL_COLOURS[line.level],
       outline: line.outline && getComputedStyle(frame).getPropertyValue(line.outline).trim() })))
  const themed = changed(state, "theme", dark)
  if (data.selected !== state.chosen || themed) {
    markChosen(state, data.selected, data.selected !== state.chosen)
  }
  showByZoom(state)
  listLayers(state)
  frame.dataset.ready = data.run_version
  return () => {
    state.observer.disconnect()
    map.remove()
    maps.delete(parentElement)
  }
}
