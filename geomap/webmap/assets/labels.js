// Lettering: names are set one by one, the most important first, and only where nothing stands already.

import { readLine } from "./codec.js";
import { el, foreign, svg } from "./dom.js";
import { reachOf, writtenIn } from "./shapes.js";

const LETTERING = {
  border: { font: "italic 600 13px", height: 17 },
  place: { font: "600 12.5px", height: 16 },
  area: { font: "600 12.5px", height: 16 },
  country: { font: "600 11.5px", height: 15, spacing: 0.9, upper: true },
  0: { font: "500 11.5px", height: 15, spacing: 1.6, upper: true, from: 1.5 },
  1: { font: "500 11.5px", height: 14, from: 4.25, dot: 3 },
  2: { font: "400 11px", height: 13, from: 5.5, dot: 2.5 },
  3: { font: "400 10.5px", height: 13, from: 7, dot: 2 },
  county: { font: "italic 400 11px", height: 14, from: 6.5 },
  crossing: { font: "500 11px", height: 14, from: 6, dot: 4 },
};
const LABEL_ROOM = 20_000;  // square pixels of map for each named place, lest many names hide the map
const LARGE = 7;  // marks that are named first
const SMALL = 3;  // mentions of a mark that such a name may hide
const TAJIK_BORDER = "Tajik–Afghan border";

function boxAt(x, y, wide, high) {
  return [x - wide / 2, y - high / 2, x + wide / 2, y + high / 2];
}

/**
 * @param {any} map
 * @param {import("./basemap.js").Base} base
 */
export function lettering(map, base) {
  Object.assign(map.createPane("labels").style, { zIndex: 450, pointerEvents: "none" });
  const pane = map.getPane("labels");
  pane.setAttribute("aria-hidden", "true");
  const family = getComputedStyle(document.body).fontFamily;
  const ruler = document.createElement("canvas").getContext("2d");
  const widths = new Map();
  const lines = base.border.flat();
  const names = base.labels.flatMap(([joined, points], rank) => {
    const spots = readLine(points);
    return joined.split("|").filter(Boolean).map((name, nth) => (
      { name, rank, at: L.latLng(spots[nth]), span: rank ? 0 : spanAt(spots[nth]) }));
  });
  for (const { name, layer } of base.provinces.values()) {
    const bounds = layer.getBounds();
    names.push({ name, rank: "county", at: bounds.getCenter(), span: bounds.getEast() - bounds.getWest() });
  }

  // How wide the country at a point is, in degrees: a country's name waits until it fits.
  function spanAt(at) {
    const spans = [...base.land.values()].map((land) => land.getBounds()).filter((bounds) => bounds.contains(at));
    return Math.min(360, ...spans.map((bounds) => bounds.getEast() - bounds.getWest()));
  }

  function widthOf(text, look) {
    const key = look.font + text;
    if (!widths.has(key)) {
      ruler.font = look.font + " " + family;
      widths.set(key, ruler.measureText(text).width + (look.spacing || 0) * text.length);
    }
    return widths.get(key);
  }

  /**
   * Letters the map anew.
   * @param {import("./marks.js").Mark[]} marks
   * @param {any} selected the place that is read about
   * @param {number[][]} taken boxes where nothing may stand
   * @param {string | null} pair the countries whose border is looked at
   */
  function layout(marks, selected, taken, pair) {
    const free = (box) => !taken.some((other) =>
      box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]);
    const size = map.getSize();
    const inside = (box, margin = 0) =>
      box[0] > margin && box[1] > margin && box[2] < size.x - margin && box[3] < size.y - margin;
    const origin = map.containerPointToLayerPoint([0, 0]);
    const zoom = map.getZoom();
    const perDegree = (256 * 2 ** zoom) / 360;
    const fragment = document.createDocumentFragment();
    const point = (latlng) => map.latLngToContainerPoint(latlng);
    const put = (node, x, y) => {
      L.DomUtil.setPosition(node, L.point(x, y).add(origin).round());
      fragment.append(node);
    };

    const shown = marks.filter(({ pixel }) => inside([pixel.x, pixel.y, pixel.x, pixel.y]));
    shown.sort((a, b) => Number(b.entry.place === selected) - Number(a.entry.place === selected) || b.count - a.count);
    const boxOf = ({ pixel, form, radius, count }) => {
      const reach = reachOf(form, radius, writtenIn(form, radius, count)), high = Math.min(reach, radius + 3);
      return [pixel.x - reach, pixel.y - high, pixel.x + reach, pixel.y + high];
    };
    const occupy = (mark) => taken.push(boxOf(mark));
    const borderPixels = lines.map(point).filter((p) => p.x > -50 && p.y > -50 && p.x < size.x + 50 && p.y < size.y + 50);

    const offBorder = (box, margin = 0) => !borderPixels.some((p) =>
      p.x > box[0] - margin && p.x < box[2] + margin && p.y > box[1] - margin && p.y < box[3] + margin);

    const borderName = nameBorder(shown.map(boxOf));
    // The names of the largest marks may hide small marks, lest they stand nameless amid them.
    const named = new Set();
    const first = shown.filter((mark, nth) => !mark.faded && (nth < LARGE || mark.entry.place === selected));
    shown.filter((mark) => first.includes(mark) || mark.count > SMALL).forEach(occupy);
    first.forEach(namePlace);
    shown.filter((mark) => !first.includes(mark) && mark.count <= SMALL).forEach(occupy);
    for (const crossing of base.crossings) if (crossing.pair === pair && !named.has(crossing.name)) nameBase({ ...crossing, rank: "crossing" });
    shown.filter((mark) => !mark.faded && !first.includes(mark)).slice(0, Math.max(8, (size.x * size.y) / LABEL_ROOM)).forEach(namePlace);
    for (const label of names) nameBase(label);
    pane.replaceChildren(fragment);

    // The border's name stands off the line, with a thin leader to it.
    function nameBorder(marked) {
      const hides = (box) => marked.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]);
      if (borderPixels.length < 12 || zoom < 4) return;
      const look = LETTERING.border;
      const wide = widthOf(TAJIK_BORDER, look) + 8;
      for (const distance of [16, 28, 44, 64]) {
        for (const share of [0.42, 0.3, 0.55, 0.2, 0.7, 0.1, 0.85]) {
          const anchor = borderPixels[Math.floor(share * (borderPixels.length - 1))];
          for (const [dx, dy] of [[0, 1], [0.7, 0.7], [-0.7, 0.7], [1, 0], [0, -1], [-1, 0]]) {
            const x = anchor.x + dx * (distance + wide / 2), y = anchor.y + dy * (distance + look.height / 2);
            const box = boxAt(x, y, wide, look.height);
            if (!inside(box, 8) || !free(box) || hides(box) || !offBorder(box, 6)) continue;
            taken.push(box);
            put(el("span", { class: "label border-name" }, TAJIK_BORDER), box[0] + 4, box[1]);
            const end = [Math.min(Math.max(anchor.x, box[0]), box[2]), dy > 0 ? box[1] + 2 : dy < 0 ? box[3] - 2 : y];
            const node = svg("svg", { class: "leader", width: 1, height: 1 },
              svg("path", { d: `M${end[0] - anchor.x} ${end[1] - anchor.y}L0 0` }));
            put(node, anchor.x, anchor.y);
            return true;
          }
        }
      }
    }

    function namePlace({ entry: { place }, members, form, pixel, radius, count }) {
      if (place.strong && borderName) return;
      const areal = !["town", "diamond", "many"].includes(form);
      const style = form === "country" ? "country" : areal ? "area" : "place";
      const look = LETTERING[style];
      const more = members.length > 1 ? " +" + (members.length - 1) : "";
      const wide = widthOf((look.upper ? place.name.toUpperCase() : place.name) + more, look) + 4;
      const r = (form === "line" ? Math.min(radius, 9) : reachOf(form, radius, writtenIn(form, radius, count))) + (form === "line" ? 6 : 2);
      const spots = [[r + wide / 2, 0], [0, r + 7], [-r - wide / 2, 0], [0, -r - 7],
        [r * 0.7 + wide / 2, r * 0.7 + 5], [-r * 0.7 - wide / 2, r * 0.7 + 5], [r * 0.7 + wide / 2, -r * 0.7 - 5]];
      if (areal) spots.unshift(spots.splice(1, 1)[0]);
      const boxes = spots
        .map(([dx, dy]) => boxAt(pixel.x + dx, pixel.y + dy, wide, look.height))
        .filter((box) => free(box) && inside(box));
      const box = boxes.find((one) => offBorder(one)) || (place === selected ? boxes[0] : null);
      if (!box) return;
      taken.push(box);
      named.add(place.name);
      const classes = `label ${style}-name${place === selected ? " chosen" : ""}`;
      const label = foreign("span", place.name, { class: classes });
      if (more) label.append(el("span", { class: "more" }, more));
      put(label, box[0] + 2, box[1]);
    }

    function nameBase({ name, at, rank, span }) {
      const look = LETTERING[rank];
      if (zoom < look.from || (named.has(name) && rank !== "county")) return;
      const pixel = point(at);
      if (pixel.x < -80 || pixel.y < -20 || pixel.x > size.x + 80 || pixel.y > size.y + 20) return;
      const text = look.upper ? name.toUpperCase() : name;
      const wide = widthOf(text, look) + 4;
      if (span && wide > 1.15 * span * perDegree) return;
      const air = rank > 1 ? 9 : rank === "county" ? 6 : 2;
      const gap = look.dot ? look.dot + 3 : 0;
      const spots = look.dot
        ? [[gap + wide / 2, 0], [-gap - wide / 2, 0], [0, gap + 6], [0, -gap - 6]]
        : [[0, 0], [0, 18], [0, -18]];
      for (const [dx, dy] of spots) {
        const box = boxAt(pixel.x + dx, pixel.y + dy, wide, look.height);
        const whole = look.dot ? [Math.min(box[0], pixel.x - gap), box[1], Math.max(box[2], pixel.x + gap), box[3]] : box;
        if (!free(whole.map((side, nth) => (nth < 2 ? side - air : side + air))) || !inside(box, 2)) continue;
        if (!offBorder(box)) continue;
        taken.push(whole);
        put(el("span", { class: "label rank-" + rank }, text), box[0] + 2, box[1]);
        if (look.dot) put(el("span", { class: "dot rank-" + rank }), pixel.x, pixel.y);
        return;
      }
    }
  }

  map.on("zoomstart", () => pane.classList.add("moving"));
  map.on("zoomend", () => pane.classList.remove("moving"));
  return layout;
}
