// The data and what the network makes of them, as it stands: of one feature the fitted curve, of two the areas of the classes and the
// boundary between them.

const { fit } = sample; // null: there is nothing to draw. labels: of the classes; none, of a curve. level: above it the second is predicted
const fitProgram = partOf(program, outputAt);
const FIT = { wide: 520, high: 360, left: 124, right: 12, top: 44, below: 34 };
const ALONG = 120, GRID = 32; // places at which a curve is computed; and, to either side, a boundary
const MARKS = ["M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z", "M-4.5-4.5h9v9h-9z", "M0-6L5.5 4h-11z", "M0-6L6 0L0 6L-6 0z", "M0 6L5.5-4h-11z"]; // of classes

// The network's outputs where its features are these, again and again in the same array.
function outputsAt() {
  const numbers = run(fitProgram, state.given);
  return (...features) => {
    features.forEach((feature, i) => { numbers[inRow[i]] = feature; });
    rerun(fitProgram, numbers);
    return outputAt.map((place) => numbers[place]);
  };
}

function padded(numbers) {
  const low = Math.min(...numbers), high = Math.max(...numbers), more = 0.08 * (high - low || 1);
  return [low - more, high + more];
}

const between = ([low, high], count) => range(0, count + 1).map((k) => low + ((high - low) * k) / count);

// From numbers to the picture, for both axes.
function scales(across, up) {
  const { wide, high, left, right, top, below } = FIT, of = ([low, most]) => (number) => (number - low) / (most - low);
  const [x, y] = [of(across), of(up)];
  return [(number) => left + (wide - left - right) * x(number), (number) => high - below - (high - below - top) * y(number)];
}

function drawFit() {
  if (!fit) return;
  const made = fit.labels.length ? decisionBoundary() : fittedCurve();
  byId("fit").replaceChildren(...made);
  byId("fit").setAttribute("aria-label", words()[fit.labels.length ? "fitted boundary" : "fitted curve"]);
}

// The axes, with what they are called.
function axesOf(across, up, names) {
  const { wide, high, left, right, top, below } = FIT, ends = (numbers) => numbers.map(tabled);
  const [west, east] = ends(across), [south, north] = ends(up);
  return [
    shape("path", { d: `M${left} ${top}V${high - below}H${wide - right}`, class: "axis" }),
    note(left, high - 14, west, "middle"), note(wide - right, high - 14, east, "end"), note((wide + left) / 2, high - 10, names[0], "middle"),
    note(left - 5, high - below, south, "end"), note(left - 5, top + 12, north, "end"), note(left - 5, (high + top - below) / 2, names[1], "end"),
  ];
}

// An observation: its mark, with a ring around the one that is shown. A click shows it.
function markOf(i, x, y, kind) {
  const made = shape("g", { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, class: "observed" });
  if (i === state.observation) made.append(shape("circle", { r: 10, class: "ring" }));
  made.append(shape("path", { d: MARKS[kind] ?? MARKS[0], fill: page.colours[kind] ?? "#606060" }));
  made.addEventListener("click", () => observation(i));
  return made;
}

function fittedCurve() {
  const observed = observationRows.map(([x, y]) => [x, y]), across = padded(observed.map(([x]) => x)), ys = observed.map(([, y]) => y);
  const at = outputsAt(), places = between(across, ALONG), values = places.map((x) => at(x)[0]), finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...ys), Math.max(...ys)], room = 0.6 * (high - low || 1); // what leaves it is cut off
  const up = padded([low, high, ...finite.filter((value) => value > low - room && value < high + room)]);
  const [x, y] = scales(across, up), inside = (number) => Math.min(Math.max(y(number), FIT.top - 9), FIT.high - FIT.below + 9);
  const point = (value, k) => (Number.isFinite(value) ? `${x(places[k]).toFixed(1)},${inside(value).toFixed(1)}` : "");
  const marks = observed.map(([a, b], i) => markOf(i, x(a), y(b), 0));
  const line = shape("polyline", { points: values.map(point).filter(Boolean).join(" "), class: "fitted" });
  const axes = axesOf(across, up, [labelOf(inRow[0]), "y, o"]);
  return [...axes, line, ...marks, note(FIT.left, 18, words()["fitted curve"], "start")];
}

// By how much each class but the first is above all others, at a place.
function leads(outputs) {
  if (outputs.length === 1) return [outputs[0] - fit.level];
  return outputs.slice(1).map((output, k) => output - Math.max(...outputs.filter((_, other) => other !== k + 1)));
}

function decisionBoundary() {
  const [across, up] = [0, 1].map((i) => padded(observationRows.map((row) => row[i]))), [x, y] = scales(across, up);
  const xs = between(across, GRID), ys = between(up, GRID), at = outputsAt();
  const led = ys.map((second) => xs.map((first) => leads(at(first, second))));
  const made = [];
  for (let k = 1; k < fit.labels.length; k += 1) {
    const values = led.map((line) => line.map((leads) => leads[k - 1])), lead = (first, second) => leads(at(first, second))[k - 1];
    const { area, line } = regionOf(xs, ys, values, lead, (first, second) => `${x(first).toFixed(1)} ${y(second).toFixed(1)}`);
    made.push(shape("path", { d: area, fill: pale(k), class: "area" }), shape("path", { d: line, class: "boundary" }));
  }
  const back = shape("path", { d: `M${x(across[0])} ${y(up[0])}H${x(across[1])}V${y(up[1])}H${x(across[0])}z`, fill: pale(0), class: "area" });
  const marks = observationRows.map((row, i) => markOf(i, x(row[0]), y(row[1]), classOf(row)));
  const legend = fit.labels.flatMap((label, k) => [
    shape("path", { d: MARKS[k], fill: page.colours[k], transform: `translate(${FIT.left + 8 + 70 * k} 33)` }),
    note(FIT.left + 18 + 70 * k, 38, `y = ${tabled(label)}`, "start"),
  ]);
  const axes = axesOf(across, up, [labelOf(inRow[0]), labelOf(inRow[1])]);
  return [back, ...made, ...axes, ...marks, ...legend, note(FIT.left, 18, words()["fitted boundary"], "start")];
}

const pale = (k) => `color-mix(in srgb, ${page.colours[k]} 15%, white)`;

function classOf(row) { // −1: none, once its y has been changed
  const target = Array.from(row.slice(2));
  return target.length > 1 ? target.indexOf(1) : fit.labels.indexOf(target[0]);
}

byId("fit").toggleAttribute("hidden", !fit);
