// A place with its excerpts, and an article with its toponyms.

import { button, el, foreign } from "./dom.js";
import { byline, lighting } from "./list.js";
import { pager } from "./pager.js";
import { countryName, plural, webAddress } from "./words.js";

const UNSURE = 60;  // score in hundredths, as in the filter of certainty

const PRECISION_NOTES = {
  province: "Known to the province or district only; the ring is not a spot.",
  country: "The country as a whole; the badge is not a spot.",
  region: "A region of several countries; the ring is not a spot.",
  directional: "A part of a country with no fixed limits; the hatching is approximate.",
};

/**
 * @param {import("./list.js").Wires} wires
 * @param {import("./atlas.js").Place} place
 * @param {import("./select.js").Selection} selection
 */
export function placeView(wires, place, selection) {
  const { atlas, link } = wires;
  const shown = [...selection.mentionsOf(place)];
  const later = (a, b) => (a < b ? 1 : a > b ? -1 : 0);
  const articleOf = (index) => atlas.articles[atlas.mentions.article[index]];
  shown.sort((a, b) => later(articleOf(a).date, articleOf(b).date) || a - b);
  const missing = atlas.mentionsOf(place).length - shown.length;
  const holder = el("div", {});
  let last = null;
  const pages = pager(holder, shown, (index) => {
    const mention = atlas.mention(index);
    const heading = mention.article !== last;
    last = mention.article;
    return el("div", { class: "excerpts" }, heading ? [
      el("h3", {}, foreign("a", mention.article.title, { href: link({ view: "article", article: mention.article.id, at: mention.start, place: place.id }) })),
      byline(mention.article),
    ] : null, excerpt(wires, mention));
  }, 60);
  return {
    nodes: [
      back("All places", link({ view: "list" })),
      el("h2", { tabindex: "-1" }, foreign("bdi", place.name)),
      el("p", { class: "what" }, place.what, place.form === "region" && place.countries ? ": " + place.countries.map(countryName).join(", ") : ""),
      PRECISION_NOTES[place.form] && el("p", { class: "note" }, PRECISION_NOTES[place.form]),
      crossings(wires, place, selection),
      shown.length ? stepper() : null,
      holder,
      missing ? el("p", { class: "note" }, `${plural(missing, "more mention")} left out by search or filters. `, el("a", { href: link({ view: "place", place: place.id, filter: null }) }, "Show all")) : null,
    ],
    pages,
    total: shown.length,
  };
}

// The crossings of a border, those that the articles name as links.
function crossings(wires, place, selection) {
  if (place.form !== "line" || !place.countries) return null;
  const found = wires.base.crossings.filter(({ pair }) => pair === place.countries.join("-"));
  if (!found.length) return null;
  const byName = new Map(selection.places.map((entry) => [entry.place.name, entry]));
  return el("p", { class: "crossings" }, "Crossings: ", found.flatMap(({ name }, nth) => {
    const entry = byName.get(name);
    const node = entry ? foreign("a", name, { href: wires.link({ view: "place", place: entry.place.id }), ...lighting(wires, entry.place) }) : foreign("span", name);
    return nth ? [", ", node] : [node];
  }));
}

function excerpt(wires, mention) {
  const { article, start, end, from, to, place } = mention;
  const open = wires.link({ view: "article", article: article.id, at: start, place: place.id });
  return el("figure", { class: "excerpt-of" },
    el("blockquote", { class: "excerpt", "data-article": article.id, "data-at": start, dir: "auto" },
      article.text.slice(from, start), el("mark", {}, mention.phrase), article.text.slice(end, to)),
    el("figcaption", { class: "onward" },
      mention.score < UNSURE ? el("span", { class: "unsure", title: "Several places bear this name; this is the likeliest" }, "Uncertain") : null,
      el("a", { href: open }, article.page ? "More of the article" : "Open the whole article"),
      original(article),
      button(["Copy link", el("span", { class: "unseen" }, " to this excerpt")], (event) => copy(open, event.currentTarget), { class: "plain copy" })));
}

/** Puts the address of a state of this page on the clipboard. @param {string} hash @param {HTMLElement} said the button that says so */
export async function copy(hash, said) {
  const address = location.href.split("#")[0] + hash;
  const before = [...said.childNodes];
  try {
    await navigator.clipboard.writeText(address);
    said.textContent = "Copied";
  } catch {
    prompt("Copy this link:", address);  // where the browser keeps pages off the clipboard
  }
  setTimeout(() => said.replaceChildren(...before), 1500);
}

function original(article) {
  if (!article.url) return null;
  const address = webAddress(article.url);
  if (!address) return foreign("span", article.url, { class: "original" });
  return el("a", { class: "original", href: address, rel: "noopener noreferrer", target: "_blank" }, "Original article");
}

/**
 * @param {import("./list.js").Wires} wires
 * @param {import("./atlas.js").Article} article
 * @param {import("./address.js").State} state
 */
export function articleView(wires, article, state) {
  const { atlas, link, filter } = wires;
  const from = state.place && atlas.places.find(({ id }) => id === state.place);
  const only = state.filter.article === article.id;
  const mentions = spans(atlas.mentions, article).map(atlas.mention);
  const missing = spans(atlas.nil, article).map(atlas.missing);
  return {
    nodes: [
      from ? back(from.name, link({ view: "place", place: from.id })) : back("All articles", link({ view: "list", tab: "articles" })),
      el("h2", { class: "headline", tabindex: "-1" }, foreign("bdi", article.title)),
      el("p", { class: "byline" }, byline(article, true), original(article)),
      el("p", { class: "onward" },
        mentions.length ? button("See all its places", wires.fit, { class: "plain" }) : null,
        button(only ? "Show all articles again" : "Show this article only", () => filter({ article: only ? null : article.id }), { class: "plain", "aria-pressed": String(only) })),
      article.page ? el("p", { class: "note" }, "These are the sentences that name places. ", el("a", { class: "whole", href: article.page, "data-page": article.page }, "Read the whole article")) : null,
      mentions.length ? stepper() : null,
      el("div", { class: "body" }, paragraphs(wires, article, [...mentions, ...missing], state)),
    ],
    pages: null,
    total: mentions.length,
  };
}

function spans(columns, article) {
  const [first, last] = [columns.first[article.index], columns.first[article.index + 1]];
  return Array.from({ length: last - first }, (_, nth) => first + nth);
}

// The text in its paragraphs, every toponym marked; where marks overlap, the outermost stands.
function paragraphs(wires, article, mentions, state) {
  const gap = /\n\s*\n/.test(article.text) ? /\n\s*\n/ : /\n/;
  const pieces = [el("p", { dir: "auto" })];
  const write = (text) =>
    text.split(gap).forEach((part, nth) => {
      if (nth) pieces.push(el("p", { dir: "auto" }));
      pieces.at(-1).append(part);
    });
  let done = 0;
  for (const span of mentions.sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (span.start < done) continue;
    write(article.text.slice(done, span.start));
    pieces.at(-1).append(toponym(wires, span, state));
    done = span.end;
  }
  write(article.text.slice(done));
  return pieces.filter((piece) => piece.textContent.trim());
}

function toponym(wires, mention, state) {
  const { place, article, start, kind, phrase } = mention;
  if (!place) return el("span", { class: "toponym nil", title: "No place: " + mention.reason }, phrase);
  return el("a", {
    class: `toponym kind-${kind}${place.strong ? " strong" : ""}`, "data-at": start, "data-of": place.id, "data-number": mention.index - wires.atlas.mentions.first[article.index], title: place.name + " · " + place.what,
    href: wires.link({ view: "article", article: article.id, at: start, place: state.place }), ...lighting(wires, place),
  }, phrase);
}

function stepper() {
  return el("div", { class: "stepper" },
    el("button", { type: "button", "data-step": "-1", "aria-keyshortcuts": "p" }, "Previous"),
    el("button", { type: "button", "data-step": "1", "aria-keyshortcuts": "n" }, "Next"),
    el("span", { class: "where", role: "status" }));
}

/** A link back. @param {string} text @param {string} href */
export function back(text, href) {
  return el("p", { class: "back" }, el("a", { href }, el("span", { "aria-hidden": "true" }, "‹ "), foreign("bdi", text)));
}
