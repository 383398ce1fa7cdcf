// Says what is known of the chosen hotspot as soon as it is chosen, with the way to all of it.
import { element } from "./dom.js"

const NONE = "Choose a hotspot on the map or in the table."

// `open` leads to the page of a hotspot, where there is one.
export function addPanel(state, open) {
  const panel = element("div", "map-chosen")
  panel.setAttribute("role", "status")
  state.frame.append(panel)
  let shown = null
  return (key) => {
    const shape = state.shapes[key]
    const flag = state.flags.find((one) => one.key === key)
    const facts = shape ? [...shape.lines.slice(1), ...(flag ? [flag.said] : [])].join(" · ") : NONE
    if (shown === `${key} ${facts}`) return
    shown = `${key} ${facts}`
    panel.replaceChildren()
    if (shape) panel.append(element("strong", "", shape.lines[0]))
    panel.append(element("span", "", facts))
    if (shape && open) panel.append(linkTo(key, shape.at, open))
  }
}

function linkTo(key, [lat, lng], open) {
  const link = element("a", "", `Open ${key}: measures, premises, actions`)
  link.href = `/hotspot?at=${lng.toFixed(5)},${lat.toFixed(5)}` // for another tab
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    open(key)
  }
  return link
}
