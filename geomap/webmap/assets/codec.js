// What Python wrote, read back: numbers in few letters, lines, and packed blocks of data.

import { blockText } from "./unpack.js";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUE = new Uint8Array(128);
[...DIGITS].forEach((digit, value) => (VALUE[digit.charCodeAt(0)] = value));

/**
 * Numbers as Python's encode_numbers() wrote them.
 * @param {string} text
 * @returns {Int32Array}
 */
export function readNumbers(text) {
  const numbers = new Int32Array(text.length);
  let count = 0, value = 0, shift = 0;
  for (let index = 0; index < text.length; index++) {
    const digit = VALUE[text.charCodeAt(index)];
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit > 31) continue;
    numbers[count++] = value & 1 ? ~(value >>> 1) : value >>> 1;
    value = shift = 0;
  }
  return numbers.slice(0, count);
}

/**
 * A line as Python's encode() wrote it.
 * @param {string} text
 * @returns {[number, number][]} [lat, lng] pairs
 */
export function readLine(text) {
  const steps = readNumbers(text);
  /** @type {[number, number][]} */
  const points = [];
  for (let index = 0, lng = 0, lat = 0; index < steps.length; index += 2) {
    lng += steps[index];
    lat += steps[index + 1];
    points.push([lat / 1000, lng / 1000]);
  }
  return points;
}

/**
 * The data of a block of the page, packed or plain.
 * @param {string} id
 */
export async function readBlock(id) {
  return JSON.parse(await blockText(id));
}
