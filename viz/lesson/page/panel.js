// The panel below the picture: what is told at this step, or of the part that is pointed at. It is built when that changes; when a
// number changes, only that number is written.

let shown = null; // what the panel was built for
let slots = []; // its places for numbers: { made, text, kind, places }

function tell() {
  const now = `${state.pointed} ${state.step} ${state.language} ${byBatch()}`;
  if (now !== shown) {
    slots = [];
    byId("lines").replaceChildren(...linesOf(telling(), slots));
    shown = now;
  }
  fillSlots(slots);
  byId("title").textContent = titleOf(telling().title);
  tryDerivative();
  byId("state").textContent = stateOf();
}

// The lines of something that is told, each formula an element of its own: a line can be broken between any two.
function linesOf(told, slots) {
  return told.lines.map((line) => {
    const made = document.createElement("p");
    made.className = "line";
    for (const piece of line) made.append(mathOf(piece, (kind, names) => slotOf(kind, names, slots)), " ");
    return made;
  });
}

function slotOf(kind, names, slots) {
  if (kind === "w") return element("mtext", words()[names].replace(/ $/, "\u00a0")); // MathML would drop the space
  if (kind === "t") return element("mtext", story.texts[names]);
  const made = element(kind === "e" ? "mo" : "mn"), text = made.appendChild(new Text(""));
  const held = names.split(",").map(Number);
  if (kind === "e") made.setAttribute("form", "infix");
  if (kind !== "e" && isGiven(held[0])) editableAs(made, held[0]);
  slots.push({ made, text, kind, held });
  return made;
}

function fillSlots(slots) {
  for (const { made, text, kind, held } of slots) {
    const values = held.map((place) => state.shown[place]);
    const words = plain({ n: digits, f: factor, e: equals }[kind](...values));
    if (text.data !== words) text.data = words;
    made.classList.toggle("asked", predicting.on && kind !== "e" && held[0] === predicting.wanted[0]);
  }
}

// Beside the product of a path, the derivative as one would try it out.
function tryDerivative() {
  const [by] = telling().of;
  byId("try").hidden = by === undefined || page.why !== "" || predicting.on;
  if (byId("try").hidden) return;
  const slope = numericalDerivative(program, state.given, story.loss, by, state.numbers[by]), [name] = telling().title.arguments;
  byId("try").textContent = `${words()["steepness"]}(l(${name} + ε) − l(${name} − ε)) / 2ε ≈ ${plain(digits(slope))}`;
}

// What is to be said of the neuron that is told of.
function stateOf() {
  const neuron = state.pointed ?? telling().lit.find((part) => part in story.slopes);
  if (!(neuron in story.slopes) || isOff(neuron)) return "";
  const slope = Math.abs(state.shown[story.slopes[neuron]] ?? 1);
  return slope === 0 ? words()["dead"] : slope < SATURATED ? words()["saturated"] : "";
}

// A reader hears the step, not every key.
let speaking = null;
function speak() {
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    const where = state.pointed ? "" : `${words()["step"]} ${state.step} ${words()["of"]} ${last}. `;
    byId("spoken").textContent = where + spoken(telling());
  }, 400);
}

// MathML would be copied letter by letter.
document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (!selection.rangeCount || !byId("panel").contains(selection.anchorNode)) return;
  const lines = telling().lines.map((line) => line.map(say).join(" "));
  event.clipboardData.setData("text/plain", [titleOf(telling().title), ...lines].join("\n"));
  event.preventDefault();
});

// The table of all given numbers.

let rows = [];
function buildTable() {
  rows = [];
  const body = byId("rows");
  body.replaceChildren();
  for (const [label, place, part, gradient] of story.rows) {
    const row = body.insertRow();
    row.dataset.of = part;
    row.append(Object.assign(document.createElement("th"), { textContent: say(label), scope: "row" }));
    const value = document.createElement("span");
    row.insertCell().append(value);
    if (isGiven(place)) editableAs(value, place);
    rows.push({ value, place, gradient, cell: row.insertCell() });
    if (part) {
      row.tabIndex = 0;
      watchPressing(row, part); // not by pointing: the panel above would grow, and the row move away
    }
  }
}

function fillTable() {
  if (!byId("table").open) return;
  for (const { value, place, gradient, cell } of rows) {
    value.textContent = written(state.numbers[place]);
    cell.textContent = gradient === null ? "" : written(state.shown[gradient]);
  }
}

const written = (number) => number === null ? HIDDEN : String(+number.toPrecision(10)).replace("-", "−");
