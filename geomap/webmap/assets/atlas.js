// The atlas as objects that know each other, and what of it is shown.

import { countryName, fold } from "./dom.js";

export const PINLESS = new Set(["demonym", "organisation-embedded"]);
export const HIDDEN_AT_FIRST = new Set(["metonym", ...PINLESS]);

export const KIND_NAMES = {
  place: "Places",
  region: "Regions",
  directional: "Parts of countries",
  border: "Borders",
  facility: "Facilities",
  metonym: "Metonyms",
  demonym: "Demonyms",
  "organisation-embedded": "In other names",
};

export function readAtlas(data) {
  const articles = data.articles.map((article, index) => ({ ...article, index, mentions: [], nil: [] }));
  const places = data.places.map((place, index) => ({
    ...place,
    index,
    at: [place.at[1], place.at[0]],
    mentions: [],
    what: whatItIs(place),
    strong: String(place.countries) === "AF,TJ", // the border that the map is about
  }));
  const unpack = ([article, second, start, end, from, to, kind]) => ({
    article: articles[article],
    second,
    start,
    end,
    from,
    to,
    kind: data.kinds[kind],
  });
  const mentions = data.mentions.map(unpack);
  for (const mention of mentions) {
    mention.place = places[mention.second];
    mention.place.mentions.push(mention);
    mention.article.mentions.push(mention);
  }
  const nil = data.nil.map(unpack);
  for (const mention of nil) {
    mention.reason = data.reasons[mention.second];
    mention.article.nil.push(mention);
  }
  return { ...data, articles, places, mentions, nil };
}

function whatItIs(place) {
  const code = place.code;
  const word = code === "PPLC" ? "Capital"
    : code.startsWith("PPL") ? "Town"
    : code.startsWith("PCL") || place.form === "country" ? "Country"
    : code === "ADM1" ? "Province"
    : code.startsWith("ADM") ? "District"
    : code === "BDR" ? "Border"
    : code === "DIR" ? "Part of a country"
    : code === "STM" ? "River"
    : place.form === "region" ? "Region"
    : "Site";
  if (place.form === "country" || !place.country) return word;
  return word + (code === "PPLC" ? " of " : code === "DIR" ? ", " : ", ") + countryName(place.country);
}

export function phraseOf(mention) {
  return mention.article.text.slice(mention.start, mention.end);
}

// What a query and the chosen kinds leave: the places with their mentions, and the articles.
// A search keeps the sentences that hold all its words (with the place's name and, for a whole article,
// its title); an article that holds them in other sentences only is kept whole.
export function select(atlas, query, hidden) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const holds = (text) => words.every((word) => text.includes(word));
  const kept = new Map();
  const articles = [];
  for (const article of atlas.articles) {
    let mentions = article.mentions;
    let found = true;
    if (words.length && !holds((article.foldedTitle ??= fold(article.title + " " + (article.source || ""))))) {
      mentions = article.mentions.filter((mention) => holds((mention.folded ??= foldMention(mention))));
      found = mentions.length > 0;
      if (!found && holds((article.folded ??= article.foldedTitle + " " + fold(article.id + " " + article.text)))) {
        mentions = article.mentions;
        found = true;
      }
    }
    if (found) articles.push(article);
    for (const mention of mentions) {
      if (hidden.has(mention.kind)) continue;
      const list = kept.get(mention.place);
      if (list) list.push(mention);
      else kept.set(mention.place, [mention]);
    }
  }
  const places = atlas.places.filter((place) => kept.has(place)).map((place) => summary(place, kept.get(place)));
  return { places, articles, of: new Map(places.map((shown) => [shown.place, shown])) };
}

function foldMention(mention) {
  return fold(mention.place.name + " " + mention.article.text.slice(mention.from, mention.to));
}

// One shown place: its mentions, how many of them are drawn, the shape of its mark, its latest date.
export function summary(place, mentions) {
  const drawn = mentions.filter((mention) => !PINLESS.has(mention.kind));
  const apart = drawn.length > 0 && drawn.every(({ kind }) => kind === "facility" || kind === "metonym");
  return {
    place,
    mentions,
    count: drawn.length,
    aside: mentions.length - drawn.length,
    form: apart && place.form !== "line" ? "diamond" : place.form,
    latest: mentions.reduce((last, { article }) => ((article.date || "") > last ? article.date : last), ""),
  };
}
