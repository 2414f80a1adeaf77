// The table of all observations: what is in sight of it, while it is open.

const tableBox = byId("observations");
const IN_SIGHT = 14; // rows at a time
let columns = [];
let observationCells = []; // of each row in sight, the texts
let meanCells = []; // [text, place, column]
let columnsInSight = new Set(); // those that are scrolled away are filled once they are seen
const FIRST_IN_SIGHT = 12, COLUMN = 6.6; // em

const sight = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) {
    if (isIntersecting) columnsInSight.add(target.cellIndex - 1);
    else columnsInSight.delete(target.cellIndex - 1);
  }
  fillSample();
}, { root: byId("observation-box"), rootMargin: "0px 300px" });

function observationColumns() {
  const columns = [...inRow.map((place) => [labelOf(place), place]), ...sample.outputs.map(([label], k) => [plain(label), outputAt[k]])];
  columns.push(["l", story.loss]);
  if (byId("with-gradients").checked) trainedAt.forEach((place, k) => columns.push([`∂l/∂${labelOf(place)}`, gradientAt[k], true]));
  return columns;
}

function buildSample() {
  columns = observationColumns();
  const table = byId("observation-rows");
  const heads = [words()["observation"], ...columns.map(([label]) => label)];
  table.tHead.replaceChildren(rowOf(heads, "th"));
  table.style.width = `${COLUMN * heads.length}em`; // of columns alike: no number lays out the others anew
  columnsInSight = new Set(range(0, FIRST_IN_SIGHT));
  sight.disconnect();
  for (const head of Array.from(table.tHead.rows[0].cells).slice(1)) sight.observe(head);
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
  const averaged = ([, place, gradient]) => gradient || place === story.loss;
  meanCells = columns.map((column, k) => [column, k]).filter(([column]) => averaged(column))
    .map(([[, place], k]) => [mean.cells[k + 1].appendChild(new Text("")), place, k]);
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
    const numbers = i === state.observation ? state.shown : runOf(i);
    for (const c of columnsInSight) if (texts[c]) put(texts[c], tabled(numbers[columns[c][1]]));
    rows[k].classList.toggle("chosen", i === state.observation);
    rows[k].classList.toggle("in-batch", taking.has(i));
  });
  for (const [text, place, c] of meanCells) if (columnsInSight.has(c)) put(text, tabled(meanOf(everyone(), place)));
}

const put = (text, words) => { if (text.data !== words) text.data = words; };
const tabled = (number) => plain(digits(number));

tableBox.addEventListener("toggle", fillSample);
byId("from").max = Math.max(observationRows.length - IN_SIGHT + 1, 1);
byId("from").addEventListener("input", fillSample);
byId("from").addEventListener("keydown", (event) => event.stopPropagation());
byId("sight").hidden = observationRows.length <= IN_SIGHT;
byId("with-gradients").addEventListener("change", () => { buildSample(); fillSample(); });
