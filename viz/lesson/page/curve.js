// The bar that trains, and the curve of the loss.

const letter = several ? "L" : "l"; // of the loss

function showTraining() {
  const end = Math.max(training.moments.length - 1, 0), total = several ? meanLoss() : state.shown[story.loss];
  const loss = `${letter} ${plain(equals(total))} ${tabled(total)}`;
  byId("observation").value = state.observation + 1;
  byId("kind").value = training.kind;
  byId("cuts").value = training.cuts;
  byId("cut").hidden = training.kind !== "batch";
  byId("time").max = end;
  byId("time").value = training.time;
  byId("time").disabled = end === 0;
  byId("time").setAttribute("aria-valuetext", `${words()["training step"]} ${training.time}, ${loss}`);
  byId("time-count").textContent = `${training.time} / ${end}`;
  byId("restart").disabled = end === 0;
  byId("diverges").hidden = !diverged();
  const by = batch().map((i) => i + 1);
  const named = by.length > 1 && by.every((i, k) => i === by[0] + k) ? `${by[0]}–${by.at(-1)}` : by.join(", ");
  byId("batch").textContent = several ? `${words()[by.length > 1 ? "step by several" : "step by"]} ${named}` : "";
  byId("total").textContent = loss;
  drawCurve();
}

const WIDE = 640, HIGH = 220, LEFT = 80, BELOW = 26;

function drawCurve() {
  const losses = training.moments.map(({ loss }) => loss), past = Object.entries(training.past);
  byId("curve").toggleAttribute("hidden", !losses.length && !past.length);
  if (!losses.length && !past.length) return;
  const all = [...losses, ...past.flatMap(([, old]) => old)].filter(Number.isFinite);
  const start = losses[0] ?? past[0][1][0];
  const most = Math.min(Math.max(...all), DIVERGED * Math.max(start, 1e-9)), least = Math.min(...all, most);
  const steps = Math.max(10, losses.length - 1, ...past.map(([, old]) => old.length - 1));
  const x = (step) => LEFT + ((WIDE - LEFT - 12) * step) / steps;
  const y = (loss) => 12 + (HIGH - 12 - BELOW) * Math.min(Math.max((most - loss) / (most - least || 1), -0.05), 1);
  const path = (curve) => curve.map((loss, step) => (Number.isFinite(loss) ? `${x(step).toFixed(1)},${y(loss).toFixed(1)}` : "")).filter(Boolean).join(" ");
  const made = [
    shape("path", { d: `M${LEFT} 8V${HIGH - BELOW}H${WIDE - 8}`, class: "axis" }),
    note(LEFT - 6, y(most) + 5, tabled(most), "end"), note(LEFT - 6, y(least) + 5, tabled(least), "end"),
    note(WIDE - 10, HIGH - 6, `${steps}`, "end"), note(LEFT, HIGH - 6, "0", "middle"),
    note((WIDE + LEFT) / 2, HIGH - 6, words()["training step"], "middle"),
    note(LEFT + 8, 20, letter, "start"),
  ];
  const legend = []; // above all lines
  const explain = (kind, row, also = "") => {
    const right = WIDE - 14, height = 24 + 18 * row;
    legend.push(shape("path", { d: `M${right - 34} ${height - 4}H${right}`, class: `curve ${also} ${kind}` }));
    legend.push(note(right - 42, height, words()[`by ${kind}`], "end", `${also} ${kind}`));
  };
  past.forEach(([kind, old], k) => {
    made.push(shape("polyline", { points: path(old), class: `curve past ${kind}` }));
    explain(kind, k + 1, "past");
  });
  if (losses.length) {
    const { how } = training.moments.at(-1);
    made.push(shape("polyline", { points: path(losses), class: `curve ${how}` }));
    explain(how, 0);
    const here = losses[training.time];
    if (Number.isFinite(here)) made.push(shape("circle", { cx: x(training.time), cy: y(here), r: 5, class: how }));
  }
  byId("curve").replaceChildren(...made, ...legend);
  byId("curve").setAttribute("aria-label", `${words()["curve"]}: ${losses.map(tabled).slice(-10).join(", ")}`);
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
byId("cuts").addEventListener("change", () => { setKind("batch", +byId("cuts").value); refresh(); });
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
