// Draws cells on one canvas: tens of thousands stay quick, and which one lies under the pointer is
// a lookup by its id, not a search.

import { cellToBoundary, getResolution, latLngToCell } from "./vendor/h3.js"
import * as L from "./vendor/leaflet.js"

// Few to many: always further from the ground's own colour.
const ON_LIGHT = ["#d5e0ef", "#a3bfdf", "#6e97c9", "#3f6cab", "#1f4283"]
const ON_DARK = ["#2b4468", "#3b659e", "#5c8fcf", "#93bbea", "#dbe9fb"]
export const cellColours = (isDark) => (isDark ? ON_DARK : ON_LIGHT)
const CORNERS = 6,
  LINE = "#4a6fa5",
  THIN_BELOW = 5
const AT_ONCE = 100 // hexagons in one path: the time to fill a path grows faster than the path
const WORLD = 256,
  MARGIN = 400

// Leaflet's Renderer keeps the canvas where it belongs while the map moves and zooms.
export const Hexagons = L.Renderer.extend({
  initialize(options) {
    L.Renderer.prototype.initialize.call(this, { padding: 0.15, ...options })
    this._layers = {}
    this._colours = ON_LIGHT
    this.setCells({ length: 0 })
  },

  setDark(isDark) {
    this._colours = cellColours(isDark)
    if (this._context) this._draw()
  },

  setCells({ length, cell, level, events, children, weight }) {
    this._index = new Map()
    this._about = { level, events, children, weight }
    this._corners = new Float64Array(length * CORNERS * 2)
    this._byLevel = this._colours.map(() => [])
    for (let n = 0; n < length; n++) {
      const id = cell[n].toString(16)
      this._index.set(id, n)
      this._byLevel[level[n]].push(n)
      const boundary = cellToBoundary(id)
      for (let k = 0; k < CORNERS; k++) {
        const [lat, lng] = boundary[Math.min(k, boundary.length - 1)],
          at = (n * CORNERS + k) * 2
        const sine = Math.sin((lat * Math.PI) / 180) // web Mercator, as Leaflet projects
        this._corners[at] = WORLD * (0.5 + lng / 360)
        this._corners[at + 1] = WORLD * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI))
      }
    }
    this._resolution = length ? getResolution(cell[0].toString(16)) : null
    if (this._context) this._draw()
  },

  // The line about the cell at a place, or nothing.
  textAt({ lat, lng }) {
    const n = this._resolution === null ? undefined : this._index.get(latLngToCell(lat, lng, this._resolution))
    if (n === undefined) return ""
    const { events, children, weight } = this._about
    const known = children[n] === null ? "" : `${children[n]} children, `
    return `Cell: ${events[n]} events, ${known}weight ${Math.round(weight[n] * 100) / 100}`
  },

  getLayers() {
    return [...this._index.keys()]
  },

  _initContainer() {
    this._container = document.createElement("canvas")
    this._container.style.pointerEvents = "none"
    this._context = this._container.getContext("2d")
  },

  _destroyContainer() {
    this._container.remove()
    delete this._container
    delete this._context
  },

  _updatePaths() {},

  _update() {
    if (this._map._animatingZoom && this._bounds) return
    L.Renderer.prototype._update.call(this)
    const size = this._bounds.getSize(),
      ratio = window.devicePixelRatio || 1
    L.DomUtil.setPosition(this._container, this._bounds.min)
    this._container.width = size.x * ratio
    this._container.height = size.y * ratio
    this._container.style.width = `${size.x}px`
    this._container.style.height = `${size.y}px`
    this._context.scale(ratio, ratio)
    this._draw()
  },

  _draw() {
    if (!this._bounds) return
    const context = this._context,
      corners = this._corners
    const size = this._bounds.getSize(),
      scale = this._map.getZoomScale(this._map.getZoom(), 0)
    const from = this._map.getPixelOrigin().add(this._bounds.min)
    context.clearRect(0, 0, size.x, size.y)
    const isSeen = (n) => {
      const x = corners[n * CORNERS * 2] * scale - from.x,
        y = corners[n * CORNERS * 2 + 1] * scale - from.y
      return x > -MARGIN && y > -MARGIN && x < size.x + MARGIN && y < size.y + MARGIN
    }
    const trace = (n) => {
      const at = n * CORNERS * 2
      context.moveTo(corners[at] * scale - from.x, corners[at + 1] * scale - from.y)
      for (let k = 1; k < CORNERS; k++) {
        context.lineTo(corners[at + 2 * k] * scale - from.x, corners[at + 2 * k + 1] * scale - from.y)
      }
      context.closePath()
    }
    const isLined = Math.abs(corners[CORNERS] - corners[0]) * scale > THIN_BELOW // else lines hide the rest
    context.lineWidth = 0.7
    context.strokeStyle = LINE
    this._byLevel.forEach((cells, level) => {
      const seen = cells.filter(isSeen)
      context.fillStyle = this._colours[level]
      for (let start = 0; start < seen.length; start += AT_ONCE) {
        context.beginPath()
        seen.slice(start, start + AT_ONCE).forEach(trace)
        context.globalAlpha = 0.72
        context.fill()
        context.globalAlpha = 0.55
        if (isLined) context.stroke()
      }
    })
  },
})
