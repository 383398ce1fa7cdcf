// The tools above the map: measure a distance, draw an area and ask what is in it, print. Points are
// added with the pointer, or from the keyboard at the middle of the map, where a cross shows it.

import { button, colourOf } from "./dom.js"
import * as L from "./vendor/leaflet.js"

const HELP =
  "Click, or move the map with the arrow keys and press Enter, to add a point. Backspace takes the last one " +
  "back, Escape ends."

export function addTools(state, bar, ask) {
  const measure = button("Measure", "Measure a distance on the map", () => begin("measure"))
  const area = button("Draw an area", "Draw an area and ask what is in it", () => begin("area"))
  const done = button("What is in here?", "Ask what lies in the area that is drawn", () => {
    ask(state.drawn.map(({ lat, lng }) => [lat, lng]))
    end(false)
  })
  const clear = button("Clear", "Take the drawing off the map", () => {
    end(true)
    if (state.asked) ask(null)
  })
  const print = button("Print", "Print the page with the map as it is seen", () => window.print())
  const back = button("Whole area", "Show the whole area", () => state.showWhole())
  const buttons = { measure, area }
  const { map } = state
  const shape = L.layerGroup().addTo(map)
  state.drawn = []
  state.tool = null

  function draw() {
    shape.clearLayers()
    const colour = colourOf(state.frame, "--chosen")
    const style = {
      renderer: state.outlines,
      pane: "names",
      color: colour,
      weight: 3,
      interactive: false,
      className: "drawing",
    }
    const isClosed = state.tool === "area" || state.closed
    const line = isClosed
      ? L.polygon(state.drawn, { ...style, fillOpacity: 0.12 })
      : L.polyline(state.drawn, { ...style, dashArray: "6 4" })
    line.addTo(shape)
    for (const at of state.drawn) {
      L.circleMarker(at, { ...style, radius: 4, fillColor: "#fff", fillOpacity: 1, weight: 2 }).addTo(shape)
    }
    done.hidden = state.tool !== "area" || state.drawn.length < 3
    clear.hidden = !state.drawn.length && !state.asked
  }

  function tell() {
    const points = state.drawn.length
    if (state.tool === "measure" && points > 1) state.say(`${length(state.drawn)} along ${points} points. ${HELP}`)
    else if (state.tool === "area" && points > 2) state.say(`${points} corners. Press "What is in here?", or go on.`)
    else state.say(HELP)
  }

  function begin(tool) {
    if (state.tool === tool) return end(true)
    Object.assign(state, { tool, drawn: [], closed: false })
    show()
    draw()
    tell()
    map.getContainer().focus()
  }

  function show() {
    for (const [name, made] of Object.entries(buttons)) made.setAttribute("aria-pressed", String(state.tool === name))
    state.frame.classList.toggle("drawing", Boolean(state.tool))
    map.doubleClickZoom[state.tool ? "disable" : "enable"]()
  }

  function end(isCleared) {
    state.closed = state.tool === "area" || state.closed
    state.tool = null
    if (isCleared) Object.assign(state, { drawn: [], closed: false })
    show()
    draw()
    if (isCleared) state.say("")
  }

  function add(at) {
    state.drawn.push(at)
    draw()
    tell()
  }

  map.on("click", ({ latlng }) => {
    if (state.tool) add(latlng)
  })
  map.getContainer().addEventListener("keydown", (event) => {
    if (!state.tool || event.target !== map.getContainer()) return
    if (event.key === "Enter") add(map.getCenter())
    else if (event.key === "Backspace") {
      state.drawn.pop()
      draw()
      tell()
    } else if (event.key === "Escape") end(state.tool === "area")
    else return
    event.preventDefault()
    event.stopPropagation()
  })
  bar.append(measure, ...(ask ? [area, done] : []), clear, print, back)
  draw()
  show()
  return (asked) => {
    // what Python knows of the area
    state.asked = asked
    if (asked && !state.drawn.length) Object.assign(state, { drawn: asked.map((at) => L.latLng(at)), closed: true })
    if (!asked && state.closed && !state.tool) Object.assign(state, { drawn: [], closed: false })
    draw()
  }
}

function length(points) {
  const metres = points.slice(1).reduce((sum, at, n) => sum + points[n].distanceTo(at), 0)
  return metres < 1000 ? `${Math.round(metres)} m` : `${(metres / 1000).toFixed(2)} km`
}
