// The search box above the map: towns, hotspots, premises, points of interest and postcodes, as a
// combobox for keyboard and screen reader. What is typed never leaves the browser.

import { element } from "./dom.js"
import * as L from "./vendor/leaflet.js"

const MOST = 8,
  CLOSE = 16,
  LEAST_TO_FORGIVE = 4
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

// Latitude and longitude in degrees, as they are copied from elsewhere.
function coordinatesOf(typed) {
  const match = typed.match(/^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/)
  const at = match ? [Number(match[1]), Number(match[2])] : []
  if (!match || Math.abs(at[0]) > 85 || Math.abs(at[1]) > 180) return []
  return [{ kind: "coordinates", text: `${at[0]}, ${at[1]}`, at, zoom: CLOSE }]
}

// How many letters are wrong, missing or too many in what is typed of a word, at best (Levenshtein 1966).
function mistakes(typed, word) {
  let row = Array.from({ length: word.length + 1 }, (_, n) => n)
  for (let a = 1; a <= typed.length; a++) {
    const next = [a]
    for (let b = 1; b <= word.length; b++) {
      const same = typed[a - 1] === word[b - 1] ? 0 : 1
      next.push(Math.min(row[b] + 1, next[b - 1] + 1, row[b - 1] + same))
    }
    row = next
  }
  return Math.min(...row.slice(Math.max(typed.length - 2, 1)))
}

// What nearly is what was typed: only where nothing is it, and enough was typed to tell.
function findNearly(entries, typed) {
  const wanted = plain(typed)
  if (wanted.length < LEAST_TO_FORGIVE) return []
  const most = wanted.length < 6 ? 1 : 2
  return entries
    .filter(({ kind }) => kind !== "postcode")
    .map((entry) => {
      const name = plain(entry.text),
        words = name.split(/[ ,(]/).filter((word) => word.length >= LEAST_TO_FORGIVE)
      return { entry, wrong: Math.min(mistakes(wanted, name), ...words.map((word) => mistakes(wanted, word))) }
    })
    .filter(({ wrong }) => wrong <= most)
    .sort((a, b) => a.wrong - b.wrong || a.entry.text.length - b.entry.text.length)
    .slice(0, MOST)
    .map(({ entry }) => entry)
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
    placeholder: "Find a place, postcode, hotspot, premises or coordinates ( / )",
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
    if (!found.length) found = coordinatesOf(input.value)
    if (!found.length) found = findNearly(entries, input.value)
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
  focusByKey(input)
  box.append(input, list, told)
  bar.append(box)
}

// `/` or Ctrl+K goes to the search, unless something is being written.
function focusByKey(input) {
  const onKey = (event) => {
    if (!input.isConnected) return document.removeEventListener("keydown", onKey)
    const [target] = event.composedPath()
    const isWriting = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName ?? "") || target.isContentEditable
    const isAsked = event.key === "/" && !isWriting
    if (!isAsked && !(event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) return
    event.preventDefault()
    input.focus()
    input.select()
  }
  document.addEventListener("keydown", onKey)
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
