// The picture: what stands at each place at this step, what is lit, what is off, dead or saturated.

const SATURATED = 0.01; // a slope of the activation below which hardly any gradient passes
const BROAD = 1600; // of a picture that needs the whole width of the page
const standing = marksByPlace(story.marks), ofBatch = marksByPlace(story.ofBatch?.marks ?? []);

function marksByPlace(marks) { // "part what" → its marks
  const found = new Map();
  for (const mark of marks) {
    const key = `${mark[0]} ${mark[1]}`;
    found.set(key, [...(found.get(key) ?? []), mark]);
  }
  return found;
}

const placesInPicture = Array.from(document.querySelectorAll("#picture [data-part]"), (spot) => {
  spot.textContent = "";
  return { spot, text: spot.appendChild(new Text("")), key: `${spot.dataset.part} ${spot.dataset.what}` };
});
byId("work").classList.toggle("broad", document.querySelector("#picture > svg").viewBox.baseVal.width > BROAD);
const parts = Array.from(document.querySelectorAll("#picture .part"));
const numberOf = (template) => /^\\n\{(\d+)\}$/.exec(template)?.[1]; // of a template that is a number and nothing else

function paint() {
  const here = byBatch() ? ofBatch : standing;
  for (const { spot, text, key } of placesInPicture) {
    const mark = here.get(key)?.find(([, , , first, until]) => first <= state.step && (until === null || state.step < until));
    const words = mark ? say(mark[2]) : "";
    if (text.data !== words) text.data = words;
    const place = mark && numberOf(mark[2]);
    editableAs(spot, place !== undefined && isGiven(place) ? +place : null);
  }
  const lit = new Set(telling().lit);
  for (const part of parts) {
    part.classList.toggle("lit", lit.has(part.id) && !isOff(part.id));
    part.classList.toggle("off", isOff(part.id));
    const slope = part.id in story.slopes && !isOff(part.id) ? Math.abs(state.shown[story.slopes[part.id]] ?? 1) : 1;
    part.classList.toggle("dead", slope === 0);
    part.classList.toggle("saturated", slope > 0 && slope < SATURATED);
  }
  const rims = ["dead", "saturated"].filter((kind) => parts.some((part) => part.classList.contains(kind)));
  byId("rims").textContent = rims.map((kind) => words()[`rim ${kind}`]).join(" ");
  document.body.dataset.phase = telling().phase;
  weigh();
}

// Arrows redder and thicker the larger the gradient of their weight, where it is not to be guessed.
function weigh() {
  const wanted = byId("by-gradient").checked;
  const sizes = new Map();
  for (const { id } of parts) {
    const gradient = id.startsWith("weight-") ? state.shown[places[`${id}/gradient`]] ?? null : null;
    if (gradient !== null) sizes.set(id, Math.abs(gradient));
  }
  const most = Math.max(0, ...Array.from(sizes.values()).filter(Number.isFinite)) || 1;
  for (const part of parts) {
    const share = wanted && sizes.has(part.id) ? Math.min(sizes.get(part.id) / most, 1) : null;
    part.classList.toggle("weighed", share !== null);
    if (share !== null) {
      part.style.setProperty("--share", `${Math.round(100 * share)}%`);
      part.style.setProperty("--wide", 0.8 + 4 * (share || 0));
    }
  }
}

// On a narrow screen the picture is wider than the page: what is lit moves to the middle.
function bringIntoView() {
  const box = byId("picture");
  if (box.scrollWidth <= box.clientWidth) return;
  const bounds = telling().lit.map(byId).filter(Boolean).map((part) => part.getBoundingClientRect());
  if (!bounds.length) return;
  const middle = (Math.min(...bounds.map((b) => b.left)) + Math.max(...bounds.map((b) => b.right))) / 2;
  const frame = box.getBoundingClientRect();
  box.scrollLeft += middle - (frame.left + frame.right) / 2;
}

// Pointing at a part tells of it; a click pins that, or switches a neuron off and on.
function pointAt(part, pin = false) {
  if (editing || (state.pinned && !pin)) return; // what is told stays while a number is typed
  const told = part in story.about ? part : null;
  state.pinned = pin && !(state.pinned && state.pointed === told) && told !== null;
  state.pointed = told;
  refresh();
}

function press(part) {
  const masks = story.masks[part];
  if (!masks || page.why) pointAt(part, true);
  else give(masks.map((mask) => [mask, +isOff(part)]));
}

function watchPressing(target, part) {
  target.addEventListener("click", (event) => {
    if (!event.target.closest(".editable")) press(part);
  });
  target.addEventListener("keydown", (event) => {
    if (event.target === target && event.key === "Enter") press(part);
  });
}

for (const part of parts.filter(({ id }) => id in story.about)) {
  watchPressing(part, part.id);
  part.addEventListener("mouseenter", () => pointAt(part.id));
  part.addEventListener("mouseleave", () => pointAt(null));
  part.addEventListener("focus", (event) => event.target === part && pointAt(part.id));
  part.addEventListener("blur", () => pointAt(null));
}
