// Keys: → and ← (also space, Page Down, Page Up), Home, End; n notes, p notes in a window of their own, o overview,
// s turns past the slides that are for when there is time, or not any more.
const root = document.documentElement
const slides = [...document.querySelectorAll("section")]
let now = 0
let desk = null // the window with the notes

function fit() {
  const height = root.classList.contains("with-notes") ? 1080 : 720
  const scale = Math.min(innerWidth / 1280, innerHeight / height)
  const left = (innerWidth - 1280 * scale) / 2
  for (const slide of slides)
    slide.style.transform = root.classList.contains("overview") ? "" : `translateX(${left}px) scale(${scale})`
}

function tell() {
  if (!desk || desk.closed) return
  const next = slides[from(now, 1)]?.querySelector("h2")?.textContent ?? ""
  desk.document.title = `${now + 1} / ${slides.length}`
  desk.document.body.innerHTML =
    `<h1>${now + 1} / ${slides.length}</h1>${slides[now].querySelector(".notes").innerHTML}<hr>`
  desk.document.body.append(`Next: ${next}`)
}

function from(index, step) {
  const isLeftOut = slide => root.classList.contains("short") && slide?.classList.contains("spare")
  do index += step
  while (isLeftOut(slides[index]))
  return index
}

function show(index) {
  slides[now].classList.remove("now")
  now = Math.max(0, Math.min(slides.length - 1, index))
  slides[now].classList.add("now")
  history.replaceState(null, "", `#${now + 1}`)
  if (root.classList.contains("overview")) slides[now].scrollIntoView({ block: "nearest" })
  tell()
}

function overview(on) {
  root.classList.toggle("overview", on)
  root.classList.toggle("one-by-one", !on)
  fit()
  show(now)
}

function openDesk() {
  desk = open("", "notes", "width=800,height=600")
  if (desk) desk.document.body.style.cssText = "font: 22px/1.5 system-ui, sans-serif; margin: 24px"
  if (desk) desk.onkeydown = onkeydown
  tell()
}

const keys = {
  ArrowRight: () => show(from(now, 1)), ArrowDown: () => show(from(now, 1)), PageDown: () => show(from(now, 1)),
  " ": () => show(from(now, 1)), ArrowLeft: () => show(from(now, -1)), ArrowUp: () => show(from(now, -1)),
  PageUp: () => show(from(now, -1)), Home: () => show(0), End: () => show(slides.length - 1),
  s: () => { root.classList.toggle("short"); tell() },
  n: () => { root.classList.toggle("with-notes"); fit() },
  o: () => overview(!root.classList.contains("overview")),
  Enter: () => overview(false), Escape: () => overview(false), p: openDesk,
}

onkeydown = event => {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return
  event.preventDefault()
  keys[event.key]()
}
onhashchange = () => show(parseInt(location.hash.slice(1)) - 1 || 0)
onresize = fit
slides.forEach((slide, index) => slide.addEventListener("click", () => {
  if (root.classList.contains("overview")) { show(index); overview(false) }
}))
show(parseInt(location.hash.slice(1)) - 1 || 0)
overview(false)
