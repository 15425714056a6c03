// The bar above: title, search, one chip for each filter, what may be taken away.

import { isOpen, openFilter } from "./address.js";
import { dayText, dateWords } from "./dates.js";
import { button, el, foreign } from "./dom.js";
import { menu } from "./menu.js";
import { glyph } from "./shapes.js";
import { CERTAINTIES, KIND_NAMES, PRECISION_NAMES, countryName } from "./words.js";

const MOST_OPTIONS = 300;

const KIND_FORMS = { place: "town", region: "region", directional: "directional", border: "line", facility: "diamond", metonym: "diamond" };

const FACETS = [
  { key: "kind", name: "Kinds", put: (kind) => KIND_NAMES[kind] },
  { key: "country", name: "Countries", put: countryName },
  { key: "source", name: "Sources", put: (source) => source || "No source given" },
  { key: "precision", name: "Precision", put: (precision) => PRECISION_NAMES[precision] },
];

/**
 * @param {import("./atlas.js").Atlas} atlas
 * @param {{ filter: (change: Partial<import("./select.js").Filter>, how?: { typed?: boolean }) => void, home: string, about: () => string, actions: [string, () => void][] }} to
 */
export function filterBar(atlas, { filter, home, about, actions }) {
  /** @type {import("./address.js").State} */
  let state;
  /** @type {import("./select.js").Selection} */
  let selection;

  const search = el("input", {
    type: "search", id: "search", placeholder: "Search", "aria-label": "Search places, titles and texts",
    autocomplete: "off", spellcheck: "false", oninput: () => filter({ query: search.value }, { typed: true }),
  });
  const facets = FACETS.map((facet) => ({ ...facet, all: known(facet.key) })).filter(({ all }) => all.length > 1);
  const menus = facets.map((facet) => {
    const made = menu(facet.name, () => options(facet), { class: "chip", "data-facet": facet.key });
    return { ...facet, ...made };
  });
  const certainty = menu("Certainty", () => CERTAINTIES.map(([least, name]) =>
    option("sure", String(least), name, { type: "radio", checked: state.filter.sure === least, onchange: () => filter({ sure: Number(least) }) })),
  { class: "chip", "data-facet": "sure" });
  const set = el("span", { class: "set" });
  const take = menu("Save", () => actions.map(([name, act]) => button(name, act, { class: "act" })), { class: "plain" });
  const notes = el("a", { class: "about-link", href: "#about" }, "About");
  const bar = el("header", { class: "bar", id: "bar" },
    el("h1", {}, foreign("a", atlas.title, { href: home })),
    el("div", { role: "search", class: "search" }, search),
    el("div", { class: "chips", role: "group", "aria-label": "Filters" }, menus.map((made) => made.nodes), certainty.nodes, set),
    el("div", { class: "ends" }, take.nodes, notes));

  // Every value that a filter may take, most frequent first.
  function known(key) {
    if (key === "kind") return atlas.kinds.filter((_, kind) => atlas.mentions.kind.includes(kind));
    if (key === "precision") return atlas.precisions.filter((_, precision) => atlas.mentions.precision.includes(precision));
    if (key === "source") return [...new Set(atlas.articles.map(({ source }) => source))].sort();
    return [...new Set(atlas.places.flatMap(({ codes }) => codes))].sort((a, b) => countryName(a).localeCompare(countryName(b)));
  }

  function option(name, value, text, props, mark = null, count = "") {
    return el("label", { class: "option" }, el("input", { name, value, "data-option": value || "none", ...props }), mark,
      foreign("span", text, { class: "option-name" }), el("span", { class: "number" }, count));
  }

  function options({ key, put, all }) {
    const chosen = state.filter[key];
    const counts = selection.facets[key];
    const ordered = key === "kind" || key === "precision" ? all
      : all.slice().sort((a, b) => Number(chosen.has(b)) - Number(chosen.has(a)) || (counts.get(b) || 0) - (counts.get(a) || 0));
    const rows = ordered.slice(0, MOST_OPTIONS).map((value) => option(key, value, put(value), {
      type: "checkbox", checked: chosen.has(value),
      onchange: (event) => {
        const next = new Set(chosen);
        if (event.target.checked) next.add(value);
        else next.delete(value);
        filter({ [key]: next });
      },
    }, key === "kind" && KIND_FORMS[value] ? glyph(KIND_FORMS[value], 5) : null, (counts.get(value) || 0).toLocaleString("en")));
    const hint = key === "kind" ? null : el("p", { class: "hint" }, chosen.size ? "Only what is ticked is shown." : "Nothing ticked: all are shown.");
    return [hint, ...rows].filter(Boolean);
  }

  function summary({ key, name, put, all }) {
    const chosen = state.filter[key];
    const usual = openFilter(atlas.kinds)[key];
    const same = key === "kind" ? all.every((one) => chosen.has(one) === usual.has(one)) : !chosen.size;
    if (same) return null;
    const named = all.filter((one) => chosen.has(one));
    return name + ": " + (named.length && named.length < 3 ? named.map(put).join(", ") : `${named.length} of ${all.length}`);
  }

  function dismissible(text, change) {
    return el("button", { type: "button", class: "chip set-chip", onclick: () => filter(change), "aria-label": "Remove filter: " + text }, foreign("bdi", text), el("span", { class: "cross", "aria-hidden": "true" }, "×"));
  }

  function extras() {
    const { article, only, from, to } = state.filter;
    const titled = article !== null && atlas.articles.find(({ id }) => id === article);
    return [
      titled && dismissible("Article: " + titled.title, { article: null }),
      only.size && dismissible(`${only.size} places here`, { only: new Set() }),
      (from !== null || to !== null) && dismissible(rangeWords(from, to), { from: null, to: null, undated: null }),
      !isOpen(state.filter, atlas.kinds) && button("Clear all", () => filter(openFilter(atlas.kinds)), { class: "plain clear" }),
    ].filter(Boolean);
  }

  return {
    bar,
    search,
    /** @param {import("./address.js").State} nextState @param {import("./select.js").Selection} nextSelection */
    show(nextState, nextSelection) {
      [state, selection] = [nextState, nextSelection];
      notes.setAttribute("href", about());
      if (document.activeElement !== search) search.value = state.filter.query;
      for (const made of menus) {
        const words = summary(made);
        made.button.textContent = words || made.name;
        made.button.classList.toggle("on", Boolean(words));
        made.refill();
      }
      certainty.button.textContent = CERTAINTIES.find(([least]) => least === state.filter.sure && least)?.[1] || (state.filter.sure ? `Score ${state.filter.sure} or more` : "Certainty");
      certainty.button.classList.toggle("on", state.filter.sure > 0);
      certainty.refill();
      set.replaceChildren(...extras());
    },
  };
}

/** A span of days in words. @param {number | null} from @param {number | null} to */
export function rangeWords(from, to) {
  const put = (day) => dateWords(dayText(day), "short");
  if (from === null) return to === null ? "All days" : "Until " + put(to);
  if (to === null) return "From " + put(from);
  return from === to ? put(from) : put(from) + " – " + put(to);
}
