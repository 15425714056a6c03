import assert from "node:assert/strict";
import { test } from "node:test";

import { group } from "../../../geomap/webmap/assets/cluster.js";

let made = 0;
const spot = (x, y, count = 1, form = "town") => ({ x, y, entry: { place: { index: made++ }, count, form } });
const never = () => false;
const small = () => 4;

test("every place is in one group, and no mention is lost", () => {
  const spots = Array.from({ length: 500 }, (_, nth) => spot((nth * 37) % 400, (nth * 91) % 300, 1 + (nth % 9)));
  const groups = group(spots, 20, never, small);
  assert.deepEqual(new Set(groups.flatMap(({ members }) => members)), new Set(spots));
  assert.equal(groups.reduce((sum, { members }) => sum + members.length, 0), spots.length);
  for (const { members, count } of groups) assert.equal(count, members.reduce((sum, { entry }) => sum + entry.count, 0));
});

test("groups of one sort stand apart", () => {
  const groups = group(Array.from({ length: 400 }, (_, nth) => spot((nth * 13) % 200, (nth * 29) % 200)), 20, never, small);
  for (const one of groups) {
    for (const other of groups) if (one !== other) assert.ok(Math.hypot(one.head.x - other.head.x, one.head.y - other.head.y) >= 20);
  }
});

test("marks that have grown into each other come together", () => {
  const spots = [spot(0, 0, 50), spot(30, 0, 40)];
  assert.equal(group(spots, 20, never, () => 20).length, 1);
  assert.equal(group(spots, 20, never, () => 10).length, 2);
});

test("the most mentioned place gives a group its name", () => {
  const [{ head }] = group([spot(0, 0, 2), spot(3, 0, 7), spot(0, 3, 5)], 20, never, small);
  assert.equal(head.entry.count, 7);
});

test("a country's badge takes in no town, and one that is read about stays alone", () => {
  assert.equal(group([spot(0, 0, 9, "country"), spot(1, 0, 1, "town")], 20, never, small).length, 2);
  const alone = spot(1, 1, 5);
  const groups = group([spot(0, 0, 9), alone], 20, (one) => one === alone, small);
  assert.deepEqual(groups.map(({ members }) => members.length), [1, 1]);
});
