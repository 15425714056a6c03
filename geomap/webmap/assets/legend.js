// What the shapes of the marks mean.

import { el } from "./dom.js";
import { glyph } from "./shapes.js";

const MEANINGS = [
  ["town", "a town or a spot"],
  ["many", "several places that lie close together"],
  ["country", "a country as a whole"],
  ["province", "a province or district, not a spot in it"],
  ["directional", "a part of a country, its limits approximate"],
  ["region", "a region of several countries"],
  ["line", "a border or a river"],
  ["diamond", "a facility, or a government by its seat"],
];

/** The list of shapes with their meanings. */
export function strokesOf() {
  return el("ul", { class: "shapes", "aria-label": "Shapes of the marks" },
    MEANINGS.map(([form, words]) => el("li", {}, el("span", { class: "sign" }, glyph(form, 7)), words)));
}
