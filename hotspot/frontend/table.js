// The table that says the same as the map: rows are chosen and sorted here, and marked when the map chooses.
import { button, element, isDark } from "./dom.js"

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }
const tables = new Map() // name of a map -> the table beside it
let focused = null // name of the map whose table has the focus: kept while a slow run mounts it anew

export function markRow(map, key) {
  tables.get(map)?.mark(key)
}

// `choose` is told the key of a row and the map that the table belongs to.
export function showTable(root, data, choose) {
  const found = tables.get(data.map)
  const table = found?.root === root ? found : { root, sorted: null, frame: makeFrame(data.map) }
  tables.set(data.map, table)
  table.choose = (key) => {
    table.mark(key)
    choose(key, data.map)
  }
  if (!table.frame.isConnected) root.replaceChildren(table.frame)
  table.frame.classList.toggle("dark", isDark(table.frame))
  const content = JSON.stringify([data.columns, data.rows, data.title])
  if (table.content !== content) {
    Object.assign(table, { content, data })
    draw(table)
  }
  table.mark(data.selected)
  if (focused === data.map && document.activeElement === document.body) reachable(table)?.focus({ preventScroll: true })
  return () => {
    if (tables.get(data.map) === table) tables.delete(data.map)
  }
}

function makeFrame(map) {
  const frame = element("div", "map-table")
  const showCut = () => frame.classList.toggle("cut", frame.scrollLeft + frame.clientWidth < frame.scrollWidth - 1)
  frame.addEventListener("scroll", showCut)
  new ResizeObserver(showCut).observe(frame)
  frame.addEventListener("focusin", () => {
    focused = map
  })
  frame.addEventListener("focusout", () =>
    setTimeout(() => {
      if (frame.isConnected && !hasFocus(frame)) focused = null
    }),
  )
  return frame
}

const hasFocus = (frame) => frame.contains(frame.getRootNode().activeElement)

function draw(table) {
  const { data, frame } = table,
    hadFocus = hasFocus(frame)
  const grid = element("table")
  grid.append(element("caption", "", data.title), heads(table))
  const body = element("tbody")
  grid.append(body)
  table.lines = inOrder(table).map((row) => lineOf(table, row))
  body.append(...table.lines.map(({ line }) => line))
  table.mark = (key) => mark(table, key)
  frame.onkeydown = (event) => step(table, event)
  frame.replaceChildren(grid)
  if (hadFocus) reachable(table)?.focus()
}

function heads(table) {
  const head = element("thead"),
    line = element("tr")
  table.data.columns.forEach(({ name, kind, under }, n) => {
    if (under) return
    const cell = element("th", kind)
    cell.scope = "col"
    const isSorted = table.sorted?.n === n
    if (isSorted) cell.setAttribute("aria-sort", table.sorted.down ? "descending" : "ascending")
    const sign = isSorted ? (table.sorted.down ? " \u25be" : " \u25b4") : ""
    const made = button(`${name}${sign}`, `Sort by ${name.toLowerCase()}`, () => {
      const down = isSorted ? !table.sorted.down : kind !== "text"
      table.sorted = { n, down }
      const chosen = table.chosen
      draw(table)
      table.mark(chosen)
      table.frame.querySelector("th[aria-sort] button").focus()
    })
    cell.append(made)
    line.append(cell)
  })
  head.append(line)
  return head
}

function inOrder({ data, sorted }) {
  if (!sorted) return data.rows
  const { n, down } = sorted
  return [...data.rows].sort(({ cells: a }, { cells: b }) => {
    if (a[n] === null || b[n] === null) return (a[n] === null) - (b[n] === null)
    const order =
      typeof a[n] === "number" ? a[n] - b[n] : String(a[n]).localeCompare(String(b[n]), "en-GB", { numeric: true })
    return down ? -order : order
  })
}

function lineOf(table, { key, cells }) {
  const line = element("tr")
  cells.forEach((value, n) => {
    const { kind, under } = table.data.columns[n]
    if (under) {
      if (value) line.firstChild.append(element("small", under, value))
      return
    }
    const cell = element(n ? "td" : "th", kind, n ? shown(value, kind) : undefined)
    if (!n) {
      cell.scope = "row"
      cell.append(button(value, `Choose ${value}`, null))
    }
    line.append(cell)
  })
  const press = line.querySelector("button")
  line.onclick = () => {
    press.focus({ preventScroll: true })
    table.choose(key)
  }
  return { key, line, press }
}

function shown(value, kind) {
  if (value === null) return "not known"
  if (kind === "number") return value.toLocaleString("en-GB")
  if (kind !== "day" && kind !== "month") return value
  const [year, month, day] = value.split("-")
  return `${kind === "day" ? `${day} ` : ""}${MONTHS[month - 1]} ${year}`
}

function mark(table, chosen) {
  table.chosen = chosen
  const known = table.lines.find(({ key }) => key === chosen)
  for (const { key, line, press } of table.lines) {
    line.classList.toggle("chosen", key === chosen)
    press.setAttribute("aria-pressed", String(key === chosen))
    press.tabIndex = key === (known ?? table.lines[0]).key ? 0 : -1
  }
  if (!known) return
  const { frame } = table,
    { offsetTop: top, offsetHeight: height } = known.line
  const head = frame.querySelector("thead").offsetHeight
  if (top - head < frame.scrollTop) frame.scrollTop = top - head
  else if (top + height > frame.scrollTop + frame.clientHeight) frame.scrollTop = top + height - frame.clientHeight
}

const reachable = (table) => table.lines.find(({ press }) => press.tabIndex === 0)?.press

// One row is reached by Tab; the arrow keys go to the others.
function step(table, event) {
  const at = table.lines.findIndex(({ press }) => press === event.target)
  if (at < 0 || !(event.key in STEPS)) return
  event.preventDefault()
  const to = Math.min(Math.max(at + STEPS[event.key], 0), table.lines.length - 1)
  table.lines[at].press.tabIndex = -1
  table.lines[to].press.tabIndex = 0
  table.lines[to].press.focus()
}
