// Predict, then reveal: a number that a step makes stands as ? until it has been guessed, or asked for.

const HIDDEN = "?";
const predicting = { on: false, at: "", found: new Set(), hidden: new Set(), wanted: [] }; // wanted: the places still to be guessed, in order

const placesIn = (template) => Array.from(template.matchAll(SLOT)).filter(([, kind]) => kind === "n" || kind === "f").map(([, , place]) => +place);
const marksHere = () => (byBatch() ? story.ofBatch.marks : story.marks);

const gradientsInTable = story.rows.map(([, , , gradient]) => gradient).filter((place) => place !== null); // some no step tells

function toldAt(step) { // the places of all numbers that this step brings
  const marks = marksHere().filter(([, , , first]) => first === step).map(([, , template]) => template);
  return [...stepAt(step).lines.flat(), ...marks].flatMap(placesIn);
}

// What is asked are the results: the last number of each line, unless it has been seen before.
function hide() {
  const at = `${state.step} ${state.observation} ${byBatch()}`;
  if (at !== predicting.at) Object.assign(predicting, { at, found: new Set() });
  const all = story.steps.map((_, step) => toldAt(step)), seen = new Set(all.slice(0, state.step).flat());
  const results = stepAt(state.step).lines.map((line) => placesIn(line.join(" ")).at(-1));
  const asked = new Set(results.filter((place) => place !== undefined && !isGiven(place) && !seen.has(place)));
  for (const place of [...all[state.step].filter((place) => !asked.has(place)), ...predicting.found]) seen.add(place);
  const toCome = all.slice(state.step).flat(), told = new Set(all.flat());
  if (state.step < firstUpdate) toCome.push(...gradientsInTable.filter((place) => !told.has(place)));
  predicting.hidden = new Set(toCome.filter((place) => !isGiven(place) && !seen.has(place)));
  predicting.wanted = [...asked].filter((place) => predicting.hidden.has(place));
}

// All numbers, as they are seen: null is one that is hidden.
function seen(numbers) {
  predicting.on = byId("predict").checked;
  if (!predicting.on) return numbers;
  hide();
  return Array.from(numbers, (number, place) => (predicting.hidden.has(place) ? null : number));
}

// Whether what is written is the number, rounded: to two digits of it at least, or a thousandth beside it, as whoever goes on with
// rounded numbers will be.
function isRounded(text, number) {
  const [mantissa, power = 0] = text.trim().toLowerCase().split("e");
  const lastDigit = 10 ** (power - (mantissa.split(/[.,]/)[1] ?? "").length), secondDigit = 10 ** (Math.floor(Math.log10(Math.abs(number))) - 1);
  const allowed = Math.min(Math.max(lastDigit / 2, Math.abs(number) / 1000), secondDigit / 2);
  return Math.abs(parsed(text) - number) <= allowed * (1 + 1e-9) + 1e-12;
}

function guess() {
  const [place] = predicting.wanted, text = byId("guess").value;
  if (!Number.isFinite(parsed(text))) return answer("no number");
  if (!isRounded(text, state.numbers[place])) return answer("guess wrong", text);
  reveal("guess right");
}

function reveal(said = "revealed") {
  const [place] = predicting.wanted;
  predicting.found.add(place);
  byId("guess").value = "";
  refresh();
  answer(said, plain(digits(state.numbers[place])));
  if (predicting.wanted.length) byId("guess").focus();
  else byId("next").focus();
}

function answer(key, argument) {
  byId("answer").textContent = words()[key].replace("{0}", () => argument);
}

let answeredAt = ""; // an answer is of its step
function showPredicting() {
  byId("ask").hidden = !predicting.on || state.pointed !== null || (!predicting.wanted.length && answeredAt !== predicting.at);
  byId("guessing").hidden = !predicting.wanted.length;
  if (answeredAt !== predicting.at) byId("answer").textContent = byId("guess").value = "";
  answeredAt = predicting.at;
}

byId("predict").addEventListener("change", () => { predicting.at = ""; refresh(); });
byId("check").addEventListener("click", guess);
byId("reveal").addEventListener("click", () => reveal());
byId("guess").addEventListener("keydown", (event) => {
  if (event.key !== "PageUp" && event.key !== "PageDown") event.stopPropagation(); // the step would move
  if (event.key !== "Enter") return;
  event.preventDefault(); // it would press the button that gets the focus
  guess();
});
