// Marks: shape tells what a place is, area how often it is named. Map, list and chips draw the same shapes.

import { svg } from "./dom.js";

const LARGEST = { wide: 21, narrow: 14 };
const SMALLEST = { town: 4, diamond: 5, country: 6, province: 6, region: 8, directional: 7, line: 9, many: 8 };
const ROOM_FOR_COUNT = 9.5;  // radius from which on the count stands in the mark

/**
 * The radius of a mark such that areas compare.
 * @param {string} form
 * @param {number} count
 * @param {number} most the count of the most mentioned place
 * @param {boolean} narrow whether the map is a phone's
 */
export function radiusOf(form, count, most, narrow) {
  const unit = Math.min(6.5, (narrow ? LARGEST.narrow : LARGEST.wide) / Math.sqrt(Math.max(1, most)));
  return Math.max(SMALLEST[form], unit * Math.sqrt(count));
}

const circle = (r) => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;

const rounded = (x, y, r) =>
  `M${-x + r} ${-y}H${x - r}A${r} ${r} 0 0 1 ${x} ${-y + r}V${y - r}A${r} ${r} 0 0 1 ${x - r} ${y}H${-x + r}A${r} ${r} 0 0 1 ${-x} ${y - r}V${-y + r}A${r} ${r} 0 0 1 ${-x + r} ${-y}Z`;

/**
 * The strokes of a mark around its middle, back to front.
 * @param {string} form
 * @param {number} r radius
 * @param {string} [written] what stands in it
 * @returns {[string, string][]} path data and the class that colours it
 */
export function strokes(form, r, written = "") {
  const side = (r * Math.sqrt(Math.PI)) / 2;
  switch (form) {
    case "country": return [[rounded(side, side, side / 3), "solid"]];
    case "diamond": return [[`M0 ${-r * 1.25}L${r * 1.25} 0L0 ${r * 1.25}L${-r * 1.25} 0Z`, "solid"]];
    case "province": return [[circle(r - 1), "ring"]];
    case "region": return [[circle(r), "dashed"], [circle(Math.max(r - 4, 1.5)), "thin"]];
    case "directional": return [[circle(r), "dashed"], [`M${-r * 0.6} ${r * 0.6}L${r * 0.6} ${-r * 0.6}M${-r * 0.75} 0L0 ${-r * 0.75}M0 ${r * 0.75}L${r * 0.75} 0`, "hatch-stroke"]];
    case "line": return [[rounded(lineWidth(r, written), Math.min(r, 9), Math.min(r, 9)), "pill"]];
    case "many": return [[circle(r + 3), "around"], [circle(r), "solid"]];
    default: return [[circle(r), "solid"]];
  }
}

function lineWidth(r, written) {
  return Math.max(Math.min(r, 9), 4 + 4 * written.length);
}

/** What is written in a mark. @param {string} form @param {number} r @param {number} count */
export function writtenIn(form, r, count) {
  return count && (r >= ROOM_FOR_COUNT || form === "line" || form === "many") ? count.toLocaleString("en") : "";
}

/** Whether letters stand on the ink of a mark, not on its paper. @param {string} form */
export function isSolid(form) {
  return !["province", "region", "directional", "line"].includes(form);
}

/** How far a mark reaches. @param {string} form @param {number} r @param {string} [written] */
export function reachOf(form, r, written = "") {
  return form === "line" ? lineWidth(r, written) : form === "many" ? r + 3 : form === "diamond" ? r * 1.25 : r;
}

/**
 * The mark as a small picture, for lists and chips.
 * @param {string} form
 * @param {number} r
 */
export function glyph(form, r) {
  const half = Math.ceil(reachOf(form, r) + 2);
  return svg("svg", { class: "glyph " + form, width: 2 * half, height: 2 * half, viewBox: `${-half} ${-half} ${2 * half} ${2 * half}`, "aria-hidden": "true" },
    strokes(form, r).map(([d, look]) => svg("path", { d, class: look })));
}
