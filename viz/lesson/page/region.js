// Where a function of two numbers is above 0, as areas, and the line around them.

const HALVINGS = 6; // of an edge of the grid, to find where the line crosses it

// values: the function's, on the grid xs × ys. drawn: a point of the picture, as the paths have it. Each cell of the grid is cut into two
// triangles, through each of which the line runs straight.
function regionOf(xs, ys, values, f, drawn) {
  const area = [], line = [];
  const inside = values.map((along) => along.map((value) => value > 0));
  const place = ([up, on]) => ({ x: xs[on], y: ys[up], inside: inside[up][on] });
  for (let r = 0; r + 1 < ys.length; r += 1) {
    let start = null; // of the cells side by side that are inside as a whole: they are one rectangle
    for (let c = 0; c < xs.length; c += 1) {
      const corners = c + 1 < xs.length ? [[r, c], [r, c + 1], [r + 1, c + 1], [r + 1, c]] : [];
      const count = corners.filter(([up, on]) => inside[up][on]).length;
      if (count === 4) start ??= c;
      else if (start !== null) {
        area.push([[start, r], [c, r], [c, r + 1], [start, r + 1]].map(([on, up]) => drawn(xs[on], ys[up])));
        start = null;
      }
      if (count === 0 || count === 4) continue;
      for (const triangle of [[0, 1, 2], [0, 2, 3]]) {
        const { around, crossed } = cut(triangle.map((k) => place(corners[k])), f, drawn);
        area.push(around);
        line.push(crossed);
      }
    }
  }
  const path = (pieces, end) => pieces.filter(({ length }) => length).map((points) => `M${points.join("L")}${end}`).join("");
  return { area: path(area, "z"), line: path(line, "") };
}

// The part of a triangle that is inside, and the two points where its rim is crossed, if it is.
function cut(triangle, f, drawn) {
  const around = [], crossed = [];
  triangle.forEach((corner, k) => {
    const next = triangle[(k + 1) % 3];
    if (corner.inside) around.push(drawn(corner.x, corner.y));
    if (corner.inside === next.inside) return;
    const { x, y } = corner.inside ? crossing(corner, next, f) : crossing(next, corner, f);
    crossed.push(drawn(x, y));
    around.push(crossed.at(-1));
  });
  return { around, crossed };
}

function crossing(inside, outside, f) {
  let [near, far] = [inside, outside];
  const middle = () => ({ x: (near.x + far.x) / 2, y: (near.y + far.y) / 2 });
  for (let k = 0; k < HALVINGS; k += 1) {
    const { x, y } = middle();
    if (f(x, y) > 0) near = { x, y };
    else far = { x, y };
  }
  return middle();
}
