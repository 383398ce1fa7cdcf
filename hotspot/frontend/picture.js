// A still picture of a place, light or dark as the page is, also when its theme turns.
import { element, isDark, onThemeChange } from "./dom.js"

export function showPicture(root, { light, dark, about }) {
  const frame = element("div", "map-picture"),
    picture = element("img")
  picture.alt = about
  frame.append(picture)
  root.replaceChildren(frame)
  const choose = () => {
    picture.src = isDark(frame) ? dark : light
  }
  onThemeChange(frame, choose)
  choose()
  return () => {}
}
