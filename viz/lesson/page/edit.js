// Numbers are changed where they stand: in the picture, in the formulas, and in the table.

const field = byId("field");
const kept = new WeakMap(); // element → the place of the given number that stands there
let editing = null; // { made, place, before }

// Let a given number be changed here; null: it is computed, and cannot be.
function editableAs(made, place) {
  if (place !== null && page.why) place = null;
  if ((kept.get(made) ?? null) === place) return;
  if (!kept.has(made)) listen(made);
  kept.set(made, place);
  made.classList.toggle("editable", place !== null);
  for (const [name, value] of [["tabindex", "0"], ["role", "button"], ["aria-label", place === null ? "" : givenNames[place]]]) {
    if (place === null) made.removeAttribute(name);
    else made.setAttribute(name, value);
  }
}

function listen(made) {
  const place = () => kept.get(made) ?? null;
  made.addEventListener("click", (event) => {
    if (place() === null) return;
    event.stopPropagation();
    open(made, place());
  });
  made.addEventListener("keydown", (event) => {
    if (place() === null) return;
    if (event.key === "Enter" || event.key === " ") open(made, place());
    else if (!move(event, place())) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

const isSwitch = (place) => story.choice.includes(place) || Object.values(story.masks).flat().includes(place);

// What is off or on is switched; another number is typed into a field over it.
function open(made, place) {
  if (isSwitch(place)) return give([[place, story.choice.includes(place) ? 1 : +(state.given[place] === 0)]]);
  editing = { made, place, before: state.given[place] };
  field.hidden = false;
  field.value = typed(state.given[place]);
  field.setAttribute("aria-label", givenNames[place]);
  stand();
  field.focus({ preventScroll: true });
  field.select();
}

// The field stands above its number, wherever that has been scrolled to.
function stand() {
  if (!editing) return;
  const box = editing.made.getBoundingClientRect();
  field.style.left = `${Math.max(4, Math.min(box.left - 12, innerWidth - field.offsetWidth - 4))}px`;
  field.style.top = `${Math.max(2, box.top - field.offsetHeight - 2)}px`;
}

// Enter keeps the number, Esc brings back what was there.
function close(keep) {
  if (!editing) return;
  const { made, place, before } = editing;
  editing = null;
  field.hidden = true;
  field.classList.remove("wrong");
  if (!keep) give([[place, before]]);
  if (made.isConnected) made.focus({ preventScroll: true });
  pointAt(null);
}

// As many digits as are needed; what is not typed anew stays as exact as it was.
const typed = (number) => String(+number.toPrecision(6)).replace("-", "−");

function parsed(text) {
  const number = text.trim().replace(/[−–]/g, "-").replace(",", ".");
  return number === "" ? NaN : Number(number);
}

// ↑ and ↓ go to the next multiple of the step, so that numbers become tidy.
function move(event, place) {
  const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (!way || event.ctrlKey || event.metaKey) return false;
  if (isSwitch(place)) return true;
  const step = event.shiftKey ? 1 : event.altKey ? 0.01 : 0.1;
  const times = state.given[place] / step, near = Math.round(times);
  const multiple = Math.abs(times - near) < 1e-6 ? near + way : way > 0 ? Math.ceil(times) : Math.floor(times);
  give([[place, +(multiple * step).toFixed(10)]]);
  return true;
}

field.addEventListener("input", () => {
  const number = parsed(field.value);
  field.classList.toggle("wrong", !Number.isFinite(number));
  if (Number.isFinite(number)) give([[editing.place, number]]);
});
field.addEventListener("keydown", (event) => {
  event.stopPropagation(); // the page's keys would move the step
  if (event.key === "Enter") close(true);
  if (event.key === "Escape") close(false);
  if (editing && move(event, editing.place)) {
    field.value = typed(state.given[editing.place]);
    event.preventDefault();
  }
});
field.addEventListener("blur", () => close(true));
addEventListener("scroll", stand, { passive: true, capture: true });
addEventListener("resize", stand);
