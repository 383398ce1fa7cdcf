// Fills the map file from its data block. Text is set with textContent only.
(() => {
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
  if (words.layer) window[words.layer].eachLayer((layer) => { layers[layer.feature.properties.row] = layer })
  words.rows.forEach((row, n) => {
    const line = make("tr", undefined, body)
    const button = make("button", row.name, make("td", undefined, line))
    button.className = "row"
    button.onclick = () => map.fitBounds(layers[n].getBounds().pad(1))
    for (const value of [row.events, row.children, row.period]) make("td", value, line)
    layers[n].bindTooltip(make("span", row.name), { permanent: true, direction: "center", className: "name" })
  })
  const towns = words.towns.map(({ name, at, rank }) => {
    const icon = L.divIcon({ html: make("span", name), className: "town", iconSize: null })
    return { rank, marker: L.marker(at, { icon, interactive: false, keyboard: false }) }
  })
  const showTowns = () => towns.forEach(({ rank, marker }) =>
    rank <= Math.max(1, Math.floor(map.getZoom() - 8)) ? marker.addTo(map) : marker.remove())
  map.on("zoomend", showTowns)
  document.body.append(side, marking())
  map.invalidateSize()
  showTowns()
})()
