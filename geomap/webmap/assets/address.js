// The state of the page, and how it is written in the address after the #.

import { dayNumber, dayText } from "./dates.js";

export const HIDDEN_AT_FIRST = new Set(["metonym", "demonym", "organisation-embedded"]);
export const MODES = ["marks", "countries", "provinces", "heat"];
export const SORTS = ["mentions", "name", "latest"];

/**
 * @typedef {object} State
 * @property {"list" | "place" | "article" | "about"} view
 * @property {string | null} place id of the place that is read about
 * @property {string | null} article id of the article that is read
 * @property {number | null} at where in it
 * @property {"places" | "articles"} tab
 * @property {string} sort
 * @property {string} mode how the map shows the mentions
 * @property {string | null} border the pair of countries whose border is highlighted besides the Tajik one
 * @property {[number, number, number] | null} map latitude, longitude, zoom, where the reader moved the map
 * @property {import("./select.js").Filter} filter
 */

/** Text as an address gives it back: a lone surrogate does not survive. @param {string} text */
export function asAddress(text) {
  return new URLSearchParams({ text }).get("text");
}

/** @param {string[]} kinds @returns {import("./select.js").Filter} */
export function openFilter(kinds) {
  const kind = new Set(kinds.filter((one) => !HIDDEN_AT_FIRST.has(one)));
  return { query: "", article: null, source: new Set(), kind, country: new Set(), precision: new Set(), sure: 0,
    from: null, to: null, undated: null, only: new Set() };
}

/**
 * The state that an address asks for; what it does not say, or says of nothing that exists, is as at first.
 * @param {string} hash with its #
 * @param {{ kinds: string[], precisions: string[], place: (id: string) => any, article: (id: string) => any, source: (name: string) => any }} known
 *   each function gives the thing that an address means, or undefined
 * @returns {State}
 */
export function readAddress(hash, known) {
  const parts = new URLSearchParams(hash.slice(1));
  const ask = (key, find) => (parts.has(key) && find(parts.get(key))) || null;
  const list = (key, allowed) => new Set((parts.get(key) || "").split(",").filter((one) => allowed(one)));
  const oneOf = (key, all) => (all.includes(parts.get(key)) ? parts.get(key) : all[0]);
  const place = ask("place", known.place), article = ask("article", known.article);
  const filter = openFilter(known.kinds);
  const turned = list("kinds", (kind) => known.kinds.includes(kind));
  filter.kind = new Set(known.kinds.filter((kind) => HIDDEN_AT_FIRST.has(kind) === turned.has(kind)));
  filter.query = parts.get("q") || "";
  filter.article = ask("in", known.article);
  filter.source = new Set(parts.getAll("source").map(known.source).filter((one) => one !== undefined));
  filter.country = list("country", (code) => /^[A-Z]{2}$/.test(code));
  filter.precision = list("precision", (one) => known.precisions.includes(one));
  filter.sure = Math.min(100, Math.max(0, Math.round(Number(parts.get("sure")) || 0)));
  filter.from = dayNumber(parts.get("from") || "");
  filter.to = dayNumber(parts.get("to") || "");
  filter.undated = parts.has("undated") ? parts.get("undated") === "1" : null;
  filter.only = new Set(parts.getAll("only").map(known.place).filter(Boolean));
  const map = (parts.get("map") || "").split(",").map(Number);
  const border = parts.get("border") || "";
  return {
    view: parts.has("about") ? "about" : article ? "article" : place ? "place" : "list",
    place,
    article,
    at: article && /^\d+$/.test(parts.get("at") || "") ? Number(parts.get("at")) : null,
    tab: parts.get("tab") === "articles" ? "articles" : "places",
    sort: oneOf("sort", SORTS),
    mode: oneOf("mode", MODES),
    border: /^[A-Z]{2}-[A-Z]{2}$/.test(border) ? border : null,
    map: map.length === 3 && map.every(Number.isFinite) ? /** @type {[number, number, number]} */ (map) : null,
    filter,
  };
}

/**
 * The address of a state; what is as at first is left out.
 * @param {State} state
 * @param {string[]} kinds
 */
export function writeAddress(state, kinds) {
  const { filter } = state;
  const parts = new URLSearchParams();
  const put = (key, value, usual) => value !== null && value !== usual && parts.append(key, value);
  if (state.view === "about") parts.append("about", "");
  else {
    put("place", state.view === "list" ? null : state.place);
    put("article", state.view === "article" ? state.article : null);
    put("at", state.view === "article" ? state.at : null);
  }
  put("tab", state.tab, "places");
  put("sort", state.sort, SORTS[0]);
  put("mode", state.mode, MODES[0]);
  put("border", state.border);
  put("q", filter.query, "");
  put("in", filter.article);
  for (const source of [...filter.source].sort()) parts.append("source", source);
  put("country", [...filter.country].sort().join(","), "");
  put("kinds", kinds.filter((kind) => HIDDEN_AT_FIRST.has(kind) === filter.kind.has(kind)).join(","), "");
  put("precision", [...filter.precision].sort().join(","), "");
  put("sure", filter.sure, 0);
  put("from", filter.from === null ? null : dayText(filter.from));
  put("to", filter.to === null ? null : dayText(filter.to));
  put("undated", filter.undated === null ? null : Number(filter.undated));
  for (const id of [...filter.only].sort()) parts.append("only", id);
  if (state.map) put("map", `${state.map[0].toFixed(3)},${state.map[1].toFixed(3)},${state.map[2].toFixed(2)}`);
  return "#" + parts.toString().replace(/^about=/, "about");
}

/** Whether a filter leaves out anything that is shown at first. @param {import("./select.js").Filter} filter @param {string[]} kinds */
export function isOpen(filter, kinds) {
  return writeAddress({ .../** @type {State} */ ({ view: "list", tab: "places", sort: SORTS[0], mode: MODES[0], border: null, map: null }), filter }, kinds) === "#";
}
