import assert from "node:assert/strict";
import { test } from "node:test";

import { openFilter } from "../../../geomap/webmap/assets/address.js";
import { readAtlas } from "../../../geomap/webmap/assets/atlas.js";
import { classes } from "../../../geomap/webmap/assets/outlines.js";
import { select } from "../../../geomap/webmap/assets/select.js";
import { mentionRows, toCsv, toGeoJson } from "../../../geomap/webmap/assets/take.js";
import { smallData } from "./data.js";

function rowsOf(change = (data) => data) {
  const atlas = readAtlas(change(smallData()));
  return mentionRows(atlas, select(atlas, null, openFilter(atlas.kinds)));
}

test("the mentions that are left leave as rows with longitude first", () => {
  const { features } = JSON.parse(toGeoJson(rowsOf(), ["GeoNames"]));
  assert.equal(features.length, 4);
  assert.deepEqual(features[0].geometry.coordinates, [69.17, 34.53]);
  assert.equal(features[0].properties.sentence, "Kabul fell quietly.");
});

test("offsets are counted in code points", () => {
  const rows = rowsOf((data) => {
    data.articles.text[2] = "😀oscow was white.";
    return data;
  });
  assert.deepEqual([rows.at(-1).start, rows.at(-1).phrase, rows.at(-1).end], [0, "😀oscow".slice(0, 6), 5]);
});

test("where the page has a text of its own, no offsets are told", () => {
  const rows = rowsOf((data) => ({ ...data, articles: { ...data.articles, page: { 0: "articles/a.html" } } }));
  assert.deepEqual([rows[0].start, rows[0].end], [null, null]);
});

test("a cell that a spreadsheet would run is disarmed, and quotes are doubled", () => {
  const rows = rowsOf((data) => {
    data.articles.title[0] = "=HYPERLINK(\"x\")";
    return data;
  });
  const lines = toCsv(rows).split("\n");
  assert.equal(lines[0].slice(0, 8), "\ufeffarticle");
  assert.ok(lines[1].includes(`"'=HYPERLINK(""x"")"`));
});

test("classes of counts are few, none is empty, and equal counts stay together", () => {
  assert.deepEqual(classes([]), []);
  assert.deepEqual(classes([3]), [[3, 3]]);
  assert.deepEqual(classes([1, 1, 1, 1, 9]), [[1, 1], [9, 9]]);
  assert.deepEqual(classes([2, 2]), [[2, 2]]);
  const found = classes(Array.from({ length: 50 }, (_, nth) => nth + 1));
  assert.deepEqual(found, [[1, 2], [3, 4], [5, 10], [11, 22], [23, 50]]);
});
