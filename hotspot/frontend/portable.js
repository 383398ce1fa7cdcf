// Fills the map file from its data block. Text is set with textContent only.
;(() => {
  const words = JSON.parse(document.getElementById("words").textContent)
  const map = window[words.map]
  const make = (tag, text, parent) => {
    const made = document.createElement(tag)
    if (text !== undefined) made.textContent = text
    if (parent) parent.append(made)
    return made
  }
  const marking = () => {
    const bar = make("div", words.marking)
    bar.className = "marking"
    make("span", words.handling, bar)
    return bar
  }
  document.body.prepend(marking())
  const side = make("aside")
  make("h1", "Hotspots", side).style.fontSize = "1.2rem"
  for (const note of words.notes) make("p", note, side)
  const table = make("table", undefined, side)
  const head = make("tr", undefined, make("thead", undefined, table))
  for (const name of ["Hotspot", "Events", "Children", "Period"]) make("th", name, head).scope = "col"
  const body = make("tbody", undefined, table)
  const layers = {}
  if (words.layer)
    window[words.layer].eachLayer((layer) => {
      layers[layer.feature.properties.row] = layer
    })
  const state = { map, shapes: {}, names: [], flagOf: {}, chosen: null } // as labels.js takes it
  const mark = (at, html) =>
    L.marker(at, { icon: L.divIcon({ html, className: "", iconSize: null }), interactive: false, keyboard: false })
  words.rows.forEach((row, n) => {
    const line = make("tr", undefined, body)
    const button = make("button", row.name, make("td", undefined, line))
    button.className = "row"
    button.onclick = () => map.fitBounds(layers[n].getBounds().pad(1))
    for (const value of [row.events, row.children, row.period]) make("td", value, line)
    const place = make("div"),
      dot = make("i", undefined, place),
      badge = make("div", row.badge, place)
    place.className = "mark"
    dot.className = "dot"
    badge.className = "key"
    const at = layers[n].getBounds().getCenter()
    mark(at, place).addTo(map)
    state.shapes[row.name] = { layer: layers[n], badge, dot, at: [at.lat, at.lng] }
  })
  state.names = words.towns.map(({ name, at, rank }) => {
    const label = make("div", name)
    label.className = "label"
    return { rank, marker: mark(at, label) }
  })
  const showNames = () => {
    for (const { rank, marker } of state.names) {
      if (rank <= Math.max(1, Math.floor(map.getZoom() - 8))) marker.addTo(map)
      else marker.remove()
    }
    placeLabels(state)
  }
  map.on("zoomend moveend resize", showNames)
  document.body.append(side, marking())
  map.invalidateSize()
  showNames()
})()
