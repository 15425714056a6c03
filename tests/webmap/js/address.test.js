import assert from "node:assert/strict";
import { test } from "node:test";

import { asAddress, isOpen, openFilter, readAddress, writeAddress } from "../../../geomap/webmap/assets/address.js";

const kinds = ["place", "region", "metonym", "demonym"];
const known = {
  kinds,
  precisions: ["town", "country"],
  place: (id) => (id.startsWith("gn:") ? id : undefined),
  article: (id) => (id.endsWith(".txt") ? id : undefined),
  source: (name) => (name.length > 2 ? name : undefined),
};
const read = (hash) => readAddress(hash, known);

test("an empty address is the list with everything that is shown at first", () => {
  const state = read("");
  assert.equal(state.view, "list");
  assert.deepEqual([...state.filter.kind], ["place", "region"]);
  assert.ok(isOpen(state.filter, kinds));
  assert.equal(writeAddress(state, kinds), "#");
});

test("a state comes back from its address", () => {
  for (const hash of ["#place=gn%3A1138958", "#article=a+b.txt&at=17", "#about", "#tab=articles&q=%22two+words%22", "#mode=heat&border=AF-IR",
    "#q=%D9%83%D8%A7%D8%A8%D9%84&in=a.txt&source=A%2C+B&source=TASS&country=AF%2CTJ&kinds=region%2Cmetonym&precision=town&sure=60&from=2021-01-01&to=2021-02-03&undated=1&only=gn%3A1",
    "#place=gn%3A1&map=34.500%2C66.000%2C5.25"]) {
    assert.equal(writeAddress(read(hash), kinds), hash);
  }
});

test("what an address asks of nothing that exists is left out", () => {
  for (const hash of ["#place=nowhere", "#article=&at=x", "#at=NaN&place=%", "#q=&kinds=zzz", "#%00", "#map=1,2", "#map=a,b,c", "#sure=x", "#from=2021-99-99",
    "#border=x", "#mode=__proto__", "#sort=constructor", "#country=%3Cb%3E", "#tab=toString"]) {
    assert.equal(read(hash).view, "list", hash);
    assert.ok(isOpen(read(hash).filter, kinds), hash);
  }
});

test("a filter that leaves something out is not open", () => {
  for (const change of [{ query: "x" }, { article: "a.txt" }, { from: 1 }, { undated: false }, { sure: 60 }, { kind: new Set(["place"]) }, { only: new Set(["gn:1"]) }]) {
    assert.ok(!isOpen({ ...openFilter(kinds), ...change }, kinds));
  }
});

test("text that an address cannot carry is compared as the address gives it back", () => {
  assert.equal(asAddress("a\ud800b"), "a\ufffdb");
  assert.equal(asAddress("a b&c=d"), "a b&c=d");
});
