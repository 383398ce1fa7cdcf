// Says what is known of the chosen hotspot as soon as it is chosen, why it is one, and what can be done.
import { button, element } from "./dom.js"

const NONE = "Choose a hotspot on the map or in the table."

// `open` leads to the page of a hotspot and `act` records an action at it, where that may be done.
export function addPanel(state, host, { open, act }) {
  const panel = element("div", "map-chosen")
  panel.setAttribute("role", "status")
  host.prepend(panel)
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
    if (shape?.why) panel.append(element("span", "why", shape.why))
    if (shape && open) panel.append(linkTo(key, shape, open))
    if (shape && act) panel.append(button("Record an action", `Record an action against ${shape.name}`, () => act(key)))
  }
}

function linkTo(key, { name, at: [lat, lng] }, open) {
  const link = element("a", "", `Open ${name}: measures, premises, actions`)
  link.href = `/hotspot?at=${lng.toFixed(5)},${lat.toFixed(5)}` // for another tab
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    open(key)
  }
  return link
}
