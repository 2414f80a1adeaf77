// The functions of numbers of which a program is made, as NumPy computes them. No derivative is among them: the program holds those.
"use strict";

// The complement of the error function: a series near 0, and a continued fraction in the tails.
function erfc(x) {
  const a = Math.abs(x);
  let tail;
  if (a < 2) {
    tail = 1 - erfSeries(a);
  } else {
    let fraction = 0;
    for (let k = 80; k > 0; k--) fraction = k / 2 / (a + fraction);
    tail = Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction);
  }
  return x < 0 ? 2 - tail : tail;
}

function erfSeries(a) { // e^(−a²) Σ (2a²)ᵏ a / (1 · 3 · … · (2k + 1)): no term is negative
  let term = a, sum = a;
  for (let k = 1; term > 1e-18 * sum; k++) {
    term *= (2 * a * a) / (2 * k + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-a * a) * sum;
}

function erf(x) {
  return Math.abs(x) < 2 ? Math.sign(x) * erfSeries(Math.abs(x)) : 1 - erfc(x);
}

function toEven(x) {
  const floor = Math.floor(x), half = x - floor;
  return half < 0.5 || (half === 0.5 && floor % 2 === 0) ? floor : floor + 1;
}

function remainder(a, b) { // with the sign of b
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

const FUNCTIONS = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  negative: (a) => -a,
  positive: (a) => a,
  power: (a, b) => (a === 1 ? 1 : a ** b),
  float_power: (a, b) => (a === 1 ? 1 : a ** b),
  square: (a) => a * a,
  sqrt: (a) => Math.sqrt(a),
  cbrt: (a) => Math.cbrt(a),
  reciprocal: (a) => 1 / a,
  absolute: (a) => Math.abs(a),
  fabs: (a) => Math.abs(a),
  sign: (a) => Math.sign(a),
  hypot: (a, b) => Math.hypot(a, b),
  exp: (a) => Math.exp(a),
  exp2: (a) => 2 ** a,
  expm1: (a) => Math.expm1(a),
  log: (a) => Math.log(a),
  log2: (a) => Math.log2(a),
  log10: (a) => Math.log10(a),
  log1p: (a) => Math.log1p(a),
  logaddexp: (a, b) => (a === b ? a + Math.LN2 : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)))),
  logaddexp2: (a, b) => (a === b ? a + 1 : Math.max(a, b) + Math.log1p(2 ** -Math.abs(a - b)) / Math.LN2),
  sin: (a) => Math.sin(a),
  cos: (a) => Math.cos(a),
  tan: (a) => Math.tan(a),
  arcsin: (a) => Math.asin(a),
  arccos: (a) => Math.acos(a),
  arctan: (a) => Math.atan(a),
  arctan2: (a, b) => Math.atan2(a, b),
  deg2rad: (a) => (a * Math.PI) / 180,
  rad2deg: (a) => (a * 180) / Math.PI,
  sinh: (a) => Math.sinh(a),
  cosh: (a) => Math.cosh(a),
  tanh: (a) => Math.tanh(a),
  arcsinh: (a) => Math.asinh(a),
  arccosh: (a) => Math.acosh(a),
  arctanh: (a) => Math.atanh(a),
  erf,
  erfc,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
  fmax: (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b)),
  fmin: (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b)),
  floor: (a) => Math.floor(a),
  ceil: (a) => Math.ceil(a),
  trunc: (a) => Math.trunc(a),
  rint: toEven,
  where: (condition, a, b) => (condition !== 0 ? a : b),
  less: (a, b) => +(a < b),
  less_equal: (a, b) => +(a <= b),
  greater: (a, b) => +(a > b),
  greater_equal: (a, b) => +(a >= b),
  equal: (a, b) => +(a === b),
  not_equal: (a, b) => +(a !== b),
  logical_and: (a, b) => +(a !== 0 && b !== 0),
  logical_or: (a, b) => +(a !== 0 || b !== 0),
  logical_not: (a) => +(a === 0),
  logical_xor: (a, b) => +((a !== 0) !== (b !== 0)),
  isfinite: (a) => +Number.isFinite(a),
  isnan: (a) => +Number.isNaN(a),
  isinf: (a) => +(Math.abs(a) === Infinity),
  remainder,
  fmod: (a, b) => a % b,
  copysign: (a, b) => (b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a)),
  heaviside: (a, b) => (Number.isNaN(a) ? a : a === 0 ? b : +(a > 0)),
};
