// Training at the α shown: by one observation after the other (SGD), by batches, or by all (GD). The step taken is the one that the
// lesson's update tells: the Program gives the new weights.

const KINDS = {
  sgd: (n) => Array.from({ length: n }, (_, i) => [i]),
  batch: (n, size) => range(0, Math.ceil(n / size)).map((k) => range(k * size, Math.min((k + 1) * size, n))),
  mean: (n) => [range(0, n)],
};
const range = (first, end) => Array.from({ length: end - first }, (_, k) => first + k);
const DIVERGED = 4; // times the loss at the start
const SEED = 2026; // of the order after the first pass: the same each time

// size: of a mini-batch. order: of the groups of observations, in this pass. at: whose turn it is. moments: what there was after each
// step. time: the moment that is shown. past: the moments of earlier trainings, by their kinds.
const training = { kind: "sgd", size: Math.ceil(observationRows.length / 2), groups: [], order: [], at: 0, seed: SEED, moments: [], time: 0, past: {} };

const batch = () => training.groups[training.order[training.at]] ?? [];

function setKind(kind, size = training.size) {
  const n = observationRows.length;
  Object.assign(training, { kind, size: Math.min(Math.max(Math.trunc(size) || 1, 1), n), at: 0, seed: SEED });
  training.groups = KINDS[kind](n, training.size);
  training.order = range(0, training.groups.length);
  turnTo(state.observation);
}

// Of SGD, the turn is that of the observation shown.
function turnTo(i) {
  if (training.kind === "sgd") training.at = training.order.indexOf(i);
}

function forgetTraining() {
  Object.assign(training, { moments: [], time: 0, past: {} });
  setKind(training.kind);
}

// After a pass over the data the order is shuffled (lecture, section 4).
function next() {
  training.at += 1;
  if (training.at < training.order.length) return;
  training.at = 0;
  training.order = training.order.slice();
  for (let k = training.order.length - 1; k > 0; k -= 1) {
    const j = Math.floor(random() * (k + 1));
    [training.order[k], training.order[j]] = [training.order[j], training.order[k]];
  }
}

function random() { // in [0, 1), a linear congruential generator
  training.seed = (Math.imul(training.seed, 1664525) + 1013904223) >>> 0;
  return training.seed / 2 ** 32;
}

const moment = ({ by, how } = training.moments[training.time] ?? { by: null, how: training.kind }) => ({
  weights: trainedAt.map((place) => state.given[place]),
  loss: meanLoss(),
  by, // the observations of the step that led here, and its kind
  how,
  ...Object.fromEntries(["kind", "size", "groups", "order", "at", "seed"].map((key) => [key, training[key]])),
  observation: state.observation,
});

// One step: the mean gradient over the batch goes into the Program, and its new weights become the given ones.
function take() {
  runs = [];
  const members = batch();
  training.moments[training.time] = moment();
  training.moments.length = training.time + 1;
  batchAt.forEach((place, k) => { state.given[place] = meanOf(members, gradientAt[k]); });
  const numbers = run(stepProgram, state.given);
  trainedAt.forEach((place, k) => { state.given[place] = numbers[changedAt[k]]; });
  next();
  if (training.kind === "sgd") choose(batch()[0]);
  runs = [];
  training.time += 1;
  training.moments[training.time] = moment({ by: members, how: training.kind });
}

function train(steps = 1, kind = "mean") {
  if (!trainedAt.length) throw new RangeError("there is nothing to train here");
  if (!(kind in KINDS)) throw new RangeError(`train(steps, kind): kind is one of ${Object.keys(KINDS).join(", ")}, not ${kind}`);
  if (kind !== training.kind) setKind(kind);
  for (let k = 0; k < steps; k += 1) take();
  refresh();
}

const goOn = (steps) => train(steps, training.kind);

function goTo(time) {
  if (!training.moments.length) return;
  training.moments[training.time] = moment();
  training.time = Math.min(Math.max(time, 0), training.moments.length - 1);
  const { weights, loss, by, how, observation, ...order } = training.moments[training.time];
  Object.assign(training, order);
  trainedAt.forEach((place, k) => { state.given[place] = weights[k]; });
  choose(observation);
  refresh();
}

// To the start, to train in another way: the curve stays, to be compared with.
function restart() {
  halt();
  if (!training.moments.length) return;
  const { kind, size, moments } = training;
  const past = { ...training.past, [runsOf(moments).map(({ how }) => how)]: moments };
  goTo(0);
  Object.assign(training, { moments: [], time: 0, past });
  choose(0);
  setKind(kind, size);
  refresh();
}

// The stretches of a training that were made in one way: { how, first, end }, the moments where each starts and ends.
function runsOf(moments) {
  const runs = [];
  moments.slice(1).forEach(({ how }, k) => {
    if (runs.at(-1)?.how === how) runs.at(-1).end = k + 1;
    else runs.push({ how, first: k, end: k + 1 });
  });
  return runs;
}

function diverged() {
  const losses = training.moments.map(({ loss }) => loss);
  return losses.length > 0 && !(losses[training.time] <= DIVERGED * Math.max(losses[0], 1e-9));
}

let ticking = null; // the clock of a training that plays

function halt() {
  clearInterval(ticking);
  ticking = null;
  byId("train-play").textContent = words()["train on"];
}

function playTraining() {
  if (ticking) return halt();
  byId("train-play").textContent = words()["pause"];
  ticking = setInterval(() => {
    goOn(1);
    if (!Number.isFinite(training.moments[training.time].loss)) halt();
  }, 150);
}

setKind("sgd");
