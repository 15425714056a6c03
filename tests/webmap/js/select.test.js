import assert from "node:assert/strict";
import { test } from "node:test";

import { openFilter } from "../../../geomap/webmap/assets/address.js";
import { readAtlas } from "../../../geomap/webmap/assets/atlas.js";
import { dayNumber } from "../../../geomap/webmap/assets/dates.js";
import { searchIndex, terms } from "../../../geomap/webmap/assets/search.js";
import { select } from "../../../geomap/webmap/assets/select.js";
import { smallData } from "./data.js";

const atlas = readAtlas(smallData());
const index = searchIndex(atlas);
const all = new Set(atlas.kinds);
const pick = (change = {}) => {
  const filter = { ...openFilter(atlas.kinds), ...change };
  return select(atlas, index.find(filter.query), filter);
};
const phrases = (selection) => [...selection.shown.keys()].filter((one) => selection.shown[one]).map((one) => atlas.mention(one).phrase);
const names = (selection) => selection.places.map(({ place }) => place.name);

test("columns are read back as phrases, sentences and places", () => {
  const { phrase, place, article, from, to, score } = atlas.mention(3);
  assert.deepEqual([phrase, place.name, article.text.slice(from, to), score], ["Kabul", "Kabul", "The Afghan side waited for Kabul.", 95]);
  assert.deepEqual([...atlas.mentionsOf(atlas.places[1])], [1, 5]);
});

test("at first metonyms and demonyms are hidden", () => {
  assert.deepEqual(phrases(pick()), ["Kabul", "Kabul", "Qunduz̧", "Moscow"]);
  assert.deepEqual(names(pick({ kind: all })), ["Kabul", "Moscow", "Kunduz", "Afghanistan"]);
});

test("a demonym is counted, never drawn; a seat that only stands for its government is a diamond", () => {
  const entries = new Map(pick({ kind: all }).places.map((entry) => [entry.place.name, entry]));
  assert.deepEqual([entries.get("Afghanistan").count, entries.get("Afghanistan").aside], [0, 1]);
  assert.equal(pick({ kind: all, article: "a.txt" }).of.get(atlas.places[1]).form, "diamond");
  assert.equal(entries.get("Moscow").form, "town");
});

test("each filter leaves what fits it", () => {
  assert.deepEqual(phrases(pick({ article: "c.txt" })), ["Moscow"]);
  assert.deepEqual(phrases(pick({ source: new Set(["Wire"]) })), ["Kabul", "Kabul"]);
  assert.deepEqual(phrases(pick({ country: new Set(["RU"]) })), ["Moscow"]);
  assert.deepEqual(phrases(pick({ kind: all, precision: new Set(["country"]) })), ["Afghan"]);
  assert.deepEqual(phrases(pick({ sure: 90 })), ["Kabul", "Kabul"]);
  assert.deepEqual(phrases(pick({ only: new Set(["gn:kunduz"]) })), ["Qunduz̧"]);
});

test("days leave undated articles out unless they are asked for", () => {
  const days = { from: dayNumber("2021-08-20"), to: dayNumber("2021-12-31") };
  assert.deepEqual(phrases(pick(days)), ["Moscow"]);
  assert.deepEqual(phrases(pick({ ...days, undated: true })), ["Qunduz̧", "Moscow"]);
  assert.deepEqual(phrases(pick({ undated: false })), ["Kabul", "Kabul", "Moscow"]);
});

test("a choice is counted as if its own filter were open", () => {
  const { facets } = pick({ country: new Set(["RU"]) });
  assert.deepEqual([facets.country.get("AF"), facets.country.get("RU")], [3, 1]);
  assert.deepEqual([...facets.source], [["Post", 1]]);
  assert.equal(pick({ from: dayNumber("2021-08-20"), to: dayNumber("2021-12-31") }).perArticleAnyTime[0], 2);
});

test("a search finds sentences, names in any script, titles, and articles whole", () => {
  assert.deepEqual(phrases(pick({ query: "quietly" })), ["Kabul"]);
  assert.deepEqual(phrases(pick({ query: "КАБУЛ" })), ["Kabul", "Kabul"]);
  assert.deepEqual(phrases(pick({ query: "كابل" })), ["Kabul", "Kabul"]);
  assert.deepEqual(phrases(pick({ query: "kunduz" })), ["Qunduz̧"]);
  assert.deepEqual(phrases(pick({ query: "talks wire", kind: all })), ["Kabul", "Moscow", "Afghan", "Kabul"]);
  assert.deepEqual(phrases(pick({ query: "nothing else" })), ["Qunduz̧"]);
  assert.deepEqual(phrases(pick({ query: "zzzz" })), []);
});

test("a search looks at each sentence by itself", () => {
  assert.deepEqual(phrases(pick({ query: "kabul quietly" })), ["Kabul"]);
  assert.deepEqual(phrases(pick({ query: "side kabul", kind: all })), ["Afghan", "Kabul"]);
});

test("quoted words are one term", () => {
  assert.deepEqual(terms('the "Panj River" now'), ["the", "panj river", "now"]);
  assert.deepEqual(terms('  "" '), []);
});

test("an article without shown mentions stays in its list only while no mention is asked for", () => {
  assert.equal(pick({ kind: new Set() }).articles.length, 3);
  assert.equal(pick({ kind: new Set(), country: new Set(["AF"]) }).articles.length, 0);
});
