import assert from "node:assert/strict";
import { test } from "node:test";

import { binning, dateWords, dayNumber, dayText } from "../../../geomap/webmap/assets/dates.js";

test("a day is read and written as the same day", () => {
  for (const day of ["1970-01-01", "1969-12-31", "2021-02-28", "2024-02-29", "0099-01-01"]) assert.equal(dayText(dayNumber(day)), day);
});

test("what is no day is none", () => {
  for (const text of ["", "2021", "2021-13-01", "2021-02-30", "21-07-2021", "2021-07-21T00:00", "yesterday"]) assert.equal(dayNumber(text), null);
});

test("a day is put in words, and what is none stays as it is", () => {
  assert.equal(dateWords("2021-07-21"), "21 July 2021");
  assert.equal(dateWords("last <b>week</b>"), "last <b>week</b>");
});

test("bins cover every day from the first to the last, one after another, and are few", () => {
  for (const [first, last] of [["2021-07-21", "2021-07-21"], ["2021-01-01", "2021-12-31"], ["1996-01-01", "2024-05-05"], ["0001-01-01", "2024-01-01"]]) {
    const [low, high] = [dayNumber(first), dayNumber(last)];
    const { edges } = binning(low, high);
    assert.ok(edges[0] <= low && edges.at(-1) > high, first);
    assert.ok(edges.every((edge, nth) => nth === 0 || edge > edges[nth - 1]), first);
    assert.ok(edges.length <= 92, first);
  }
});

test("the finest unit that gives few bins is taken", () => {
  const unit = (first, last) => binning(dayNumber(first), dayNumber(last)).unit;
  assert.equal(unit("2021-07-01", "2021-08-01"), "day");
  assert.equal(unit("2021-01-01", "2022-06-01"), "week");
  assert.equal(unit("2018-01-01", "2022-06-01"), "month");
  assert.equal(unit("2004-01-01", "2022-06-01"), "quarter");
  assert.equal(unit("1970-01-01", "2022-06-01"), "year");
});
