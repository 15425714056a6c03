// The page's one state, held in step with the address.

import { asAddress, openFilter, readAddress, writeAddress } from "./address.js";

/**
 * @param {import("./atlas.js").Atlas} atlas
 * @param {(focus: boolean) => void} changed called after each change; with true where the reader followed a link
 */
export function pageState(atlas, changed) {
  const known = knownTo(atlas);
  let state = readAddress(location.hash, known);
  let waiting = 0;

  // The state after a change. A view's own parts are forgotten when another view is asked for; a filter of null opens all.
  function after(change) {
    const reset = change.view ? { place: null, article: null, at: null } : {};
    const filter = change.filter === null ? openFilter(atlas.kinds) : { ...state.filter, ...change.filter };
    return { ...state, map: null, ...reset, ...change, filter };
  }

  const link = (change) => writeAddress(after(change), atlas.kinds);
  const here = () => writeAddress(state, atlas.kinds);

  // Goes to an address within this document, even where that has no address of its own (a notebook's frame).
  function follow(hash) {
    if (hash.slice(1) === location.hash.slice(1)) arrive();
    else location.hash = hash;
  }

  function arrive() {
    clearTimeout(waiting);
    state = readAddress(location.hash, known);
    changed(true);
  }

  function keep() {
    try {
      history.replaceState(null, "", here());
    } catch {
      // A page without an address of its own keeps its state to itself.
    }
  }

  addEventListener("hashchange", arrive);
  addEventListener("click", (event) => {
    const href = /** @type {Element} */ (event.target).closest?.("a")?.getAttribute("href");
    if (!href?.startsWith("#") || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    follow(href);
  });

  return {
    get: () => state,
    link,
    here,
    place: (id) => atlas.places[known.places.get(asAddress(id))],
    article: (id) => atlas.articles[known.articles.get(asAddress(id))],
    /** A step that the back button undoes. @param {any} change */
    go: (change) => follow(link(change)),
    /** A change that it does not. @param {any} change */
    set(change) {
      state = { ...after(change), map: state.map };
      keep();
      changed(false);
    },
    /**
     * Another filter; a search shows the list. While a reader types or drags, the page follows without a step for each letter.
     * @param {any} change
     * @param {{ typed?: boolean }} [how]
     */
    filter(change, { typed = false } = {}) {
      const next = { ...("query" in change ? { view: "list" } : {}), filter: change };
      if (!typed) return follow(link(next));
      state = { ...after(next), map: state.map };
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        keep();
        changed(false);
      });
    },
    /** Remembers where the reader moved the map. @param {[number, number, number]} view */
    look(view) {
      state = { ...state, map: view };
      keep();
    },
  };
}

/** @typedef {ReturnType<typeof pageState>} Store */

// Finds things by what an address says of them.
function knownTo(atlas) {
  const numbers = (all) => new Map(all.map(({ id, index }) => [asAddress(id), index]));
  const places = numbers(atlas.places), articles = numbers(atlas.articles);
  const sources = new Map(atlas.sources.map((source) => [asAddress(source), source]));
  return {
    kinds: atlas.kinds,
    precisions: atlas.precisions,
    places,
    articles,
    place: (id) => atlas.places[places.get(id)]?.id,
    article: (id) => atlas.articles[articles.get(id)]?.id,
    source: (name) => sources.get(name),
  };
}
