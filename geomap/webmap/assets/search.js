// Full-text search: which mentions and articles hold all words of a query.

import { fold } from "./words.js";

const IDLE = 12;  // milliseconds at a time that reading ahead may take

/**
 * @typedef {object} Found
 * @property {Uint8Array} mentions 1 for each mention that is found
 * @property {Uint8Array} articles 1 for each article that is found
 */

/**
 * An index of the texts, made as it is needed; `warm` reads ahead while the page is idle.
 * @param {import("./atlas.js").Atlas} atlas
 */
export function searchIndex(atlas) {
  const heads = [], bodies = [];
  const head = (index) => (heads[index] ??= fold(atlas.articles[index].title + "\n" + atlas.articles[index].source + "\n" + atlas.articles[index].id));
  const body = (index) => (bodies[index] ??= fold(atlas.articles[index].text));
  let names;
  let known = { query: "", found: null };

  /**
   * A search keeps the sentences that hold all words (with their place's names and, for a whole article, its
   * title); an article that holds them in other sentences only is kept whole.
   * @param {string} query
   * @returns {Found | null} null where nothing is asked
   */
  function find(query) {
    if (query !== known.query) known = { query, found: search(terms(query)) };
    return known.found;
  }

  function search(words) {
    if (!words.length) return null;
    names ??= atlas.places.map((place) => fold(place.name + "\n" + place.also));
    const named = words.map((word) => names.map((name) => name.includes(word)));
    const anyNamed = named.map((places) => places.includes(true));
    const found = { mentions: new Uint8Array(atlas.mentions.count), articles: new Uint8Array(atlas.articles.length) };
    atlas.articles.forEach((article, index) => {
      const [first, last] = [atlas.mentions.first[index], atlas.mentions.first[index + 1]];
      const inHead = words.map((word) => head(index).includes(word));
      if (inHead.every(Boolean)) {
        found.mentions.fill(1, first, last);
        found.articles[index] = 1;
        return;
      }
      const inBody = words.map((word) => body(index).includes(word));
      if (!words.every((_, nth) => inHead[nth] || inBody[nth] || anyNamed[nth])) return;  // most articles, and quickly
      const holds = sentences(article.text, body(index));
      for (let mention = first; mention < last; mention++) {
        const place = atlas.mentions.place[mention];
        const all = words.every((word, nth) =>
          named[nth][place] || (inBody[nth] && holds(word, nth, atlas.mentions.from[mention], atlas.mentions.to[mention])));
        if (all) found.mentions[mention] = found.articles[index] = 1;
      }
      if (!found.articles[index] && words.every((_, nth) => inHead[nth] || inBody[nth])) {
        found.mentions.fill(1, first, last);
        found.articles[index] = 1;
      }
    });
    return found;
  }

  function warm() {
    let next = 0;
    const read = () => {
      const until = performance.now() + IDLE;
      while (next < atlas.articles.length && performance.now() < until) body(next), head(next++);
      if (next < atlas.articles.length) setTimeout(read, 4);
    };
    setTimeout(read, 60);
  }

  return { find, warm };
}

/** The words and quoted phrases of a query, folded. @param {string} query */
export function terms(query) {
  return [...fold(query).matchAll(/"([^"]+)"|[^\s"]+/g)].map(([word, phrase]) => (phrase || word).trim()).filter(Boolean);
}

// Whether a sentence of a text holds a word. Where folding kept the text's length, its sentences lie where they
// lay, and one walk along the text answers for all of them; else each is folded by itself.
function sentences(text, folded) {
  if (folded.length !== text.length) return (word, _, from, to) => fold(text.slice(from, to)).includes(word);
  const at = [];
  return (word, nth, from, to) => {
    if (at[nth] === undefined || (at[nth] >= 0 && at[nth] < from)) at[nth] = folded.indexOf(word, from);
    return at[nth] >= 0 && at[nth] + word.length <= to;
  };
}
