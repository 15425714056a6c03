import assert from "node:assert/strict";
import { test } from "node:test";

import { fold, plural, webAddress } from "../../../geomap/webmap/assets/words.js";

test("names are folded to lower case without accents, in any script", () => {
  assert.equal(fold("Qunduz̧"), "qunduz");
  assert.equal(fold("Ghōr"), "ghor");
  assert.equal(fold("КУНДУЗ"), "кундуз");
  assert.equal(fold("Ra‘s"), fold("Ra'S"));
});

test("numbers agree with their noun", () => {
  assert.deepEqual([0, 1, 1200].map((count) => plural(count, "mention")), ["0 mentions", "1 mention", "1,200 mentions"]);
  assert.equal(plural(2, "country", "countries"), "2 countries");
});

test("only web addresses are followed", () => {
  assert.equal(webAddress("https://example.org/a?b=1&c=2"), "https://example.org/a?b=1&c=2");
  for (const bad of ["javascript:alert(1)", " JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc/passwd", "/relative", "", "__proto__"]) {
    assert.equal(webAddress(bad), null, bad);
  }
});
