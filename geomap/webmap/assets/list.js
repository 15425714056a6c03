// The list of what is on the map: places, or articles.

import { el, foreign } from "./dom.js";
import { dateWords } from "./dates.js";
import { pager } from "./pager.js";
import { glyph } from "./shapes.js";
import { KIND_NAMES } from "./words.js";

const byName = new Intl.Collator("en").compare;
const SORTS = {
  mentions: ["Most mentioned", (a, b) => b.count + b.aside - a.count - a.aside],
  name: ["By name", (a, b) => byName(a.place.name, b.place.name)],
  latest: ["Latest first", (a, b) => (a.latest < b.latest ? 1 : a.latest > b.latest ? -1 : 0)],
};

/**
 * @typedef {object} Wires what the parts of the panel may do
 * @property {import("./atlas.js").Atlas} atlas
 * @property {(change: Partial<import("./address.js").State>) => string} link
 * @property {(change: Partial<import("./address.js").State>) => void} set
 * @property {(change: Partial<import("./select.js").Filter>, how?: { typed?: boolean }) => void} filter
 * @property {(place: import("./atlas.js").Place | null) => void} light
 * @property {import("./basemap.js").Base} base
 * @property {() => void} fit shows all places of the article that is read
 * @property {(id: string) => import("./atlas.js").Place} placeOf
 * @property {(id: string) => import("./atlas.js").Article} articleOf
 */

/** The places of a selection in the order that is asked for. @param {import("./select.js").Entry[]} entries @param {string} sort */
export function sorted(entries, sort) {
  return entries.slice().sort((a, b) => SORTS[sort][1](a, b) || a.place.index - b.place.index);
}

/** Hovering and focusing this element lights a place. @param {Wires} wires @param {any} place */
export function lighting(wires, place) {
  const on = () => wires.light(place), off = () => wires.light(null);
  return { onmouseenter: on, onmouseleave: off, onfocus: on, onblur: off };
}

/**
 * @param {Wires} wires
 * @param {import("./address.js").State} state
 * @param {import("./select.js").Selection} selection
 */
export function listView(wires, state, selection) {
  const { tab, sort } = state;
  /** @type {["places" | "articles", string, number][]} */
  const tabs = [["places", "Places", selection.places.length], ["articles", "Articles", selection.articles.length]];
  const head = el("div", { class: "tabs" },
    tabs.map(([id, name, count]) =>
      el("button", { type: "button", class: "tab", "data-tab": id, "aria-pressed": String(tab === id), onclick: () => wires.set({ tab: id }) },
        name, el("span", { class: "number" }, count.toLocaleString("en")))),
    tab === "places" ? el("select", { "aria-label": "Sort places", class: "sort", onchange: (event) => wires.set({ sort: event.target.value }) },
      Object.entries(SORTS).map(([id, [name]]) => el("option", { value: id, selected: id === sort }, name))) : null);
  const rows = el("ol", { class: "rows " + tab });
  const pages = tab === "places"
    ? pager(rows, sorted(selection.places, sort), (entry) => placeRow(wires, entry))
    : pager(rows, selection.articles, (article) => articleRow(wires, article, selection.perArticle[article.index]));
  const none = tab === "places" ? !selection.places.length : !selection.articles.length;
  const empty = none ? el("p", { class: "empty" },
    wires.atlas.articles.length ? "Nothing here fits these filters." : "No articles yet: put some into the folder and build the map again.") : null;
  return { nodes: [el("h2", { class: "unseen" }, "What is on the map"), head, rows, empty], pages };
}

function placeRow(wires, entry) {
  const { place, count, aside, form } = entry;
  return el("li", {}, el("a", { class: place.strong ? "row strong" : "row", href: wires.link({ view: "place", place: place.id }), "data-place": place.id, ...lighting(wires, place) },
    el("span", { class: "sign" }, count ? glyph(form, 7) : null),
    el("span", { class: "names" }, foreign("span", place.name, { class: "name" }),
      el("span", { class: "what" }, count ? place.what : "No pin: " + pinless(wires.atlas, entry))),
    el("span", { class: "count", title: aside && count ? `${count} drawn, ${aside} counted only` : null }, (count || aside).toLocaleString("en"),
      count && aside ? el("span", { class: "aside" }, " + " + aside) : null)));
}

function pinless(atlas, { place }) {
  const kinds = new Set();
  for (const index of atlas.mentionsOf(place)) kinds.add(KIND_NAMES[atlas.kinds[atlas.mentions.kind[index]]].toLowerCase());
  return [...kinds].join(", ");
}

function articleRow(wires, article, count) {
  return el("li", {}, el("a", { class: "row article-row", href: wires.link({ view: "article", article: article.id }), "data-article": article.id },
    el("span", { class: "names" }, foreign("span", article.title, { class: "headline" }), byline(article)),
    el("span", { class: "count" }, count.toLocaleString("en"))));
}

/** Source and date of an article; with `whole` its id too. @param {import("./atlas.js").Article} article @param {boolean} [whole] */
export function byline(article, whole = false) {
  const parts = [
    article.source && foreign("span", article.source, { class: "source" }),
    article.date && foreign("time", dateWords(article.date), { datetime: article.day === null ? null : article.date }),
    whole && foreign("span", article.id, { class: "id" }),
  ].filter(Boolean);
  return el("span", { class: "meta" }, parts.flatMap((part, nth) => (nth ? [" · ", part] : [part])));
}
