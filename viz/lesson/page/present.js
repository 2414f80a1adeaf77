// Going through the steps: buttons, keys, a clicker, the link, the language, and paper.

let playing = null;

function show(step) {
  state.step = Math.min(Math.max(Math.trunc(step) || 0, 0), last);
  state.pointed = null;
  state.pinned = false;
  refresh();
  bringIntoView();
}

function go(step) {
  stop();
  show(step);
}

function stop() {
  clearInterval(playing);
  playing = null;
  byId("play").textContent = words()["play"];
}

function play() {
  if (playing) return stop();
  if (state.step === last) show(0);
  byId("play").textContent = words()["pause"];
  playing = setInterval(() => (state.step < last ? show(state.step + 1) : stop()), 1800);
}

function mark() { // where we are
  const slider = byId("slider");
  slider.value = state.step;
  slider.setAttribute("aria-valuetext", `${words()["step"]} ${state.step} ${words()["of"]} ${last}: ${titleOf(stepAt(state.step).title)}`);
  byId("count").textContent = `${state.step} / ${last}`;
  byId("previous").disabled = state.step === 0;
  byId("next").disabled = state.step === last;
  byId("reset").disabled = !givenNames.some((_, place) => isChanged(place)) && !training.moments.length && !everyone().some(isEdited);
}

// The words of the page in the reader's language.
function label() {
  document.documentElement.lang = state.language;
  for (const made of document.querySelectorAll("[data-word]")) {
    made.textContent = words()[made.dataset.word] + (made.dataset.after ?? "");
  }
  byId("slider").setAttribute("aria-label", words()["step"]);
  const held = page.held ? words()["held"] : Object.keys(story.masks).length ? words()["masks"] : "";
  byId("why").textContent = page.why ? `${words()["still"]} ${page.why}` : held;
  byId("hint-edit").hidden = page.why !== "";
  if (playing) byId("play").textContent = words()["pause"];
  buildTable();
  buildSample();
  buildBeside();
}

// The link: the step, the language, and what was changed; many changes as eight bytes each.

const FEW = 8;

function link() {
  const parts = [`step=${state.step}`];
  if (predicting.on) parts.push("predict");
  if (state.language !== page.language) parts.push(`lang=${state.language}`);
  const changed = givenNames.flatMap((name, place) => (Object.is(state.given[place], original[place]) ? [] : [[name, state.given[place]]]));
  if (changed.length > FEW) parts.push(`all=${encodeNumbers(state.given)}`);
  else if (changed.length) parts.push(`set=${changed.map(([name, number]) => `${encodeURIComponent(name)}:${number}`).join(",")}`);
  return `#${[...parts, ...sampleLink()].join("&")}`;
}

function encodeNumbers(numbers) {
  const bytes = String.fromCharCode(...new Uint8Array(Float64Array.from(numbers).buffer));
  return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function decodeNumbers(text) {
  try {
    const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return new Float64Array(Uint8Array.from(bytes, (letter) => letter.charCodeAt()).buffer);
  } catch {
    return []; // not one of ours
  }
}

function followLink() {
  const found = Object.fromEntries(location.hash.slice(1).split("&").map((part) => part.split(/=(.*)/s).slice(0, 2)));
  if (found.lang in page.words) state.language = found.lang;
  byId("predict").checked = "predict" in found;
  followSample(found);
  state.given.set(original);
  inRow.forEach((place, k) => { state.given[place] = observationRows[state.observation][k]; });
  for (const one of (found.set ?? "").split(",").filter(Boolean)) {
    const at = one.lastIndexOf(":"), place = places[unescaped(one.slice(0, at))], number = parsed(one.slice(at + 1));
    if (isGiven(place) && Number.isFinite(number)) state.given[place] = number;
  }
  const all = decodeNumbers(found.all ?? "");
  if (all.length === original.length) state.given.set(all);
  label();
  show(found.step ?? (together ? firstUpdate - 1 : 0));
}

function unescaped(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

let remembering = null;
function remember() {
  clearTimeout(remembering);
  remembering = setTimeout(() => {
    try {
      history.replaceState(null, "", link());
    } catch {
      // A page in a notebook's frame has no address to change.
    }
  }, 200);
}

function reset() {
  halt();
  resetSample();
  give(original.entries());
}

function switchLanguage() {
  state.language = state.language === "en" ? "ru" : "en";
  label();
  refresh();
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {}); // a frame may forbid it
}

byId("previous").addEventListener("click", () => go(state.step - 1));
byId("next").addEventListener("click", () => go(state.step + 1));
byId("play").addEventListener("click", play);
byId("reset").addEventListener("click", reset);
byId("language").addEventListener("click", switchLanguage);
byId("slider").addEventListener("input", () => go(+byId("slider").value));
byId("by-gradient").addEventListener("change", refresh);
byId("table").addEventListener("toggle", fillTable);
addEventListener("fullscreenchange", bringIntoView);
addEventListener("hashchange", () => { stop(); followLink(); });

addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const { step } = state, pressed = event.target.closest?.("button, summary, input[type=checkbox]");
  const steps = { ArrowLeft: step - 1, PageUp: step - 1, ArrowRight: step + 1, PageDown: step + 1, Home: 0, End: last };
  if (!pressed) steps[" "] = event.shiftKey ? step - 1 : step + 1;
  if (event.key === "Escape") pointAt(null, true);
  if (event.key.toLowerCase() === "f") fullScreen();
  if (!(event.key in steps)) return;
  event.preventDefault(); // the slider and the page would move too
  go(steps[event.key]);
});

// On paper: all steps, one below the other.
addEventListener("beforeprint", () => {
  const sections = story.steps.map((_, step) => {
    const told = stepAt(step);
    const section = document.createElement("section"), title = document.createElement("h2"), slots = [];
    title.textContent = `${step}. ${titleOf(told.title)}`;
    section.append(title, ...linesOf(told, slots));
    fillSlots(slots);
    return section;
  });
  byId("handout").replaceChildren(...sections);
});
addEventListener("afterprint", () => byId("handout").replaceChildren());
