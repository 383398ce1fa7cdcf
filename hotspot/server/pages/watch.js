// Watches the session from every page: leads to the sign-in page when it is over, warns a minute before it ends by
// itself, turns the links to the gate's own pages into what they mean, blanks a meeting's screen when nobody does
// anything, and sends what is typed into a text box outside of a form after a pause, as leaving the box would: a session
// that ends loses no sentence. Texts go in by textContent only.
"use strict"
;(() => {
  const EVERY_MS = 3000,
    WARN_SECONDS = 60,
    PAUSE_MS = 1500
  let box = null,
    timer = null,
    typing = null,
    cover = null,
    lastTouch = Date.now(),
    isLeaving = false

  const leave = (said) =>
    location.replace(`/gate/sign-in?said=${said}&next=${encodeURIComponent(location.pathname + location.search)}`)

  const post = (path) => fetch(path, { method: "POST", credentials: "same-origin", cache: "no-store" })

  function signOut() {
    isLeaving = true
    post("/gate/sign-out").then(
      () => location.replace("/gate/sign-in?said=out"),
      () => {
        isLeaving = false
        look()
      },
    )
  }

  async function look() {
    clearTimeout(timer)
    try {
      const answer = await fetch("/gate/state", { credentials: "same-origin", cache: "no-store" })
      if (isLeaving) return // the way out says itself where it leads
      if (answer.status === 401) return leave(box ? "idle" : "over")
      if (answer.ok) {
        const { seconds_left: left, blank_after: blank } = await answer.json()
        warn(left)
        if (location.pathname.endsWith("/meeting") && Date.now() - lastTouch > blank * 1000) goBlank()
      }
    } catch {
      /* the server is away; Streamlit says so itself */
    }
    timer = setTimeout(look, EVERY_MS)
  }

  function warn(left) {
    if (left > WARN_SECONDS) {
      if (box) {
        box.close()
        box.remove()
        box = null
      }
      return
    }
    if (!box) {
      box = document.createElement("dialog")
      box.setAttribute("aria-labelledby", "gate-warning")
      box.style.cssText = "font:1.1rem/1.5 system-ui,sans-serif;padding:1.5rem;border-radius:.5rem;max-width:26rem"
      const text = document.createElement("p")
      text.id = "gate-warning"
      const stay = document.createElement("button")
      stay.textContent = "Stay signed in"
      stay.style.cssText = "font:inherit;font-weight:600;padding:.5rem 1rem"
      stay.addEventListener("click", () => post("/gate/stay").then(look, look))
      box.append(text, stay)
      box.addEventListener("cancel", (event) => {
        event.preventDefault()
        stay.click()
      })
      document.body.append(box)
      box.showModal()
    }
    box.firstChild.textContent = `You will be signed out in ${left} seconds, because nothing was done for a while.`
  }

  // A meeting is projected: when nobody does anything, it shows nothing until somebody does.
  function goBlank() {
    if (cover || box) return
    cover = document.createElement("div")
    cover.setAttribute("role", "status")
    cover.id = "gate-blank"
    cover.textContent = "Blank, because nothing was done for a while. Press any key."
    cover.style.cssText =
      "position:fixed;inset:0;z-index:2147483647;display:grid;place-items:center;background:#000;color:#8a8a8a;font:1.2rem system-ui,sans-serif"
    document.body.append(cover)
  }

  function touched(event) {
    lastTouch = Date.now()
    if (!cover) return
    event.preventDefault()
    event.stopImmediatePropagation()
    cover.remove()
    cover = null
  }

  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel"]) {
    addEventListener(kind, touched, { capture: true, passive: false })
  }

  const send = (text) =>
    text.dispatchEvent(
      new KeyboardEvent("keydown", { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true }),
    )

  addEventListener(
    "input",
    (event) => {
      const text = event.target
      if (!(text instanceof HTMLTextAreaElement) || text.closest("[data-testid=stForm]")) return
      clearTimeout(typing)
      typing = setTimeout(() => send(text), PAUSE_MS)
    },
    true,
  )

  addEventListener(
    "click",
    (event) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null
      if (!link || link.origin !== location.origin || !link.pathname.startsWith("/gate/")) return
      event.preventDefault()
      event.stopPropagation()
      if (link.pathname === "/gate/sign-out") signOut()
      else location.assign(link.href)
    },
    true,
  )
  addEventListener("pageshow", () => {
    isLeaving = false
    look()
  })
  look()
})()
