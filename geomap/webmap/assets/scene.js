// What the map has to draw, read off state and selection.

/**
 * @param {import("./atlas.js").Atlas} atlas
 * @param {import("./store.js").Store} store
 * @param {import("./select.js").Selection} selection
 * @returns {{ chosen: any, among: Set<any> | null, entries: import("./select.js").Entry[] }} the place that is meant; those
 *   that the open article names, as far as their kinds are drawn; all that are drawn
 */
export function sceneOf(atlas, store, selection) {
  const state = store.get();
  const mentions = state.view === "article" ? mentionsOf(atlas, store.article(state.article)) : [];
  const read = mentions.find((mention) => atlas.mentions.start[mention] === state.at);
  const chosen = state.view === "place" ? store.place(state.place) : read === undefined ? null : placeOf(atlas, read);
  const among = state.view === "article" ? new Set(mentions.filter((mention) => isDrawn(atlas, mention, state)).map((mention) => placeOf(atlas, mention))) : null;

  // Those of the selection, and in any case those that are being read about.
  const entries = selection.places.filter(({ count }) => count);
  for (const place of new Set([...(chosen ? [chosen] : []), ...(among || [])])) {
    if (selection.of.get(place)?.count) continue;
    const count = atlas.mentionsOf(place).filter((mention) => !atlas.pinless[atlas.mentions.kind[mention]]).length;
    if (count) entries.push({ place, count, aside: 0, form: place.form, latest: "" });
  }
  return { chosen, among, entries };
}

function mentionsOf(atlas, article) {
  const [first, last] = [atlas.mentions.first[article.index], atlas.mentions.first[article.index + 1]];
  return Array.from({ length: last - first }, (_, nth) => first + nth);
}

const placeOf = (atlas, mention) => atlas.places[atlas.mentions.place[mention]];

function isDrawn(atlas, mention, state) {
  const kind = atlas.mentions.kind[mention];
  return !atlas.pinless[kind] && state.filter.kind.has(atlas.kinds[kind]);
}
