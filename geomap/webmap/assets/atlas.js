// The atlas: articles and places as objects, the many mentions as columns of numbers.

import { readNumbers } from "./codec.js";
import { dayNumber } from "./dates.js";
import { nameCountry, whatItIs } from "./words.js";

/** Kinds that are counted for a place but never drawn. */
export const PINLESS = new Set(["demonym", "organisation-embedded"]);

/**
 * @typedef {object} Article
 * @property {number} index
 * @property {string} id
 * @property {string} title
 * @property {string} text the whole text, or its sentences with mentions where the article has a page of its own
 * @property {string} date as it was given
 * @property {number | null} day its number, where it is a date
 * @property {string} source
 * @property {string} [url]
 * @property {string} [page] the address of its own page
 */

/**
 * @typedef {object} Place
 * @property {number} index
 * @property {string} id
 * @property {string} name
 * @property {string} also names in other scripts
 * @property {string} code
 * @property {string} form how it is drawn
 * @property {[number, number]} at latitude and longitude
 * @property {string} country
 * @property {string} [province] its country and first-level unit: AF.24
 * @property {string[]} [countries]
 * @property {string[]} codes all its countries
 * @property {{ area?: string[][], line?: string[] }} [outline]
 * @property {string} what
 * @property {boolean} strong whether it is the border that the map is about
 */

/**
 * Columns of mentions, in the order of articles and texts.
 * @typedef {object} Columns
 * @property {number} count
 * @property {Int32Array} first where an article's mentions begin; one more than there are articles
 * @property {Int32Array} article
 * @property {Int32Array} place
 * @property {Int32Array} start
 * @property {Int32Array} end
 * @property {Int32Array} from where its sentence begins
 * @property {Int32Array} to
 * @property {Int32Array} kind
 * @property {Int32Array} precision
 * @property {Int32Array} score in hundredths
 */

/**
 * Reads what Python's build_payload() made.
 * @param {any} data
 */
export function readAtlas(data) {
  const source = readNumbers(data.articles.source);
  /** @type {Article[]} */
  const articles = data.articles.id.map((id, index) => ({
    index,
    id,
    title: data.articles.title[index],
    text: data.articles.text[index],
    date: data.articles.date[index],
    day: dayNumber(data.articles.date[index]),
    source: data.articles.sources[source[index]],
    url: data.articles.url[index],
    page: data.articles.page[index],
  }));
  const places = readPlaces(data.places, data.forms);
  const mentions = readColumns(data.mentions);
  const nil = readColumns(data.nil);
  const byPlace = grouped(mentions.place, places.length);
  return {
    title: data.title,
    kinds: data.kinds,
    precisions: data.precisions,
    reasons: data.reasons,
    sources: data.articles.sources,
    attribution: data.attribution,
    versions: data.versions,
    articles,
    places,
    mentions,
    nil,
    pinless: data.kinds.map((kind) => PINLESS.has(kind)),
    /** The mentions of a place, by number. @param {Place} place */
    mentionsOf: (place) => byPlace.order.subarray(byPlace.first[place.index], byPlace.first[place.index + 1]),
    /** One mention as an object. @param {number} index */
    mention: (index) => ({
      ...span(mentions, index, articles),
      place: places[mentions.place[index]],
      kind: data.kinds[mentions.kind[index]],
      precision: data.precisions[mentions.precision[index]],
      score: mentions.score[index],
    }),
    /** One mention without a place. @param {number} index */
    missing: (index) => ({ ...span(nil, index, articles), kind: data.kinds[nil.kind[index]], reason: data.reasons[nil.place[index]] }),
  };
}

/** @typedef {ReturnType<typeof readAtlas>} Atlas */

function span(columns, index, articles) {
  const article = articles[columns.article[index]];
  const [start, end] = [columns.start[index], columns.end[index]];
  return { index, article, start, end, from: columns.from[index], to: columns.to[index], phrase: article.text.slice(start, end) };
}

function readPlaces(data, forms) {
  const form = readNumbers(data.form), at = readNumbers(data.at);
  data.code.forEach((code, index) => code.startsWith("PCL") && data.country[index] && nameCountry(data.country[index], data.name[index]));
  return data.id.map((id, index) => {
    const countries = data.countries[index];
    const place = {
      index,
      id,
      name: data.name[index],
      also: data.also[index] || "",
      code: data.code[index],
      form: forms[form[index]],
      at: [at[2 * index + 1] / 10_000, at[2 * index] / 10_000],
      country: data.country[index],
      province: data.admin1[index] && data.country[index] + "." + data.admin1[index],
      countries,
      codes: countries || (data.country[index] ? [data.country[index]] : []),
      outline: data.outline[index],
      strong: String(countries) === "AF,TJ",
    };
    return { ...place, what: whatItIs(place) };
  });
}

/** @returns {Columns} */
function readColumns(data) {
  const per = readNumbers(data.per);
  const [place, start, length, lead, trail, kind, precision, score] =
    ["place", "start", "length", "lead", "trail", "kind", "precision", "score"].map((name) => readNumbers(data[name]));
  const count = place.length;
  const first = new Int32Array(per.length + 1);
  const [article, end, from, to] = [0, 0, 0, 0].map(() => new Int32Array(count));
  for (let number = 0, index = 0; number < per.length; number++) {
    first[number] = index;
    for (let at = 0, last = index + per[number]; index < last; index++) {
      at += start[index];
      article[index] = number;
      start[index] = at;
      end[index] = at + length[index];
      from[index] = at - lead[index];
      to[index] = end[index] + trail[index];
    }
  }
  first[per.length] = count;
  return { count, first, article, place, start, end, from, to, kind, precision, score };
}

/**
 * Numbers in order of a key: those of key k stand from first[k] up to before first[k + 1].
 * @param {Int32Array} keys
 * @param {number} size how many keys there are
 */
export function grouped(keys, size) {
  const first = new Int32Array(size + 1);
  for (const key of keys) first[key + 1]++;
  for (let key = 0; key < size; key++) first[key + 1] += first[key];
  const next = first.slice(), order = new Int32Array(keys.length);
  keys.forEach((key, index) => (order[next[key]++] = index));
  return { order, first };
}
