// The strip below: records by month as bars, and the hours of the week as a grid. Both are brushed with the
// pointer; months with the keyboard too, hours also by what stands above the map.
import { button, element } from "./dom.js"

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
const NIGHTS = { weekdays: [4, 5], hours: [22, 23, 0, 1] }
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

export const inWords = (month) => `${MONTHS[Number(month.slice(5)) - 1]} ${month.slice(0, 4)}`

// `act` has `months` (first and last place), `week` (weekdays and hours) and `grid` (ask for the hours).
export function addTimeline(body, act) {
  let drawn = ""
  return (timeline) => {
    const content = JSON.stringify(timeline)
    if (content === drawn) return
    drawn = content
    const focused = [...body.querySelectorAll(".month")].indexOf(body.getRootNode().activeElement)
    body.replaceChildren(...(timeline ? [monthBars(timeline, act.months), weekGrid(timeline, act)] : []))
    if (focused >= 0) body.querySelectorAll(".month")[focused]?.focus()
  }
}

function monthBars({ months, first, last }, brush) {
  const group = element("div", "months"),
    names = Object.keys(months),
    most = Math.max(1, ...Object.values(months))
  group.setAttribute("role", "group")
  group.setAttribute("aria-label", "Records by month: choose one, or the last of several with Shift")
  const bars = names.map((month, n) => {
    const bar = element("button", "month"),
      fill = element("i", "fill")
    bar.type = "button"
    bar.tabIndex = n === last ? 0 : -1
    bar.title = `${inWords(month)}: ${months[month].toLocaleString("en-GB")} records`
    bar.setAttribute("aria-label", bar.title)
    fill.style.height = `${(100 * months[month]) / most}%`
    bar.append(fill, element("span", "", month.endsWith("-01") || n === 0 ? inWords(month) : ""))
    return bar
  })
  const mark = (from, to) => {
    for (const [n, bar] of bars.entries()) {
      const isIn = n >= from && n <= to
      bar.classList.toggle("in", isIn)
      bar.setAttribute("aria-pressed", String(isIn))
    }
  }
  dragged(
    group,
    bars,
    (a, b) => mark(Math.min(a, b), Math.max(a, b)),
    (a, b) => brush([Math.min(a, b), Math.max(a, b)]),
  )
  group.onkeydown = (event) => {
    const at = bars.indexOf(event.target),
      step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (at < 0) return
    if (step) {
      bars[at].tabIndex = -1
      const to = bars[Math.min(Math.max(at + step, 0), bars.length - 1)]
      to.tabIndex = 0
      to.focus()
    } else if (event.key === "Enter" || event.key === " ") {
      brush(event.shiftKey ? [Math.min(first, at), Math.max(at, first)] : [at, at])
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  mark(first, last)
  group.append(...bars)
  return group
}

// Presses on one of `parts`, moves to another, lets go: `show` follows, `done` comes once.
function dragged(group, parts, show, done) {
  let from = -1,
    to = -1
  const under = ({ clientX, clientY }) => {
    const root = group.getRootNode()
    return parts.findIndex((part) => part.contains(root.elementFromPoint(clientX, clientY)))
  }
  group.onpointerdown = (event) => {
    from = to = under(event)
    if (from < 0) return
    group.setPointerCapture(event.pointerId)
    show(from, to)
  }
  group.onpointermove = (event) => {
    if (from < 0) return
    const at = under(event)
    if (at < 0 || at === to) return
    to = at
    show(from, to)
  }
  group.onpointerup = () => {
    if (from >= 0) done(from, to)
    from = -1
  }
}

function weekGrid({ grid, weekdays, hours }, act) {
  const side = element("div", "week")
  const tools = element("div", "week-tools")
  tools.append(
    button("Fri and Sat nights", "Records of Friday and Saturday nights, 22:00 to 02:00", () => act.week(NIGHTS)),
  )
  if (weekdays.length || hours.length) {
    tools.append(button("Whole week", "All days and hours", () => act.week({ weekdays: [], hours: [] })))
  }
  side.append(tools)
  if (!grid.length) {
    tools.prepend(button("Hours of the week", "Show the records by hour and weekday", () => act.grid(true)))
    return side
  }
  const most = Math.max(1e-9, ...grid.flat()),
    field = element("div", "hours")
  const isIn = (day, hour) => (!weekdays.length || weekdays.includes(day)) && (!hours.length || hours.includes(hour))
  const cells = grid.flatMap((row, day) =>
    row.map((events, hour) => {
      const cell = element("i", isIn(day, hour) ? "cell in" : "cell")
      cell.style.setProperty("--share", `${Math.round((100 * events) / most)}%`)
      cell.title = `${DAYS[day]} ${String(hour).padStart(2, "0")}:00, ${Math.round(events)} records`
      return cell
    }),
  )
  field.setAttribute("role", "img")
  field.setAttribute("aria-label", described(grid))
  const chosen = (a, b) => {
    const [top, bottom] = [Math.floor(a / 24), Math.floor(b / 24)].sort((x, y) => x - y)
    const [left, right] = [a % 24, b % 24].sort((x, y) => x - y)
    return { weekdays: range(top, bottom), hours: range(left, right) }
  }
  dragged(
    field,
    cells,
    (a, b) => {
      const { weekdays: days, hours: wanted } = chosen(a, b)
      for (const [n, cell] of cells.entries())
        cell.classList.toggle("in", days.includes(Math.floor(n / 24)) && wanted.includes(n % 24))
    },
    (a, b) => act.week(chosen(a, b)),
  )
  field.append(...cells)
  side.append(field)
  return side
}

function described(grid) {
  const all = grid.flatMap((row, day) => row.map((events, hour) => ({ day, hour, events })))
  const { day, hour, events } = all.sort((a, b) => b.events - a.events)[0]
  return `Records by weekday and hour; most, ${Math.round(events)}, on ${DAYS[day]} at ${hour}:00`
}
