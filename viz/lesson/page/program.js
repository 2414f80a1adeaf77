// A program: what is given, constants, and steps, each a function and the places of its arguments.

// The numbers at all places, where `given` is given. nudge: what is added at one place, to try a derivative.
function run(program, given, nudge = { place: -1, by: 0 }) {
  const count = given.length, first = count + program.constants.length;
  const numbers = new Float64Array(first + program.steps.length);
  numbers.set(given);
  numbers.set(program.constants.map(Number), count);
  if (nudge.place >= 0 && nudge.place < count) numbers[nudge.place] += nudge.by;
  program.steps.forEach(([name, a, b, c], k) => {
    numbers[first + k] = FUNCTIONS[name](numbers[a], numbers[b], numbers[c]);
    if (nudge.place === first + k) numbers[first + k] += nudge.by;
  });
  return numbers;
}

// Whether every question that was asked when the program was written has the same answer.
function holds(program, numbers) {
  return program.guards.every(([place, answer]) => (numbers[place] !== 0) === answer);
}

// (f(x + h) − f(x − h)) / 2h, of the number at one place by that at another.
function numericalDerivative(program, given, of, by, at) {
  const h = 1e-5 * Math.max(1, Math.abs(at));
  const [up, down] = [h, -h].map((step) => run(program, given, { place: by, by: step })[of]);
  return (up - down) / (2 * h);
}
