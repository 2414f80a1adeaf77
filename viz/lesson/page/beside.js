// Numbers from elsewhere, such as a slide, beside our own: those of the observation shown, and of the whole sample.

let besideCells = []; // of each number: { name, texts, theirs, ours }

function buildBeside() {
  const table = byId("beside");
  byId("elsewhere").hidden = page.beside.length === 0;
  table.tHead.replaceChildren(rowOf(["", words()["slide"], words()["ours"]], "th"));
  besideCells = page.beside.map(([label, name, texts]) => {
    const row = rowOf([plain(label), "", ""], "td");
    return { name, texts, row, theirs: row.cells[1].appendChild(new Text("")), ours: row.cells[2].appendChild(new Text("")) };
  });
  table.tBodies[0].replaceChildren(...besideCells.map(({ row }) => row));
}

// Ten digits, to compare; once something was changed there is nothing to compare with.
function fillBeside() {
  const ofSample = besideCells.length ? means() : {}, changed = trainedAt.some(isChanged) || everyone().some(isEdited);
  byId("beside").classList.toggle("former", changed);
  byId("former").hidden = !besideCells.length || !changed;
  for (const { name, texts, theirs, ours } of besideCells) {
    const number = name in places ? state.shown[places[name]] : ofSample[name], text = texts[state.observation] ?? texts[0];
    put(theirs, number === null ? HIDDEN : text.replace("-", "−"));
    put(ours, changed ? tabled(number) : written(number));
  }
}
