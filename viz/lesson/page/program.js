// A program: what is given, constants, and steps, each a function and the places of its arguments.

// The numbers at all places, where `given` is given. nudge: what is added at one place, to try a derivative.
function run(program, given, nudge = { place: -1, by: 0 }) {
  const count = given.length, first = count + program.constants.length;
  const numbers = new Float64Array(first + program.steps.length);
  numbers.set(given);
  numbers.set(program.constants, count);
  if (nudge.place >= 0 && nudge.place < count) numbers[nudge.place] += nudge.by;
  return rerun(program, numbers, nudge);
}

// The same in an array that holds the numbers of another run, of which some given ones are new.
function rerun(program, numbers, nudge = { place: -1, by: 0 }) {
  const first = numbers.length - program.steps.length;
  for (const k of program.chosen) {
    const step = program.steps[k];
    numbers[first + k] = FUNCTIONS[step[0]](numbers[step[1]], numbers[step[2]], numbers[step[3]]);
    if (nudge.place === first + k) numbers[first + k] += nudge.by;
  }
  return numbers;
}

// A program as it is run: every step with three arguments, of which its function takes what it needs.
function ready({ steps, constants, ...rest }) {
  const padded = steps.map(([name, a, b = a, c = a]) => [name, a, b, c]);
  return { ...rest, steps: padded, constants: constants.map(Number), chosen: padded.map((_, k) => k) };
}

// The same program with those steps alone that the numbers at some places need: at the others stands 0.
function partOf(program, wanted) {
  const first = Object.keys(program.given).length + program.constants.length, needed = new Set(wanted);
  for (let k = program.steps.length - 1; k >= 0; k -= 1) {
    if (needed.has(first + k)) program.steps[k].slice(1).forEach((place) => needed.add(place));
  }
  return { ...program, chosen: program.chosen.filter((k) => needed.has(first + k)) };
}

// Whether every question that was asked when the program was written has the same answer.
function holds(program, numbers) {
  return program.guards.every(([place, answer]) => (numbers[place] !== 0) === answer);
}

// (f(x + ε) − f(x − ε)) / 2ε, of the number at one place by that at another.
function numericalDerivative(program, given, of, by, at) {
  const epsilon = 1e-5 * Math.max(1, Math.abs(at));
  const [up, down] = [epsilon, -epsilon].map((step) => run(program, given, { place: by, by: step })[of]);
  return (up - down) / (2 * epsilon);
}
