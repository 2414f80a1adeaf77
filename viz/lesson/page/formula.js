// Numbers as all pictures write them, and templates filled with them: the same as in viz/language/numbers.py, plain.py and templates.py.

// A number as LaTeX: four significant digits, a power of ten only where it must be.
function digits(value, significant = 4) {
  if (value === null) return HIDDEN;
  if (Number.isNaN(value)) return "\\text{nan}";
  const sign = value < 0 ? "{-}" : "", size = Math.abs(value);
  if (size === Infinity) return `${sign}\\infty`;
  if (size === 0) return "0";
  const [mantissa, exponent] = size.toExponential(significant - 1).split("e");
  const trimmed = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (exponent >= -4 && exponent <= significant) {
    return sign + trimmed(size.toFixed(Math.max(significant - 1 - exponent, 0)));
  }
  const power = exponent < 0 ? `{-}${-exponent}` : String(+exponent);
  return `${sign}${trimmed(mantissa)} \\cdot 10^{${power}}`;
}

// The number that `digits` wrote.
function valueOf(written) {
  const number = written.replace("{-}", "-").replace("\\infty", "Infinity").replace("\\text{nan}", "NaN");
  return Number(number.replace(" \\cdot 10^{", "e").replace("{-}", "-").replace("}", ""));
}

// = if all the numbers are written in full, else ≈. (A number that was computed may be wrong in its last bits.)
function equals(...values) {
  const full = (value) => {
    const written = valueOf(digits(value));
    const least = Math.max(1e-12 * Math.max(Math.abs(written), Math.abs(value)), 1e-300);
    return written === value || (Number.isFinite(written) && Math.abs(written - value) <= least);
  };
  return values.every(full) ? "=" : "\\approx";
}

const factor = (value) => (value < 0 ? `(${digits(value)})` : digits(value));

const SLOT = /\\([nfewt])\{([\w/,. -]*)\}/g;
const FIRST = 0xe000; // of the letters, private to us, that stand for words and texts inside of LaTeX

// A template as a line of text. filling: { numbers, words, texts }.
function filled(template, filling) {
  const said = [];
  const latex = template.replace(SLOT, (_, kind, names) => {
    if (kind === "w" || kind === "t") {
      said.push(kind === "w" ? filling.words[names] : filling.texts[names]);
      return String.fromCharCode(FIRST + said.length - 1);
    }
    const values = names.split(",").map((place) => filling.numbers[place]);
    return { n: digits, f: factor, e: equals }[kind](...values);
  });
  return Array.from(plain(latex), (letter) => said[letter.charCodeAt() - FIRST] ?? letter).join("");
}

// A formula as readable text on one line: ∂l/∂ω⁽¹⁾₁₃ = −0.06 · 2. letters: see viz/language/plain.py.
function plain(latex) {
  const tokens = latex.replaceAll(" \\cdot 10^", "·10^").match(/\\[A-Za-z]+ ?|\\.|./gsu) ?? [];
  const left = tokens.map((token) => token.trim() || " ").reverse();
  const text = plainRow(left).split(/\s+/).filter(Boolean).join(" ").replace(/(?<=[([]) | (?=[)\]])/g, "");
  return text.replace(/(^|[([])− /g, "$1−"); // the minus of a fraction, not between two
}

function plainRow(tokens) { // up to the closing brace or the end
  let text = "", token;
  while (tokens.length && (token = tokens.pop()) !== "}") text += plainItem(token, tokens);
  return text;
}

function plainItem(token, tokens) {
  const argument = () => plainItem(tokens.pop(), tokens);
  if (token === "{") return plainRow(tokens);
  if (token === "\\frac") return ` ${grouped(argument())}/${grouped(argument())} `;
  if (token === "\\sqrt") return `√${grouped(argument())}`;
  if (token === "\\tilde") return `${argument()}\u0303`;
  if (token === "^" || token === "_") {
    const script = argument().trim(), table = token === "^" ? page.letters.raised : page.letters.lowered;
    const small = Array.from(script, (letter) => table[letter] ?? ("*,".includes(letter) ? letter : ""));
    return small.every(Boolean) ? small.join("") : `${token}(${script})`;
  }
  return page.letters.said[token] ?? (token.startsWith("\\") ? "" : token);
}

function grouped(text) { // in brackets, if it is more than one number, name or call
  const trimmed = text.trim();
  let loose = trimmed, inner;
  while ((inner = loose.replace(/√?[\p{L}\p{N}_]*\([^()]*\)/gu, "x")) !== loose) loose = inner;
  return /[ +/]/.test(loose) ? `(${trimmed})` : trimmed;
}
