// The sample: its observations, which of them is shown, and what the Program gives for each. A graph is one observation, without numbers
// of its own.

const sample = page.sample ?? { names: [], rows: [[]], outputs: [], fit: null };
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
const rowProgram = partOf(program, [story.loss, ...outputAt, ...gradientAt, ...guardedAt, ...Object.values(story.slopes)]);
const lossProgram = partOf(program, [story.loss]);
const stepProgram = partOf(program, changedAt);
let runs = []; // the numbers of each observation, once somebody has asked

state.observation = 0;

const labels = new Map(story.rows.map(([label, place]) => [place, label]));
const labelOf = (place) => say(labels.get(place)); // what a given number is called
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

const isChanged = (place) => !Object.is(state.given[place], original[place]);
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
