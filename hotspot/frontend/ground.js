// Draws what lies under everything: tiles where a workspace has them, else the ground's own lines.

import { colourOf, element } from "./dom.js"
import * as L from "./vendor/leaflet.js"

const LINES = {
  road: { color: "--road", weight: 1.6 },
  rail: { color: "--rail", weight: 1.3, dashArray: "5 4" },
  canal: { color: "--canal", weight: 1.3 },
  district: { color: "--border", weight: 1, dashArray: "2 4", fill: false },
  force: { color: "--border", weight: 2.5, fill: false },
}
const AREAS = { land: "--land", town: "--town", park: "--park" }
const OVER_TILES = ["district", "force"]

export function drawGround(state, text, tiles) {
  const { groups, frame } = state
  const colour = (name) => colourOf(frame, name)
  state.groundTurn = (state.groundTurn ?? 0) + 1
  groups.ground.clearLayers()
  groups.labels.clearLayers()
  const features = JSON.parse(text).features
  const isDrawn = ({ properties: { layer } }) => (tiles ? OVER_TILES.includes(layer) : layer in AREAS || layer in LINES)
  if (tiles) addTiles(state, tiles)
  L.geoJSON(
    { type: "FeatureCollection", features: features.filter(isDrawn) },
    {
      interactive: false,
      renderer: state.canvas,
      pane: "ground",
      style: ({ properties: { layer } }) =>
        layer in AREAS
          ? { stroke: false, fillColor: colour(AREAS[layer]), fillOpacity: 1 }
          : { ...LINES[layer], color: colour(LINES[layer].color), fill: false },
    },
  ).addTo(groups.ground)
  const land = features.find((f) => f.properties.layer === "land")
  if (land) state.bounds = L.geoJSON(land).getBounds()
  const named = features.filter((f) => f.properties.layer === "label")
  state.towns = named.map((f) => ({ name: f.properties.name, at: f.geometry.coordinates.toReversed() }))
  state.names = []
  if (tiles) return // the tiles bring names of their own
  for (const {
    geometry: {
      coordinates: [lng, lat],
    },
  } of features.filter((f) => f.properties.layer === "station")) {
    L.circleMarker([lat, lng], {
      renderer: state.canvas,
      pane: "ground",
      radius: 2.5,
      weight: 1.5,
      color: colour("--rail"),
      fillColor: colour("--land"),
      fillOpacity: 1,
      interactive: false,
    }).addTo(groups.ground)
  }
  state.names = named.map((f) => {
    const { name, rank } = f.properties
    const [lng, lat] = f.geometry.coordinates
    const icon = L.divIcon({ html: element("div", `label rank${rank}`, name), className: "", iconSize: null })
    return { rank, marker: L.marker([lat, lng], { icon, pane: "names", interactive: false, keyboard: false }) }
  })
}

async function addTiles(state, { address, from, to, vector }) {
  const { groups, frame } = state,
    turn = state.groundTurn
  const pane = "tiles",
    flavor = frame.classList.contains("dark") ? "dark" : "light"
  const layer = vector
    ? await vectorLayer({
        pane,
        url: window.location.origin + address,
        maxDataZoom: to,
        attribution: "",
        flavor,
        lang: "en",
      })
    : L.tileLayer(address, { pane, minNativeZoom: from, maxNativeZoom: to })
  if (turn === state.groundTurn) layer.addTo(groups.ground) // else it was drawn anew meanwhile
}

// The drawer of vector tiles is a script of its own, fetched only where it is needed.
async function vectorLayer(options) {
  globalThis.L ??= L
  if (!globalThis.protomapsL) {
    await new Promise((done, failed) => {
      const script = document.createElement("script")
      script.src = new URL("./vendor/protomaps-leaflet.js", import.meta.url).href
      script.onload = done
      script.onerror = failed
      document.head.append(script)
    })
  }
  return globalThis.protomapsL.leafletLayer(options)
}

export function showNames(state) {
  const zoom = state.map.getZoom()
  for (const { rank, marker } of state.names ?? []) {
    const fits = rank === 1 || (rank === 2 && zoom >= 10.5) || zoom >= 12
    if (fits) marker.addTo(state.groups.labels)
    else state.groups.labels.removeLayer(marker)
  }
}
