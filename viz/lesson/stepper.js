// Shows step k of the trace. Everything is in the page already; a step is which parts are shown, and which are lit.
"use strict";

const trace = JSON.parse(document.getElementById("trace").textContent);
const last = trace.steps.length - 1;
const element = (id) => document.getElementById(id);
const slider = element("slider"), play = element("play"), picture = element("picture");
let now = 0, pointedAt = null, timer = null;

function show(step) {
  now = Math.min(Math.max(step, 0), last);
  for (const mark of document.querySelectorAll("[data-first]")) {
    const { first, until } = mark.dataset;
    mark.toggleAttribute("hidden", now < +first || (until !== undefined && now >= +until));
  }
  slider.value = now;
  slider.setAttribute("aria-valuetext", `step ${now} of ${last}: ${trace.steps[now].title}`);
  element("count").textContent = `${now} / ${last}`;
  element("previous").disabled = now === 0;
  element("next").disabled = now === last;
  remember();
  tell();
  bringIntoView(trace.steps[now].lit);
}

// The panel and the lights: of the step, or, while somebody points at a part of the picture, of that part.
function tell() {
  const telling = pointedAt ? trace.about[pointedAt] : trace.steps[now];
  document.body.dataset.phase = pointedAt ? "about" : telling.phase;
  for (const panel of document.querySelectorAll("[data-tells]")) {
    panel.hidden = panel.dataset.tells !== (pointedAt || `step-${now}`);
  }
  for (const part of document.querySelectorAll(".part")) {
    part.classList.toggle("lit", telling.lit.includes(part.id));
  }
  element("spoken").textContent = pointedAt ? telling.spoken : `Step ${now} of ${last}. ${telling.spoken}`;
}

function pointAt(part) {
  const id = part && (part.dataset.of || part.id);
  pointedAt = id in trace.about ? id : null;
  tell();
}

// On a narrow screen the picture is wider than the page: what is lit moves to the middle.
function bringIntoView(lit) {
  const boxes = lit.map(element).filter(Boolean).map((part) => part.getBoundingClientRect());
  if (boxes.length && picture.scrollWidth > picture.clientWidth) {
    const middle = (Math.min(...boxes.map((b) => b.left)) + Math.max(...boxes.map((b) => b.right))) / 2;
    const frame = picture.getBoundingClientRect();
    picture.scrollLeft += middle - (frame.left + frame.right) / 2;
  }
}

function remember() {
  try {
    history.replaceState(null, "", `#step=${now}`);
  } catch {
    // A page in a notebook's frame has no address to change.
  }
}

function linked() {
  const found = /^#step=(\d+)$/.exec(location.hash);
  return found ? +found[1] : 0;
}

function stop() {
  clearInterval(timer);
  timer = null;
  play.textContent = "Play";
}

function go(step) {
  stop();
  show(step);
}

element("previous").addEventListener("click", () => go(now - 1));
element("next").addEventListener("click", () => go(now + 1));
slider.addEventListener("input", () => go(+slider.value));
play.addEventListener("click", () => {
  if (timer) return stop();
  if (now === last) show(0);
  play.textContent = "Pause";
  timer = setInterval(() => (now < last ? show(now + 1) : stop()), 1800);
});

addEventListener("hashchange", () => go(linked()));
addEventListener("keydown", (event) => {
  const steps = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last };
  if (event.key === "Escape") pointAt(null);
  if (!(event.key in steps) || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault(); // the slider and a scrolled picture would move too
  pointedAt = null;
  go(steps[event.key]);
});

for (const part of document.querySelectorAll(".part[tabindex], [data-of]")) {
  part.addEventListener("mouseenter", () => pointAt(part));
  part.addEventListener("mouseleave", () => pointAt(null));
  part.addEventListener("focus", () => pointAt(part));
  part.addEventListener("blur", () => pointAt(null));
}

slider.max = last;
show(linked());
