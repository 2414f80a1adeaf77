// Everything follows from the state: the numbers, then what is seen and heard of them.

const times = []; // of the last redraws, in milliseconds

function refresh() {
  const start = performance.now();
  state.numbers = compute();
  state.shown = seen(state.numbers);
  tell();
  paint();
  fillTable();
  fillSample();
  drawFit();
  fillBeside();
  showTogether();
  showPredicting();
  showTraining();
  showStuck();
  mark();
  byId("guard").hidden = allHold();
  times.push(performance.now() - start);
  if (times.length > 1000) times.shift();
  speak();
  remember();
}

document.body.classList.remove("still"); // which it is where no script runs
byId("still").remove();
byId("slider").max = last;
followLink();

// For whoever drives the page from outside.
window.lesson = {
  get given() { return Object.fromEntries(givenNames.map((name, place) => [name, state.given[place]])); },
  get values() { return ({ ...Object.fromEntries(Object.entries(places).map(([name, place]) => [name, state.numbers[place]])), ...means() }); },
  set(name, value) {
    if (!isGiven(places[name])) throw new RangeError(`${name} is not given: it is computed`);
    give([[places[name], Number(value)]]);
  },
  show: go,
  reset,
  observation,
  train,
  goTo,
  get taken() { return training.moments.slice(1, training.time + 1).map(({ by }) => by); },
  get losses() { return training.moments.slice(0, training.time + 1).map(({ loss }) => loss); },
  spoken: (step) => spoken(typeof step === "string" ? story.about[step] : stepAt(step)),
  filled: (template, filling) => filled(template, filling),
  functions: FUNCTIONS,
  link,
  times,
};
