// One slider for several given numbers, such as all weights of a chain, and what becomes of the gradient on its way from the last layer to
// the first: in the words of viz.gradient_flow.

const { together } = page;

function flow(first, last) {
  const said = (key) => words()[`flow ${key}`], change = first / last;
  if (Number.isNaN(first + last)) return said("nan");
  if (first + last === Infinity) return said("infinite");
  if (last === 0) return said("flat");
  if (first === 0) return said("nothing");
  if (change >= page.faint && change <= 1 / page.faint) return said("steady").replace("{times}", plain(digits(change, 3)));
  const times = change < 1 ? last / first : change;
  return said(change < 1 ? "vanish" : "explode").replace("{times}", plain(digits(times, times < 10000 ? 4 : 2)));
}

function showTogether() {
  if (!together) return;
  const ends = together.ends.map((name) => state.shown[places[name]]), values = together.names.map((name) => state.given[places[name]]);
  byId("all").value = values[0];
  byId("all-value").textContent = values.every((value) => value === values[0]) ? tabled(values[0]) : "≠"; // once they were trained
  byId("flow").textContent = ends.includes(null) ? "" : flow(...ends.map(Math.abs));
}

byId("together").hidden = !together;
if (together) {
  byId("all").min = together.least;
  byId("all").max = together.most;
  byId("all").addEventListener("input", () => give(together.names.map((name) => [places[name], +byId("all").value])));
  byId("all").addEventListener("keydown", (event) => event.stopPropagation()); // the step would move
}
