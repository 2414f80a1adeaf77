// The sample: its observations, which of them is shown, and what the Program gives for each. A graph is one observation, without numbers
// of its own.

const sample = page.sample ?? { names: [], rows: [[]], outputs: [] };
const BATCH = "batch/"; // before the names of what is of a batch of observations
const several = Boolean(story.ofBatch);
const firstUpdate = story.steps.findIndex(({ phase }) => phase === "update");
const batchPlaces = (names, after = "") => (several ? names.map((name) => places[BATCH + name + after]) : []);
const inRow = page.why ? [] : sample.names.map((name) => places[name]); // where the numbers of an observation go
const trainedRows = story.rows.filter(([, place, , , renewed]) => renewed !== null && isGiven(place));
const trainedAt = trainedRows.map(([, place]) => place);
const gradientAt = trainedRows.map(([, , , gradient]) => gradient);
const trainedNames = trainedAt.map((place) => givenNames[place]);
const changedAt = several ? batchPlaces(trainedNames, "/new") : trainedRows.map((row) => row[4]);
const batchAt = batchPlaces(trainedNames, "/gradient");
const [lossBefore, lossAfter] = batchPlaces(["loss", "loss/new"]);
const observationRows = sample.rows.map((row) => Float64Array.from(row, Number)); // with what was edited
const outputAt = sample.outputs.map(([, name]) => places[name]);
const guardedAt = program.guards.map(([place]) => place);
const rowProgram = partOf(program, [story.loss, ...outputAt, ...gradientAt, ...guardedAt]);
const lossProgram = partOf(program, [story.loss]);
const stepProgram = partOf(program, changedAt);
let runs = []; // the numbers of each observation, once somebody has asked

state.observation = 0;

const everyone = () => observationRows.map((_, i) => i);
const byBatch = () => several && training.kind !== "sgd";
const stepAt = (step) => (byBatch() && step >= firstUpdate ? story.ofBatch.updates[step - firstUpdate] : story.steps[step]);

function givenOf(i) {
  const given = state.given.slice();
  inRow.forEach((place, k) => { given[place] = observationRows[i][k]; });
  return given;
}

const runOf = (i) => (runs[i] ??= run(rowProgram, givenOf(i)));
const meanOf = (members, place) => members.reduce((sum, i) => sum + runOf(i)[place], 0) / members.length;
const meanLoss = () => meanOf(everyone(), story.loss);

// All numbers: what stands in the observation's row is of the observation shown, and the gradient of the step is the mean over its batch.
function compute() {
  runs = [];
  inRow.forEach((place, k) => { observationRows[state.observation][k] = state.given[place]; });
  if (several) fillBatch(batch());
  return run(program, state.given);
}

function fillBatch(members) {
  const set = (place, number) => { state.given[place] = original[place] = number; };
  batchAt.forEach((place, k) => set(place, meanOf(members, gradientAt[k])));
  set(lossBefore, meanOf(members, story.loss));
  const changed = run(stepProgram, state.given);
  const losses = members.map((i) => {
    const given = givenOf(i);
    trainedAt.forEach((place, k) => { given[place] = changed[changedAt[k]]; });
    return run(lossProgram, given)[story.loss];
  });
  set(lossAfter, losses.reduce((sum, loss) => sum + loss) / members.length);
}

const allHold = () => everyone().every((i) => holds(program, runOf(i)));

// Show another observation: its numbers become the given ones.
function choose(i) {
  if (!(i in observationRows)) throw new RangeError(`there is no observation ${i}: there are ${observationRows.length}, from 0 on`);
  state.observation = i;
  inRow.forEach((place, k) => {
    original[place] = Number(sample.rows[i][k]);
    state.given[place] = observationRows[i][k];
  });
}

function observation(i) {
  choose(i);
  turnTo(i);
  refresh();
}

// The means over all observations, by name.
function means() {
  if (!several) return {};
  const found = trainedNames.map((name, k) => [`mean/${name}/gradient`, meanOf(everyone(), gradientAt[k])]);
  return Object.fromEntries([...found, ["mean/loss", meanLoss()]]);
}

const isEdited = (i) => sample.rows[i].some((number, k) => !Object.is(Number(number), observationRows[i][k]));

function resetSample() {
  observationRows.forEach((row, i) => row.set(sample.rows[i].map(Number)));
  forgetTraining();
  choose(0);
}

// In the link: the observation shown, and what was changed in the others.

const FEW_IN_ROWS = 20;

function sampleLink() {
  const parts = several && state.observation ? [`obs=${state.observation}`] : [];
  if (byBatch()) parts.push(`by=${training.kind}`);
  const edits = everyone().filter((i) => i !== state.observation && isEdited(i)).flatMap((i) =>
    sample.names.flatMap((name, k) => (Object.is(Number(sample.rows[i][k]), observationRows[i][k]) ? [] : [`${i}.${name}:${observationRows[i][k]}`])));
  return edits.length && edits.length <= FEW_IN_ROWS ? [...parts, `rows=${edits.join(",")}`] : parts;
}

function followSample(found) {
  resetSample();
  for (const edit of (found.rows ?? "").split(",").filter(Boolean)) {
    const [, i, name, number] = /^(\d+)\.([\w-]+):(.*)$/.exec(edit) ?? [];
    const k = sample.names.indexOf(name);
    if (i in observationRows && k >= 0 && Number.isFinite(parsed(number))) observationRows[i][k] = parsed(number);
  }
  if (several && found.by in KINDS) setKind(found.by);
  if (found.obs in observationRows) { choose(+found.obs); turnTo(+found.obs); }
}

// The table of all observations: what is in sight of it, while it is open.

const tableBox = byId("observations");
const IN_SIGHT = 14; // rows at a time
let columns = [];
let observationCells = []; // of each row in sight, the texts
let meanCells = []; // [text, place]

function observationColumns() {
  const labels = new Map(story.rows.map(([label, place]) => [place, say(label)]));
  const columns = [...inRow.map((place) => [labels.get(place), place]), ...sample.outputs.map(([label], k) => [plain(label), outputAt[k]])];
  columns.push(["l", story.loss]);
  if (byId("with-gradients").checked) trainedAt.forEach((place, k) => columns.push([`∂l/∂${labels.get(place)}`, gradientAt[k], true]));
  return columns;
}

function buildSample() {
  columns = observationColumns();
  const table = byId("observation-rows");
  const heads = [words()["observation"], ...columns.map(([label]) => label)];
  table.tHead.replaceChildren(rowOf(heads, "th"));
  const rows = everyone().slice(0, IN_SIGHT).map((_, k) => {
    const row = rowOf(["", ...columns.map(() => "")], "td");
    row.tabIndex = 0;
    row.addEventListener("click", () => observation(firstInSight() + k));
    row.addEventListener("keydown", (event) => {
      if (event.key === "Enter") observation(firstInSight() + k);
      if (event.key === "Enter" || scrolled(event.key)) event.stopPropagation();
      if (scrolled(event.key)) event.preventDefault();
    });
    return row;
  });
  observationCells = rows.map((row) => Array.from(row.cells, (cell) => cell.appendChild(new Text(""))));
  table.tBodies[0].replaceChildren(...rows);
  const mean = rowOf([words()["mean of all"], ...columns.map(() => "")], "td");
  meanCells = columns.flatMap(([, place, gradient], k) => (gradient || place === story.loss ? [[mean.cells[k + 1].appendChild(new Text("")), place]] : []));
  table.tFoot.replaceChildren(...(several ? [mean] : []));
}

function rowOf(texts, kind) {
  const row = document.createElement("tr");
  texts.forEach((text, k) => {
    const cell = document.createElement(k && kind === "td" ? "td" : "th");
    cell.textContent = text;
    row.append(cell);
  });
  return row;
}

const firstInSight = () => Math.max(Math.min(Math.trunc(+byId("from").value) - 1, observationRows.length - IN_SIGHT), 0);

// ↑ and ↓ in a row move the rows that are in sight.
function scrolled(key) {
  const way = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (!way || observationRows.length <= IN_SIGHT) return false;
  byId("from").value = firstInSight() + 1 + way;
  fillSample();
  return true;
}

function fillSample() {
  if (!tableBox.open) return;
  const first = firstInSight(), taking = new Set(batch()), { rows } = byId("observation-rows").tBodies[0];
  observationCells.forEach(([number, ...texts], k) => {
    const i = first + k;
    put(number, String(i + 1));
    texts.forEach((text, c) => put(text, tabled(runOf(i)[columns[c][1]])));
    rows[k].classList.toggle("chosen", i === state.observation);
    rows[k].classList.toggle("in-batch", taking.has(i));
  });
  for (const [text, place] of meanCells) put(text, tabled(meanOf(everyone(), place)));
}

const put = (text, words) => { if (text.data !== words) text.data = words; };
const tabled = (number) => plain(digits(number));

tableBox.addEventListener("toggle", fillSample);
byId("from").max = Math.max(observationRows.length - IN_SIGHT + 1, 1);
byId("from").addEventListener("input", fillSample);
byId("from").addEventListener("keydown", (event) => event.stopPropagation());
byId("sight").hidden = observationRows.length <= IN_SIGHT;
byId("with-gradients").addEventListener("change", () => { buildSample(); fillSample(); });
