// The base layer: land, coasts, frontiers, provinces and the one strong line, the Tajik–Afghan border.

import { readLine } from "./codec.js";

const HOME = "AF";
/** @type {[number, number][]} */
export const REGION = [[24.8, 50.5], [43.2, 78.5]];
/** @type {[number, number][]} */
export const WORLD = [[-46, -125], [68, 178]];

/**
 * Draws the base layer.
 * @param {any} map
 * @param {any} base what Python's build_basemap() made
 */
export function drawBase(map, base) {
  const arcs = base.arcs.map(readLine);
  const owners = arcs.map(() => new Set());
  const uses = arcs.map(() => 0);
  const shapes = new Map();
  const pane = (name, level) => Object.assign(map.createPane(name).style, { zIndex: level, pointerEvents: "none" });
  pane("base", 150);  // below the tiles that a user may add
  pane("areas", 300);
  pane("lines", 350);
  const renderer = Object.fromEntries(["base", "areas", "lines"].map((name) => [name, L.svg({ pane: name, padding: 0.6 })]));

  const ring = (indices) =>
    indices.flatMap((index, nth) => {
      const arc = index < 0 ? arcs[~index].slice().reverse() : arcs[index];
      return nth ? arc.slice(1) : arc;
    });
  for (const [id, polygons] of base.countries) {
    for (const index of polygons.flat(2).map((arc) => (arc < 0 ? ~arc : arc))) {
      owners[index].add(id);
      uses[index] += 1;
    }
    shapes.set(id, polygons.map((polygon) => polygon.map(ring)));
  }
  const shared = (one, other) => arcs.filter((_, index) => owners[index].has(one) && owners[index].has(other));
  const beside = new Set(owners.filter((set) => set.has(HOME)).flatMap((set) => [...set]));
  beside.delete(HOME);

  const draw = (kind, latlngs, className, where = "base") =>
    L[kind](latlngs, { renderer: renderer[where], pane: where, className, interactive: false, smoothFactor: 0.6, noClip: false }).addTo(map);
  const land = new Map();
  for (const [id, polygons] of shapes) {
    land.set(id, draw("polygon", polygons, "land" + (id === HOME ? " home" : beside.has(id) ? " beside" : "")));
  }
  const provinces = new Map();
  for (const [key, name, rings] of base.provinces) {
    provinces.set(key, { name, layer: draw("polygon", rings.map((line) => [readLine(line)]), key.startsWith(HOME) ? "county" : "county abroad") });
  }
  const mesh = (test) => arcs.filter((_, index) => test(owners[index], uses[index])).flatMap(withoutSeam);
  draw("polyline", mesh((set, used) => used === 1), "coast");
  draw("polyline", mesh((set) => set.size > 1 && !set.has(HOME)), "frontier");
  draw("polyline", mesh((set, used) => set.size === 1 && used > 1), "frontier within");
  draw("polyline", mesh((set) => set.has(HOME) && set.size > 1), "frontier home");
  const border = shared(HOME, "TJ");
  draw("polyline", border, "border-casing", "lines");
  draw("polyline", border, "border-line", "lines");
  const crossings = base.crossings.flatMap(([pair, names, points]) => {
    const at = readLine(points);
    return names.split("|").map((name, nth) => ({ pair, name, at: at[nth] }));
  });

  return { land, provinces, shared, border, beside: [...beside].filter((id) => id.length === 2), crossings, labels: base.labels, draw, shaded: false };
}

/** @typedef {ReturnType<typeof drawBase>} Base */

// A line without the pieces that run along 180°, where the data cut the world: no coast is there.
function withoutSeam(line) {
  const parts = [[]];
  line.forEach((point, nth) => {
    if (nth && Math.abs(Math.abs(point[1]) - 180) < 0.01 && point[1] === line[nth - 1][1]) parts.push([]);
    parts.at(-1).push(point);
  });
  return parts.filter((part) => part.length > 1);
}
