// Templates as MathML. A number is one text node, so that filling it anew lays out that number and nothing else.

const TOKEN = /\\[nfewt]\{[^}]*\}|\\(?:text|operatorname)\{[^}]*\}|\\bigg[()]|\\[A-Za-z]+|\\.|[\d.]+|\S/gsu;
const NAMES = { "\\alpha": "α", "\\delta": "δ", "\\epsilon": "ε", "\\mu": "μ", "\\pi": "π", "\\sigma": "σ", "\\tau": "τ", "\\omega": "ω", "\\partial": "∂", "\\Phi": "Φ", "\\infty": "∞" };
const SIGNS = {
  "\\cdot": "·", "\\times": "×", "\\cdots": "⋯", "\\approx": "≈", "\\leftarrow": "←", "\\leq": "≤", "\\geq": "≥", "\\neq": "≠",
  "\\neg": "¬", "\\wedge": "∧", "\\vee": "∨", "\\sum": "∑", "-": "−",
};
const FUNCTION_NAMES = { "\\ln": "ln", "\\max": "max", "\\tanh": "tanh" };

function element(tag, ...children) {
  const made = document.createElementNS("http://www.w3.org/1998/Math/MathML", tag);
  made.append(...children);
  return made;
}

// <math> of a template; makeSlot(kind, names) makes what stands in a slot.
function mathOf(template, makeSlot) {
  const parser = { tokens: template.match(TOKEN) ?? [], at: 0, makeSlot };
  const math = element("math", ...row(parser));
  if (math.firstChild?.localName === "mo") math.firstChild.setAttribute("form", "infix");
  return math;
}

function row(parser, end) { // the elements up to a token, which is passed over
  const elements = [];
  while (parser.at < parser.tokens.length && parser.tokens[parser.at] !== end) {
    elements.push(scripted(parser));
  }
  parser.at++;
  return elements;
}

function scripted(parser) { // an element with its exponent and index
  const base = single(parser), scripts = {};
  while (parser.tokens[parser.at] === "^" || parser.tokens[parser.at] === "_") {
    scripts[parser.tokens[parser.at++]] = single(parser);
  }
  if (scripts["^"] && scripts["_"]) return element("msubsup", base, scripts["_"], scripts["^"]);
  if (scripts["^"]) return element("msup", base, scripts["^"]);
  return scripts["_"] ? element("msub", base, scripts["_"]) : base;
}

function single(parser) {
  const token = parser.tokens[parser.at++];
  const slot = /^\\([nfewt])\{(.*)\}$/s.exec(token);
  if (slot) return parser.makeSlot(slot[1], slot[2]);
  const words = /^\\(text|operatorname)\{(.*)\}$/s.exec(token);
  if (words) return words[1] === "text" ? element("mtext", words[2]) : functionName(words[2].replaceAll("\\_", "_"));
  if (token === "{") return group(row(parser, "}"));
  if (token === "(" || token === "[") return fence(token, row(parser, token === "(" ? ")" : "]"), false);
  if (token === "\\bigg(") return fence("(", row(parser, "\\bigg)"), true);
  if (token === "\\frac") return element("mfrac", single(parser), single(parser));
  if (token === "\\sqrt") return element("msqrt", single(parser));
  if (token === "\\tilde") return withTilde(single(parser));
  if (token === "\\,") return space();
  if (token in NAMES) return element("mi", NAMES[token]);
  if (token in FUNCTION_NAMES) return functionName(FUNCTION_NAMES[token]);
  if (token in SIGNS || /^[=+<>|,*]$/.test(token)) return element("mo", SIGNS[token] ?? token);
  if (token[0] === "\\") throw new Error(`no MathML for ${token}`);
  return element(/^[\d.]/.test(token) ? "mn" : "mi", token);
}

function group(elements) {
  if (elements.length === 1 && elements[0].textContent === "−") elements[0].setAttribute("form", "prefix"); // {-}: of one number
  return element("mrow", ...elements);
}

function fence(open, elements, large) {
  const ends = [open, open === "(" ? ")" : "]"].map((sign) => element("mo", sign));
  if (!large) for (const end of ends) end.setAttribute("stretchy", "false");
  return element("mrow", ends[0], ...elements, ends[1]);
}

function withTilde(base) {
  const over = element("mover", base, element("mo", "~"));
  over.setAttribute("accent", "true");
  return over;
}

function functionName(name) {
  const made = element("mi", name);
  made.setAttribute("class", "function");
  return made;
}

function space() {
  const made = element("mspace");
  made.setAttribute("width", "0.17em");
  return made;
}
