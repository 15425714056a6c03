// What the filters leave. Map, list, histogram and counts are all drawn from one selection.

/**
 * @typedef {object} Filter
 * @property {string} query
 * @property {string | null} article an article's id
 * @property {Set<string>} source
 * @property {Set<string>} kind those that are shown
 * @property {Set<string>} country
 * @property {Set<string>} precision
 * @property {number} sure the least score, in hundredths
 * @property {number | null} from first day
 * @property {number | null} to last day
 * @property {boolean | null} undated whether articles without a date stay; null: unless days are chosen
 * @property {Set<string>} only ids of places; an empty set leaves all
 */

const MISS = { text: 1, article: 2, source: 4, date: 8, kind: 16, country: 32, precision: 64, sure: 128, only: 256 };

/**
 * @typedef {object} Entry one place that is left
 * @property {import("./atlas.js").Place} place
 * @property {number} count its mentions that are drawn
 * @property {number} aside its mentions that are only counted
 * @property {string} form
 * @property {string} latest the last date of its articles
 */

/**
 * @param {import("./atlas.js").Atlas} atlas
 * @param {import("./search.js").Found | null} found what the query finds
 * @param {Filter} filter
 */
export function select(atlas, found, filter) {
  const { mentions, articles, places, kinds, precisions } = atlas;
  const lacks = (set, value) => set.size > 0 && !set.has(value);
  const articleMiss = articles.map((article) =>
    (filter.article !== null && filter.article !== article.id ? MISS.article : 0) |
    (lacks(filter.source, article.source) ? MISS.source : 0) |
    (inTime(article.day, filter) ? 0 : MISS.date));
  const placeMiss = places.map((place) =>
    (filter.country.size && !place.codes.some((code) => filter.country.has(code)) ? MISS.country : 0) |
    (lacks(filter.only, place.id) ? MISS.only : 0));
  const kindMiss = kinds.map((kind) => (filter.kind.has(kind) ? 0 : MISS.kind));
  const precisionMiss = precisions.map((precision) => (lacks(filter.precision, precision) ? MISS.precision : 0));
  const unknownMiss = filter.precision.size ? MISS.precision : 0;

  const shown = new Uint8Array(mentions.count);
  const drawn = new Int32Array(places.length), counted = new Int32Array(places.length);
  const apart = new Uint8Array(places.length).fill(1);
  const latest = new Int32Array(places.length).fill(-1);  // the article of the last date
  const perArticle = new Int32Array(articles.length), perArticleAnyTime = new Int32Array(articles.length);
  const perKind = new Int32Array(kinds.length), perPrecision = new Int32Array(precisions.length);
  const perCountry = new Int32Array(places.length), perSource = new Int32Array(articles.length);
  const setApart = kinds.map((kind) => kind === "facility" || kind === "metonym");
  let total = 0;
  for (let index = 0; index < mentions.count; index++) {
    const article = mentions.article[index], place = mentions.place[index];
    const kind = mentions.kind[index], precision = mentions.precision[index];
    const miss = articleMiss[article] | placeMiss[place] | kindMiss[kind] |
      (precision < 0 ? unknownMiss : precisionMiss[precision]) |
      (mentions.score[index] < filter.sure ? MISS.sure : 0) | (found && !found.mentions[index] ? MISS.text : 0);
    // A choice is counted as if nothing were chosen in its own filter.
    if (!(miss & ~MISS.date)) perArticleAnyTime[article]++;
    if (!(miss & ~MISS.kind)) perKind[kind]++;
    if (!(miss & ~MISS.precision) && precision >= 0) perPrecision[precision]++;
    if (!(miss & ~MISS.country)) perCountry[place]++;
    if (!(miss & ~MISS.source)) perSource[article]++;
    if (miss) continue;
    shown[index] = 1;
    total++;
    perArticle[article]++;
    if (atlas.pinless[kind]) counted[place]++;
    else drawn[place]++;
    if (!atlas.pinless[kind] && !setApart[kind]) apart[place] = 0;
    if (latest[place] < 0 || articles[article].date > articles[latest[place]].date) latest[place] = article;
  }

  /** @type {Entry[]} */
  const entries = [];
  for (const place of places) {
    const { index } = place;
    if (!drawn[index] && !counted[index]) continue;
    const diamond = drawn[index] && apart[index] && place.form !== "line";
    entries.push({ place, count: drawn[index], aside: counted[index], form: diamond ? "diamond" : place.form, latest: articles[latest[index]].date });
  }
  // An article without mentions, or without any that are shown, counts unless mentions are what is asked for.
  const asks = filter.country.size || filter.precision.size || filter.sure || filter.only.size;
  const left = articles.filter(({ index }) =>
    perArticle[index] || (!asks && !articleMiss[index] && (!found || found.articles[index])));
  return {
    shown,
    total,
    places: entries,
    articles: left,
    perArticle,
    perArticleAnyTime,
    of: new Map(entries.map((entry) => [entry.place, entry])),
    facets: {
      kind: tally(kinds.map((kind, index) => [[kind], perKind[index]])),
      precision: tally(precisions.map((precision, index) => [[precision], perPrecision[index]])),
      country: tally(places.map((place, index) => [place.codes, perCountry[index]])),
      source: tally(articles.map((article, index) => [[article.source], perSource[index]])),
    },
    /** The mentions of a place that are left. @param {import("./atlas.js").Place} place */
    mentionsOf: (place) => atlas.mentionsOf(place).filter((index) => shown[index]),
  };
}

/** @typedef {ReturnType<typeof select>} Selection */

function inTime(day, { from, to, undated }) {
  if (day === null) return undated ?? (from === null && to === null);
  return (from === null || day >= from) && (to === null || day <= to);
}

function tally(rows) {
  const counts = new Map();
  for (const [names, count] of rows) {
    if (count) for (const name of names) counts.set(name, (counts.get(name) || 0) + count);
  }
  return counts;
}
