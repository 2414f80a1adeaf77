// What the page holds, what has been changed, and what the lesson says with these numbers.

const byId = (id) => document.getElementById(id);
const page = JSON.parse(byId("lesson").textContent);
const { lesson: story } = page, program = ready(page.program);
const givenNames = Object.keys(program.given);
const places = { ...Object.fromEntries(givenNames.map((name, place) => [name, place])), ...program.names };
const original = Float64Array.from(Object.values(program.given), Number);
const last = story.steps.length - 1;

const state = { given: original.slice(), numbers: null, shown: null, step: 0, language: page.language, pointed: null, pinned: false };

const isGiven = (place) => place < original.length && !givenNames[place].startsWith("batch/");
const words = () => page.words[state.language];
const filling = () => ({ numbers: state.shown, words: words(), texts: story.texts });
const say = (template) => filled(template, filling());
const telling = () => (state.pointed ? story.about[state.pointed] : stepAt(state.step));

// The neuron, or the arrow from or to it, is switched off by dropout.
function isOff(part) {
  const ends = /^weight-(\d+)-(\d+)-(\d+)$/.exec(part);
  const neurons = ends ? [`neuron-${ends[1]}-${ends[2]}`, `neuron-${ends[1] - 1}-${ends[3]}`] : [part];
  return neurons.some((neuron) => story.masks[neuron]?.some((mask) => state.numbers[mask] === 0));
}

function titleOf({ key, arguments: given = [], compare = [], paths = [], masks = [] }) {
  const [before, after] = compare.map((place) => state.shown[place]);
  if (compare.length && after !== null) key += ` ${compared(before, after)}`;
  let title = words()[key];
  given.forEach((argument, k) => { title = title.replace(`{${k}}`, () => argument); });
  if (title.includes("{paths}")) {
    const on = (masks) => masks.every((place) => state.numbers[place] !== 0);
    const count = paths.reduce((product, one) => product * (typeof one === "number" ? one : one.filter(on).length), 1);
    title = title.replace("{paths}", words()[`paths ${form(count)}`].replace("{n}", count));
  }
  return masks.some((place) => state.numbers[place] === 0) ? title + words()["switched off"] : title;
}

function compared(before, after) {
  if (Number.isNaN(before) || Number.isNaN(after)) return "nan";
  return after < before ? "less" : after > before ? "more" : "same";
}

function form(count) { // of a noun: Russian has three, and English two of them
  const tens = count % 100, ones = count % 10;
  if (count < 2) return count ? "one" : "none";
  if ((tens > 10 && tens < 15) || ones === 0 || ones > 4) return "many";
  return ones === 1 ? "one more" : "few";
}

// All that is told, as text.
function spoken(told) {
  const lines = told.lines.map((line) => line.map(say).join(" "));
  return [titleOf(told.title), ...lines].join(". ");
}

// Change given numbers; everything else follows. Of a choice, one is 1 and the others are 0.
function give(changes) {
  for (const [place, value] of changes) {
    if (story.choice.includes(place) && value) for (const other of story.choice) state.given[other] = 0;
    state.given[place] = value;
  }
  refresh();
}
