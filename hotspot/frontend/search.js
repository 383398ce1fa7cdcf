// The search box above the map: towns, hotspots, premises, points of interest and postcodes, as a
// combobox for keyboard and screen reader. What is typed never leaves the browser.

import { element } from "./dom.js"
import * as L from "./vendor/leaflet.js"

const MOST = 8,
  CLOSE = 16
let boxes = 0

function entriesOf({ towns, shapes, premises, places }) {
  const entries = Object.entries(shapes ?? {}).map(([key, { label, at }]) => ({
    kind: "hotspot",
    text: label,
    key,
    at,
  }))
  entries.push(...(towns ?? []).map(({ name, at }) => ({ kind: "place", text: name, at, zoom: 14 })))
  entries.push(...(places ?? []).map(({ text, at }) => ({ kind: "point of interest", text, at, zoom: CLOSE })))
  entries.push(
    ...(premises ?? []).map(({ name, postcode, at }) => ({
      kind: "premises",
      text: postcode ? `${name}, ${postcode}` : name,
      at,
      zoom: 17,
    })),
  )
  return entries
}

function postcodesOf({ premises }) {
  const found = new Map()
  for (const { postcode, at } of premises ?? []) {
    if (!postcode) continue
    const [lat, lng, n] = found.get(postcode) ?? [0, 0, 0]
    found.set(postcode, [lat + at[0], lng + at[1], n + 1])
  }
  return Array.from(found, ([text, [lat, lng, n]]) => ({
    kind: "postcode",
    text,
    at: [lat / n, lng / n],
    zoom: CLOSE,
    note: `${n} premises there`,
  }))
}

// Those of the force's own file of postcodes: too many to be made into entries before one is asked for.
function morePostcodes({ postcodes }, typed, most) {
  const found = [],
    tight = packed(typed)
  if (!/^[a-z]{1,2}\d/.test(tight)) return found
  for (let n = 0; n < (postcodes?.length ?? 0) && found.length < most; n++) {
    if (!packed(postcodes.text[n]).startsWith(tight)) continue
    found.push({ kind: "postcode", text: postcodes.text[n], at: [postcodes.lat[n], postcodes.lng[n]], zoom: CLOSE })
  }
  return found
}

const plain = (text) => text.toLowerCase().replace(/\s+/g, " ").trim()
const packed = (text) => text.toLowerCase().replace(/\s+/g, "")

function find(entries, typed) {
  const wanted = plain(typed),
    tight = packed(typed)
  const rank = ({ text, kind }) => {
    const name = plain(text)
    if (kind === "postcode") return packed(text).startsWith(tight) ? 0 : -1
    if (name.startsWith(wanted)) return 0
    if (name.split(/[ ,(]/).some((word) => word.startsWith(wanted))) return 1
    return name.includes(wanted) ? 2 : -1
  }
  return entries
    .map((entry) => ({ entry, order: rank(entry) }))
    .filter(({ order }) => order >= 0)
    .sort((a, b) => a.order - b.order)
    .slice(0, MOST)
    .map(({ entry }) => entry)
}

export function addSearch(state, bar) {
  const id = `hotspot-search-${++boxes}`
  const box = element("div", "search"),
    input = element("input"),
    list = element("ul")
  const told = element("div", "told")
  told.setAttribute("role", "status")
  Object.assign(input, {
    type: "text",
    autocomplete: "off",
    placeholder: "Find a place, postcode, hotspot or premises",
  })
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-label": "Find on the map",
    "aria-expanded": "false",
    "aria-controls": id,
    "aria-autocomplete": "list",
  }))
    input.setAttribute(name, value)
  list.id = id
  list.setAttribute("role", "listbox")
  list.setAttribute("aria-label", "Found on the map")
  list.hidden = true
  let found = [],
    at = -1,
    entries = []
  const close = () => {
    list.hidden = true
    at = -1
    input.setAttribute("aria-expanded", "false")
    input.removeAttribute("aria-activedescendant")
  }
  const take = (entry) => {
    close()
    input.value = entry.text
    if (entry.key !== undefined) state.choose(entry.key)
    else showPlace(state, entry)
  }
  const mark = (to) => {
    at = (to + found.length) % found.length
    for (const [n, item] of Array.from(list.children).entries()) item.setAttribute("aria-selected", String(n === at))
    input.setAttribute("aria-activedescendant", list.children[at].id)
  }
  input.onfocus = () => {
    entries = [...entriesOf(state), ...postcodesOf(state)]
  }
  input.oninput = () => {
    found = input.value.trim().length > 1 ? find(entries, input.value) : []
    const known = new Set(found.map(({ text }) => text))
    found.push(
      ...morePostcodes(state, input.value, MOST)
        .filter(({ text }) => !known.has(text))
        .slice(0, MOST - found.length),
    )
    told.textContent = input.value.trim().length > 1 && !found.length ? "Nothing of that name is on this map." : ""
    list.replaceChildren(
      ...found.map((entry, n) => {
        const item = element("li")
        item.id = `${id}-${n}`
        item.setAttribute("role", "option")
        item.append(element("span", "", entry.text), element("small", "", entry.note ?? entry.kind))
        item.onmousedown = (event) => {
          event.preventDefault()
          take(entry)
        }
        return item
      }),
    )
    if (!found.length) return close()
    list.hidden = false
    input.setAttribute("aria-expanded", "true")
    mark(0)
  }
  input.onkeydown = (event) => {
    event.stopPropagation() // letters are for the box, not for the page's keys
    if (event.key === "Escape") close()
    if (list.hidden) return
    if (event.key === "ArrowDown") mark(at + 1)
    else if (event.key === "ArrowUp") mark(at - 1)
    else if (event.key === "Enter") take(found[at])
    else return
    event.preventDefault()
  }
  input.onblur = close
  box.append(input, list, told)
  bar.append(box)
}

function showPlace(state, { at, zoom, text }) {
  state.map.setView(at, Math.max(zoom, state.map.getZoom()), { animate: false })
  state.groups.found.clearLayers()
  L.circleMarker(at, {
    pane: "names",
    renderer: state.outlines,
    radius: 16,
    weight: 3,
    fill: false,
    interactive: false,
    className: "found",
  }).addTo(state.groups.found)
  state.say(`${text} is in the middle of the map.`)
}
