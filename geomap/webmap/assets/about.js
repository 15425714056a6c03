// The notes: what was counted, what found no place and why, keys, sources and licences.

import { el, foreign } from "./dom.js";
import { pager } from "./pager.js";
import { back } from "./reading.js";
import { dateWords, dayText } from "./dates.js";
import { strokesOf } from "./legend.js";

/**
 * @param {import("./list.js").Wires} wires
 * @param {string} license Leaflet's
 */
export function aboutView(wires, license) {
  const { atlas, link } = wires;
  const drawn = atlas.mentions.kind.reduce((sum, kind) => sum + (atlas.pinless[kind] ? 0 : 1), 0);
  const days = atlas.articles.map(({ day }) => day).filter((day) => day !== null);
  const span = days.length ? [days.reduce((a, b) => Math.min(a, b)), days.reduce((a, b) => Math.max(a, b))] : null;
  const byReason = atlas.reasons.map((reason, number) => [reason, [...atlas.nil.place.keys()].filter((index) => atlas.nil.place[index] === number)]);
  const facts = [
    ["Articles", atlas.articles.length.toLocaleString("en")],
    span && ["Dated", [...new Set(span)].map((day) => dateWords(dayText(day))).join(" – ")],
    days.length < atlas.articles.length && ["Without a date", (atlas.articles.length - days.length).toLocaleString("en")],
    ["Mentions of places", drawn.toLocaleString("en")],
    ["Counted, not drawn", (atlas.mentions.count - drawn).toLocaleString("en")],
    ["Without a place", atlas.nil.count.toLocaleString("en")],
    ...atlas.versions,
  ].filter(Boolean);
  return {
    nodes: [
      back("All places", link({ view: "list" })),
      el("h2", { tabindex: "-1" }, "About this map"),
      el("p", {}, "Place names were found in the texts and looked up in a gazetteer by a program. It errs: read the sentence before you trust the mark. A mark's shape says what a place is and how precisely it is known, its area how often it is named."),
      strokesOf(),
      el("dl", { class: "facts" }, facts.flatMap(([name, value]) => [el("dt", {}, name), foreign("dd", String(value))])),
      el("h3", {}, "Keys"),
      el("p", {}, "n and p go to the next and previous mention, / to the search, Escape back to the list. Arrow keys move the map and + and − zoom it once it has the focus."),
      atlas.nil.count ? el("h3", {}, "Names without a place") : null,
      byReason.filter(([, missing]) => missing.length).map(([reason, missing]) => withoutPlace(wires, reason, missing)),
      el("h3", {}, "Sources and licences"),
      el("ul", { class: "sources" }, credits(atlas).map((line) => foreign("li", line))),
      el("details", {}, el("summary", {}, "Licence of Leaflet"), el("pre", {}, license)),
    ],
    pages: null,
    total: 0,
  };
}

function withoutPlace({ atlas, link }, reason, missing) {
  const list = el("ul", {});
  const pages = pager(list, missing, (index) => {
    const { article, start, phrase } = atlas.missing(index);
    return el("li", {}, foreign("a", phrase, { href: link({ view: "article", article: article.id, at: start }) }), " in ", foreign("span", article.title));
  });
  return el("details", { class: "nil-list", ontoggle: () => pages.count() || pages.fill() }, el("summary", {}, `${reason} (${missing.length})`), list);
}

function credits(atlas) {
  const known = atlas.attribution.some((line) => line.includes("Natural Earth"));
  return [...atlas.attribution, ...(known ? [] : ["Base map: Natural Earth, public domain"]), `Map library: Leaflet ${L.version}, BSD 2-clause`];
}
