// Small helpers of the map. Text from data is set with textContent only: nothing builds markup from it.

export function element(tag, className, text) {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text !== undefined) made.textContent = text
  return made
}

export function button(text, title, act) {
  const made = element("button", "tool", text)
  made.type = "button"
  made.title = title
  made.onclick = act
  return made
}

// A box of lines, the first of them strong: what a hover card shows.
export function card(lines) {
  const box = element("div", "card")
  box.append(...lines.map((line, n) => element(n ? "div" : "strong", "", line)))
  return box
}

// The columns of an Arrow table by name, each an array; nulls stay null. Numbers without nulls come as
// they lie in memory.
export function columnsOf(table) {
  if (!table) return { length: 0 }
  const found = { length: table.numRows }
  for (const { name } of table.schema.fields) {
    const column = table.getChild(name)
    const isPlain = column.nullCount === 0 && ArrayBuffer.isView(column.toArray())
    found[name] = isPlain ? column.toArray() : Array.from({ length: table.numRows }, (_, i) => column.get(i))
  }
  return found
}

export function colourOf(frame, name) {
  return getComputedStyle(frame).getPropertyValue(name).trim()
}

export function isDark(frame) {
  const probe = element("span")
  probe.style.color = colourOf(frame, "--st-background-color") || "#fff"
  frame.append(probe)
  const [r, g, b] = getComputedStyle(probe)
    .color.match(/[\d.]+/g)
    .map(Number)
  probe.remove()
  return 0.299 * r + 0.587 * g + 0.114 * b < 128
}
