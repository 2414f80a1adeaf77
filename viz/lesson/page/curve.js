// The bar that trains, and the curve of the loss.

const letter = several ? "𝐿" : "𝑙"; // of the loss, as formulas have it

// While it is to be guessed: the loss of the sample is not.
const lossHidden = () => !several && state.shown[story.loss] === null;

function showTraining() {
  const end = Math.max(training.moments.length - 1, 0), total = several ? meanLoss() : state.shown[story.loss];
  const loss = `${plain(equals(total))} ${tabled(total)}`;
  byId("observation").value = state.observation + 1;
  byId("kind").value = training.kind;
  byId("size").value = training.size;
  byId("cut").hidden = training.kind !== "batch";
  byId("time").max = end;
  byId("time").value = training.time;
  byId("time").disabled = end === 0;
  byId("time").setAttribute("aria-valuetext", `${words()["training step"]} ${training.time}, ${letter} ${loss}`);
  byId("time-count").textContent = `${training.time} / ${end}`;
  byId("restart").disabled = end === 0;
  byId("diverges").hidden = !diverged();
  const by = batch().map((i) => i + 1);
  const named = by.length > 1 && by.every((i, k) => i === by[0] + k) ? `${by[0]}–${by.at(-1)}` : by.join(", ");
  byId("batch").textContent = several ? `${words()[by.length > 1 ? "step by several" : "step by"]} ${named}` : "";
  byId("loss").textContent = letter;
  byId("total").textContent = loss;
  drawCurve();
}

const WIDE = 640, HIGH = 220, LEFT = 124, BELOW = 26;

// Each stretch looks as the way of training it was made in; of a single observation there is one way.
function drawCurve() {
  const { moments } = training, earlier = Object.values(training.past), trainings = [...earlier, moments].filter(({ length }) => length);
  byId("curve").toggleAttribute("hidden", !trainings.length || lossHidden());
  byId("compare").hidden = !several || !trainings.length;
  if (!trainings.length) return;
  const all = trainings.flat().map(({ loss }) => loss).filter(Number.isFinite), start = (moments[0] ?? earlier[0][0]).loss;
  const most = Math.min(Math.max(...all), DIVERGED * Math.max(start, 1e-9)), least = Math.min(...all, most);
  const steps = Math.max(10, ...trainings.map(({ length }) => length - 1));
  const x = (step) => LEFT + ((WIDE - LEFT - 12) * step) / steps;
  const y = (loss) => 12 + (HIGH - 12 - BELOW) * Math.min(Math.max((most - loss) / (most - least || 1), -0.05), 1);
  const point = ({ loss }, step) => (Number.isFinite(loss) ? `${x(step).toFixed(1)},${y(loss).toFixed(1)}` : "");
  const looks = (how, moments) => `${moments === training.moments ? "" : "past "}${several ? how : "mean"}`;
  const made = [
    shape("path", { d: `M${LEFT} 8V${HIGH - BELOW}H${WIDE - 8}`, class: "axis" }),
    note(LEFT - 6, y(most) + 5, tabled(most), "end"), note(LEFT - 6, y(least) + 5, tabled(least), "end"),
    note(WIDE - 10, HIGH - 6, `${steps}`, "end"), note(LEFT, HIGH - 6, "0", "middle"),
    note((WIDE + LEFT) / 2, HIGH - 6, words()["training step"], "middle"),
    note(LEFT - 40, (12 + HIGH - BELOW) / 2, letter, "middle", "symbol"),
  ];
  const seen = new Set();
  for (const moments of trainings) {
    const points = moments.map(point);
    for (const { how, first, end } of runsOf(moments)) {
      made.push(shape("polyline", { points: points.slice(first, end + 1).filter(Boolean).join(" "), class: `curve ${looks(how, moments)}` }));
      seen.add(looks(how, moments));
    }
  }
  const here = moments[training.time];
  if (here && Number.isFinite(here.loss)) {
    made.push(shape("circle", { cx: x(training.time), cy: y(here.loss), r: 5, class: looks(here.how, moments) }));
  }
  byId("curve").replaceChildren(...made, ...legendOf([...seen])); // above all lines
  byId("curve").setAttribute("aria-label", `${words()["curve"]}: ${moments.slice(-10).map(({ loss }) => tabled(loss)).join(", ")}`);
}

function legendOf(looks) {
  const right = WIDE - 14;
  return looks.reverse().flatMap((look, row) => {
    const height = 24 + 20 * row, said = [look.startsWith("past") && words()["before this"], several && words()[`by ${look.split(" ").at(-1)}`]];
    if (!said.some(Boolean)) return [];
    return [
      shape("path", { d: `M${right - 34} ${height - 4}H${right}`, class: `curve ${look}` }),
      note(right - 42, height, said.filter(Boolean).join(": "), "end", look),
    ];
  });
}

function shape(kind, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", kind);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function note(x, y, says, anchor, kind = "") {
  const made = shape("text", { x, y, "text-anchor": anchor, class: kind });
  made.textContent = says;
  return made;
}

byId("training").hidden = trainedAt.length === 0;
byId("observation").max = observationRows.length;
byId("observation-count").textContent = `/ ${observationRows.length}`;
document.body.classList.toggle("several", several);
for (const made of document.querySelectorAll(".of-several")) made.hidden = !several;
byId("observation").addEventListener("change", () => {
  const i = Math.trunc(+byId("observation").value) - 1;
  observation(Math.min(Math.max(i || 0, 0), observationRows.length - 1));
});
byId("kind").addEventListener("change", () => { setKind(byId("kind").value); refresh(); });
byId("size").max = observationRows.length;
byId("size").addEventListener("change", () => { setKind("batch", +byId("size").value); refresh(); });
byId("train").addEventListener("click", () => { halt(); goOn(1); });
byId("train-ten").addEventListener("click", () => { halt(); goOn(10); });
byId("train-play").addEventListener("click", playTraining);
byId("restart").addEventListener("click", restart);
byId("time").addEventListener("input", () => { halt(); goTo(+byId("time").value); });
byId("curve").addEventListener("click", (event) => {
  const box = byId("curve").getBoundingClientRect(), past = Object.values(training.past).map((old) => old.length - 1);
  const steps = Math.max(10, training.moments.length - 1, ...past);
  halt();
  goTo(Math.round((((event.clientX - box.left) / box.width) * WIDE - LEFT) / ((WIDE - LEFT - 12) / steps)));
});
for (const made of document.querySelectorAll("#training input, #training select")) {
  made.addEventListener("keydown", (event) => event.key !== "PageUp" && event.key !== "PageDown" && event.stopPropagation()); // the step would move
}
