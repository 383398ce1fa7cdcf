// The map of the app: draws what `layers.live` sends and reports what was chosen or asked on it.
// It is mounted in parts. The still part (ground, premises, points of interest) is sent once; the live part
// changes with the filters and stays small; the table says the same as the map.

import { keepLayersOff, keepView, layersOffAsked, viewAsked } from "./address.js"
import { card, colourOf, columnsOf, element, isDark } from "./dom.js"
import { drawGround, showNames } from "./ground.js"
import { cellColours, Hexagons } from "./hexagons.js"
import { placeLabels } from "./labels.js"
import { drawActions, drawHotspots, drawOverlay, markChosen } from "./marks.js"
import { addPanel } from "./panel.js"
import { addPremisesFilter, drawPoints, takePoints } from "./points.js"
import { addSearch } from "./search.js"
import { markRow, showTable } from "./table.js"
import { addTools } from "./tools.js"
import * as L from "./vendor/leaflet.js"

const LISTED = {
  hotspots: "Hotspots",
  cells: "Cells",
  actions: "Actions",
  premises: "Premises",
  places: "Points of interest",
  labels: "Town names",
} // the others name themselves: see drawOverlays
const PANES = { tiles: 150, ground: 200, cells: 350, ghosts: 400, hotspots: 420, points: 450, names: 460 }

const maps = new WeakMap()
const still = new Map() // name of a still part -> its data
const drawnFrom = new Map() // name of a still part -> the maps that draw it
const linked = new Map() // name of a group -> maps that move together
const named = new Map() // name of a map -> the map

function start(parent, data) {
  const root = parent.querySelector(".map-root")
  const frame = element("div", "map-frame")
  const bar = element("div", "map-bar"),
    legend = element("div", "map-legend"),
    said = element("div", "map-said")
  legend.setAttribute("role", "group")
  legend.setAttribute("aria-label", "Legend")
  said.setAttribute("role", "status")
  const holder = element("div", "map")
  const sheet = document.createElement("link")
  sheet.rel = "stylesheet"
  sheet.href = new URL("./vendor/leaflet.css", import.meta.url).href
  frame.append(bar, holder, legend, said)
  root.replaceChildren(sheet, frame)
  const map = L.map(holder, {
    zoomControl: false,
    minZoom: 7,
    maxZoom: 18,
    zoomSnap: 0.5,
    scrollWheelZoom: false,
    attributionControl: false,
    fadeAnimation: false,
  })
  map.on("focus", () => map.scrollWheelZoom.enable()) // else the wheel scrolls the page
  map.on("blur", () => map.scrollWheelZoom.disable())
  L.control.zoom({ zoomInTitle: "Zoom in", zoomOutTitle: "Zoom out" }).addTo(map)
  for (const [name, z] of Object.entries(PANES)) map.createPane(name).style.zIndex = z
  map.getPane("names").style.pointerEvents = "none"
  map.setView([52.85, -2.0], 10)
  const state = {
    frame,
    map,
    bar,
    legend,
    control: L.control.layers(null, {}, { collapsed: frame.clientWidth < 620, position: "topright" }),
    titles: { ...LISTED },
    overlays: { still: [], live: [] },
    listed: new Set(),
    versions: {},
    shapes: {},
    flags: [],
    flagOf: {},
    chosen: null,
    under: null,
    shown: { hidden: new Set(), after: null },
    kinds: [],
    canvas: L.canvas({ pane: "ground" }),
    outlines: L.svg({ pane: "hotspots" }),
    say: (text) => {
      said.textContent = text
    },
  }
  state.control.addTo(map)
  state.groups = { cells: new Hexagons({ pane: "cells" }) }
  for (const name of ["ground", "labels", "hotspots", "actions", "premises", "places", "found"]) {
    state.groups[name] = L.layerGroup()
  }
  for (const name of Object.keys(state.groups)) showUnlessOff(state, name)
  state.placeSoon = onceAFrame(() => {
    if (!state.isGone) placeLabels(state)
  })
  state.showWhole = () => {
    if (state.bounds) map.fitBounds(state.bounds, { animate: false })
  }
  state.refreshFilter = addPremisesFilter(state)
  L.control.scale({ imperial: false, position: "bottomright" }).addTo(map)
  state.attribution = L.control.attribution({ prefix: false }).addTo(map)
  addHoverCard(state)
  map.on("moveend", () => {
    showNames(state)
    state.placeSoon()
    drawPoints(state)
    if (data.group) moveTogether(data.group, state)
    if (!data.is_second && state.isPlaced) keepView(map)
  })
  map.on("overlayadd overlayremove resize", () => state.placeSoon())
  map.on("overlayadd overlayremove", () => {
    if (!data.is_second && !state.isGone)
      keepLayersOff(Object.keys(state.titles).filter((name) => !map.hasLayer(state.groups[name])))
  })
  map.on("overlayadd", () => drawPoints(state))
  state.observer = new ResizeObserver(() => map.invalidateSize())
  state.observer.observe(holder)
  return state
}

function showUnlessOff(state, name) {
  if (!(name in state.titles && layersOffAsked().has(name))) state.groups[name].addTo(state.map)
}

// The further layers of one part, each with its own title, look and line in the legend.
function drawOverlays(state, part, overlays) {
  state.overlays[part] = overlays
  for (const overlay of overlays) {
    const { name, title } = overlay
    if (!state.groups[name]) {
      state.groups[name] = L.layerGroup()
      state.titles[name] = title
      showUnlessOff(state, name)
    }
    drawOverlay(state, overlay)
  }
}

// One card beside the pointer says the hotspot and the cell that lie under it.
function addHoverCard(state) {
  const tip = L.tooltip({ direction: "right", offset: [14, 0] })
  state.map.on("mousemove", ({ latlng }) => {
    const cell = state.map.hasLayer(state.groups.cells) ? state.groups.cells.textAt(latlng) : ""
    const lines = [...(state.under ?? []), ...(cell ? [cell] : [])]
    if (!lines.length || state.tool) return tip.remove()
    tip.setContent(card(lines)).setLatLng(latlng).addTo(state.map)
  })
  state.map.on("mouseout", () => tip.remove())
}

function moveTogether(group, state) {
  if (state.follows) return
  for (const other of linked.get(group) ?? []) {
    if (other === state) continue
    other.follows = true
    other.map.setView(state.map.getCenter(), state.map.getZoom(), { animate: false })
    other.follows = false
  }
}

// Whatever asks in the meantime, `act` is done once, before the next picture is painted.
function onceAFrame(act) {
  let isAsked = false
  return () => {
    if (isAsked) return
    isAsked = true
    requestAnimationFrame(() => {
      isAsked = false
      act()
    })
  }
}

function changed(state, name, version) {
  if (state.versions[name] === version) return false
  state.versions[name] = version
  return true
}

function drawStill(state, name) {
  const data = still.get(name)
  if (!data) return
  const dark = isDark(state.frame)
  const isFirst = !state.bounds
  if (changed(state, "ground", `${data.version}${dark}`)) drawGround(state, data.basemap, data.tiles)
  if (changed(state, "points", data.version)) {
    takePoints(state, data)
    state.refreshFilter()
    if (state.whose) state.attribution.removeAttribution(state.whose)
    state.whose = plainText(data.attribution)
    state.attribution.addAttribution(state.whose)
  }
  if (changed(state, "overlays", `${data.version}${dark}`)) drawOverlays(state, "still", data.overlays)
  if (isFirst) {
    state.map.invalidateSize()
    const view = viewAsked()
    if (view) state.map.setView(view.slice(0, 2), view[2], { animate: false })
    else state.showWhole()
    state.isPlaced = true
  }
  showNames(state)
  state.placeSoon()
  listLayers(state)
}

// Leaflet takes attributions as markup.
function plainText(text) {
  return element("span", "", text ?? "").innerHTML
}

// Lists the layers that hold something: partners have no cells, premises or points of interest.
function listLayers(state) {
  const { control, groups, listed, titles } = state
  for (const [name, title] of Object.entries(titles)) {
    const group = groups[name]
    const isFilled = (state[name] ?? group.getLayers()).length > 0
    if (isFilled && !listed.has(name)) control.addOverlay(group, title)
    else if (!isFilled && listed.has(name)) control.removeLayer(group)
    if (isFilled) listed.add(name)
    else listed.delete(name)
  }
}

function drawLegend(state, lines) {
  const wasOpen = state.legend.querySelector("details")?.open ?? false
  const overlays = [...state.overlays.live, ...state.overlays.still]
    .filter(({ name }) => state.groups[name].getLayers().length)
    .map(({ line, fill, dashes, legend }) => ({ outline: line, fill, dashed: dashes, text: legend }))
  state.legend.replaceChildren(
    ...[...lines.filter(({ more }) => !more), ...overlays].map((line) => legendLine(state, line)),
    ...lines.filter(({ more }) => more).map(({ text, more }) => folded(text, more, wasOpen)),
  )
}

function legendLine(state, { level, outline, fill, dashed, text }) {
  const line = element("div", level === undefined ? "" : "class")
  if (level !== undefined || outline) {
    const { style } = line.appendChild(element("i"))
    if (level !== undefined) style.background = cellColours(isDark(state.frame))[level]
    if (outline) style.border = `3px ${dashed ? "dashed" : "solid"} ${colourOf(state.frame, outline)}`
    if (fill) style.background = `color-mix(in srgb, ${colourOf(state.frame, fill)} 45%, transparent)`
  }
  line.append(element("span", "", text))
  return line
}

function folded(text, lines, isOpen) {
  const box = element("details")
  box.open = isOpen
  box.append(element("summary", "", text), ...lines.map((line) => element("p", "", line)))
  return box
}

function drawLive(state, data, report) {
  const { frame, map } = state
  const dark = isDark(frame)
  frame.classList.toggle("dark", dark)
  map.getContainer().setAttribute("aria-label", data.title)
  map.getContainer().setAttribute("role", "region")
  if (changed(state, "cells", data.run_version)) state.groups.cells.setCells(columnsOf(data.cells))
  state.mark = (key) => {
    markChosen(state, key, true)
    state.showPanel(key)
  }
  state.choose = (key) => {
    state.mark(key)
    markRow(data.name, key)
    report("chosen", key)
  }
  if (changed(state, "hotspots", `${data.run_version}${data.names_version}`)) {
    drawHotspots(state, data.hotspots, (key) => state.choose(key))
    state.chosen = undefined
    state.under = null
  }
  const themed = changed(state, "theme", dark)
  if (themed) state.groups.cells.setDark(dark)
  state.flags = data.actions
  if (changed(state, "marks", data.marks_version) || themed) {
    drawOverlays(state, "live", data.overlays)
    drawActions(state, data.actions)
  }
  if (data.selected !== state.chosen || themed) markChosen(state, data.selected, data.selected !== state.chosen)
  state.showPanel(data.selected)
  state.showArea(data.area)
}

function forget(parentElement, state, { group, name: own, still: name }) {
  state.isGone = true
  state.observer.disconnect()
  state.map.remove()
  maps.delete(parentElement)
  if (named.get(own) === state) named.delete(own)
  drawnFrom.get(name)?.delete(state)
  linked.get(group)?.delete(state)
}

function join(table, name, state) {
  if (!table.has(name)) table.set(name, new Set())
  table.get(name).add(state)
}

// Colours come from the style sheet, which may arrive after this script.
function whenStyled(state) {
  if (state.isGone) return
  if (colourOf(state.frame, "--outline")) state.latest()
  else requestAnimationFrame(() => whenStyled(state))
}

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  if (data.part === "still") {
    still.set(data.name, data)
    parentElement.querySelector(".map-root").hidden = true
    for (const state of drawnFrom.get(data.name) ?? []) whenStyled(state)
    return () => {}
  }
  if (data.part === "table") {
    return showTable(parentElement.querySelector(".map-root"), data, (key, map) => {
      named.get(map)?.mark(key)
      setTriggerValue("chosen", key)
    })
  }
  let state = maps.get(parentElement)
  const isNew = !state
  if (isNew) {
    state = start(parentElement, data)
    maps.set(parentElement, state)
    named.set(data.name, state)
    join(drawnFrom, data.still, state)
    if (data.group) join(linked, data.group, state)
    state.showPanel = addPanel(state, data.may_open ? (key) => setTriggerValue("open", key) : null)
    addSearch(state, state.bar)
    state.showArea = addTools(state, state.bar, data.may_ask ? (area) => setStateValue("area", area) : null)
  }
  state.latest = () => {
    drawLive(state, data, setTriggerValue)
    drawStill(state, data.still)
    listLayers(state)
    drawLegend(state, data.legend)
    if (still.has(data.still)) state.frame.dataset.ready = data.run_version
  }
  whenStyled(state)
  return () => forget(parentElement, state, data)
}
