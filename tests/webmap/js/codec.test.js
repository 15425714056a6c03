import assert from "node:assert/strict";
import { test } from "node:test";

import { readLine, readNumbers } from "../../../geomap/webmap/assets/codec.js";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// As Python's encode_numbers() writes: zigzag, then five bits a digit, lowest first; more follow where the sixth is set.
function written(number) {
  let rest = number < 0 ? ~number * 2 + 1 : number * 2, text = "";
  do {
    const bits = rest % 32;
    rest = Math.floor(rest / 32);
    text += DIGITS[bits + (rest ? 32 : 0)];
  } while (rest);
  return text;
}

test("numbers come back as they were written, the largest and the negative too", () => {
  const numbers = [0, 1, -1, 15, 16, -16, 31, 32, 1023, -1024, 123456, -654321, 2 ** 31 - 1, -(2 ** 31)];
  assert.deepEqual([...readNumbers(numbers.map(written).join(""))], numbers);
  assert.deepEqual([...readNumbers("")], []);
});

test("a line is read as steps from point to point, as latitude and longitude in degrees", () => {
  assert.deepEqual(readLine([66000, 34500, 5, -10].map(written).join("")), [[34.5, 66], [34.49, 66.005]]);
});
